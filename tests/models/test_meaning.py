"""meaning places tracks by what a transformer makes of their words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.corpus import Corpus, corpus_from_lists
from recommender.errors import CannotTrain, DamagedModel
from recommender.models.meaning import Meaning, Options
from recommender.texts import Texts, texts_of
from tests.models.tiny_bert import can_read, save_tiny

pytestmark = pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed: pip install 'segue[text]'")
NEAR = ("calm band\ncalm song\n\n\n", "calm artist\ncalm track\n\n\n")
FAR = "loud loud loud\nloud\n\n\n"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny(tmp_path_factory.mktemp("weights")))


def corpus_of(*told: str) -> Corpus:
    """One playlist for each two tracks, with these texts."""
    corpus = corpus_from_lists([[f"{number:03d}", f"{number + 1:03d}"] for number in range(len(told) - 1)])
    order = [int(raw_id) for raw_id in corpus.vocabulary.raw_ids(np.arange(len(told)))]
    return replace(corpus, texts=texts_of([told[number] for number in order]))


def number_of(corpus: Corpus, told: str) -> int:
    return list(corpus.texts).index(told)


def fitted(corpus: Corpus, weights: str, **words: object) -> Meaning:
    return Meaning.fit(corpus, np.random.default_rng(1), Options(weights=weights, workers=1, **words))  # type: ignore[arg-type]


def seeds(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def test_a_batch_gives_what_each_text_alone_gives(weights: str) -> None:
    """Padding has no say, and the order in which they are read is not that in which they are given back."""
    from recommender.meaning.net import open_net
    from recommender.meaning.reading import read

    net = open_net(weights)
    texts = [" ".join(["calm", "loud", "song"][: 1 + n % 3] * (1 + 7 * n % 11)) for n in range(300)]
    together = read(net, texts, 64)
    alone = np.concatenate([read(net, [text], 64) for text in texts])
    np.testing.assert_allclose(together, alone, atol=2e-5)
    assert len(np.unique(together.round(3), axis=0)) > 20


def test_a_text_is_the_mean_of_its_tokens_places(weights: str) -> None:
    """Held against the transformer itself."""
    import torch

    from recommender.meaning.net import open_net
    from recommender.meaning.reading import read

    net = open_net(weights)
    ids = net.tokenizer("calm song. loud band")["input_ids"]
    with torch.inference_mode():
        places = net.model(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()
    np.testing.assert_allclose(read(net, ["calm song. loud band"], 64)[0], places.mean(axis=0), atol=1e-5)


def test_no_more_of_a_text_is_read_than_was_allowed(weights: str) -> None:
    from recommender.meaning.net import open_net
    from recommender.meaning.reading import read, tokens_of

    net = open_net(weights)
    long, other = "calm " * 30 + "loud", "calm " * 30 + "band"
    assert [len(ids) for ids in tokens_of(net, [long], 16)] == [16]
    np.testing.assert_array_equal(read(net, [long], 16), read(net, [other], 16))
    assert not np.allclose(read(net, [long], 64), read(net, [other], 64), atol=1e-4)
    assert len(tokens_of(net, ["calm " * 2_000], 512)[0]) <= 512


def test_scores_are_cosines_with_the_mean_of_the_seeds(weights: str) -> None:
    corpus = corpus_of(*NEAR, FAR, "song song\ntrack\n\n\n")
    model = fitted(corpus, weights)
    places = model.vectors(np.arange(4))
    np.testing.assert_allclose(np.linalg.norm(places, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(model.scores(seeds(0, 2)), places @ places[[0, 2]].mean(axis=0), atol=1e-6)
    near, other, far = (number_of(corpus, told) for told in (*NEAR, FAR))
    assert model.scores(seeds(near))[other] > model.scores(seeds(near))[far]


def test_a_track_in_no_playlist_is_found_and_asked_by(weights: str) -> None:
    """Its words are enough: that is what the model is for."""
    corpus = corpus_of(*NEAR, FAR, "loud album\nloud\n\n\n")
    cold = number_of(corpus, NEAR[1])
    kept = corpus.entries != cold
    lengths = [int((corpus.playlist(p) != cold).sum()) for p in range(corpus.n_playlists)]
    corpus = replace(corpus, entries=corpus.entries[kept], offsets=np.cumsum([0, *lengths]))
    model = fitted(corpus, weights)
    scores = model.scores(seeds(number_of(corpus, NEAR[0])))
    scores[number_of(corpus, NEAR[0])] = np.nan
    assert int(np.nanargmax(scores)) == cold
    assert np.isfinite(model.scores(seeds(cold))).all()


def test_a_track_without_a_text_is_not_told_anything(weights: str) -> None:
    corpus = corpus_of(*NEAR, FAR, "\n\n\n\n", "")
    empty = [number for number, told in enumerate(corpus.texts) if not told.strip()]
    model = fitted(corpus, weights)
    scores = model.scores(seeds(number_of(corpus, FAR)))
    assert np.flatnonzero(np.isnan(scores)).tolist() == empty
    assert np.isnan(model.scores(np.array(empty, np.int32))).all()
    assert np.isnan(model.vectors(np.array(empty))).all()
    assert model.notes()["tracks"] == 3


def test_some_tracks_score_as_they_do_among_all(weights: str) -> None:
    corpus = corpus_of(*NEAR, FAR, "", "song\nband\n\n\n", "album\n7\n\n\n")
    model = fitted(corpus, weights)
    everything = model.scores(seeds(0))
    some = model.scores_of(seeds(0), 2, np.array([3, 5]))
    np.testing.assert_allclose(some, everything[[0, 1, 3, 5]], atol=1e-6)


def test_fewer_dimensions_are_those_in_which_texts_differ_most(weights: str) -> None:
    corpus = corpus_of(*(f"{mood} {n % 10}\nsong {n}\n\n\n" for n in range(30) for mood in ("calm", "loud")))
    whole, few = fitted(corpus, weights, dimensions=32), fitted(corpus, weights, dimensions=6)
    assert few.vectors(np.arange(60)).shape == (60, 6)
    asked = seeds(0)
    assert np.corrcoef(whole.scores(asked), few.scores(asked))[0, 1] > 0.9


def test_where_nothing_is_written_it_says_so() -> None:
    for texts in (Texts(np.zeros(0, np.uint8), np.zeros(1, np.int64)), texts_of(["", ""])):
        corpus = replace(corpus_from_lists([["a", "b"], ["a"]]), texts=texts)
        with pytest.raises(CannotTrain, match="nothing is written about any track here"):
            fitted(corpus, "")


def test_weights_that_give_no_numbers_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    from tests.models.tiny_bert import save_weights

    place = save_tiny(tmp_path / "w")
    broken = {name: array.copy() for name, array in load_file(place / "model.safetensors").items()}
    broken["embeddings.LayerNorm.weight"][:] = np.nan
    save_weights(place, broken)
    with pytest.raises(CannotTrain, match="gives no numbers"):
        fitted(corpus_of(*NEAR, FAR), str(place))


def test_vectors_that_are_no_numbers_are_damage(weights: str) -> None:
    model = fitted(corpus_of(*NEAR, FAR), weights)
    broken = replace(model, spots=np.full_like(model.spots, np.nan))
    with pytest.raises(DamagedModel):
        broken.scores(seeds(0))
    with pytest.raises(ValueError, match="one vector"):
        Meaning.from_arrays({"vectors": model.spots}, model.options, 99)
