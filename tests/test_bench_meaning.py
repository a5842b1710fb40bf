"""The bench of `meaning` runs, on a collection that is small."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bench import meaning
from recommender.load import load
from tests.models.tiny_bert import can_read, save_tiny
from tests.recommender.songs import add, taste_playlists


def test_what_is_held_out_stands_in_no_playlist_and_is_still_written_of(tmp_path: Path) -> None:
    add(tmp_path / "s.db", taste_playlists())
    corpus = load(tmp_path / "s.db", texts=True)[1]
    warm, questions = meaning.held_out(corpus, np.random.default_rng(1))
    cold = np.array([track for track, _ in questions])
    assert len(cold) >= 1
    assert not np.isin(cold, warm.entries).any()
    assert (warm.playlist_counts[cold] == 0).all()
    assert len(warm.texts) == warm.n_tracks == corpus.n_tracks
    for track, truth in questions:
        beside = [held for held in corpus if track in held]
        assert set(truth.tolist()) == set(np.concatenate(beside).tolist()) - {track}


@pytest.mark.skipif(not can_read(), reason="the extra `text` is not installed: pip install 'segue[text]'")
def test_it_tells_both_grades_of_each_before_and_after_tuning(tmp_path: Path) -> None:
    add(tmp_path / "s.db", taste_playlists())
    weights = save_tiny(tmp_path / "w")
    words = ["cold", str(tmp_path / "s.db"), "--seed", "1", "--seed", "2", "--budget", "1", "--weights", str(weights)]
    result = CliRunner().invoke(meaning.main, words, catch_exceptions=False)
    assert result.exit_code == 0
    means = [line for line in result.output.splitlines() if line.startswith("mean of 2")]
    assert [line.split("recall@100")[0].split("  ")[1].strip() for line in means] == [
        "popularity",
        "meaning",
        "meaning, fine-tuned",
    ]
