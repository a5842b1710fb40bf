"""Filters on the command line: what is typed becomes Filters, and nonsense is refused before any work."""

from collections.abc import Sequence

import click
import pytest
from click.testing import CliRunner

from recommender.commands.filter_options import filter_options, filters_of
from recommender.errors import FilterNotClear
from recommender.lists.filters import RANGES, Filters, Span

_HEARD: list[Filters] = []


@click.command()
@click.option("-n", "most", default=3)
@filter_options
def _command(most: int, **options: object) -> None:
    _HEARD.append(filters_of(options))
    click.echo(f"{most} {sorted(options)}")


def _filters(*words: str) -> Filters:
    done = CliRunner().invoke(_command, words)
    assert done.exit_code == 0, done.output
    assert done.stdout == "3 []\n", "filters_of takes its own options, and all of them"
    return _HEARD.pop()


def _refusal(words: Sequence[str]) -> str:
    done = CliRunner().invoke(_command, words)
    assert done.exit_code == 2
    return " ".join(done.stderr.split("Error: ")[1].split())


def test_without_options_nothing_is_asked() -> None:
    assert _filters() == Filters()
    assert not _filters()
    assert not _filters("--keep-unknown")


def test_every_option_becomes_its_filter() -> None:
    words = "--clean --year 1990..1999 --genre rock --genre hip-hop,R&B --not-genre metal --tempo 110..130 --key 8A"
    assert _filters(*words.split(), "--loudness", "-20..-10", "--keep-unknown") == Filters(
        False,
        Span(1990, 1999),
        ("rock", "hip-hop", "R&B"),
        ("metal",),
        (("tempo", Span(110, 130)), ("loudness", Span(-20, -10)), ("key", Span(9, 9)), ("mode", Span(0, 0))),
        True,
    )
    assert _filters("--explicit").explicit is True
    more = _filters(
        *["--country", "se,Germany", "--country", "KR", "--language", "ja", "--mood", "calm", "--mood", "sad"]
    )
    assert (more.countries, more.languages, more.moods) == (("SE", "DE", "KR"), ("ja",), ("calm", "sad"))
    assert _filters("--told-only", "--genre", "rock").told_only
    assert not _filters("--told-only"), "by itself it asks for nothing"


@pytest.mark.parametrize("name", [name for name in RANGES if name not in ("key", "mode")])
def test_every_audio_feature_has_its_option(name: str) -> None:
    low, high = RANGES[name]
    assert _filters(f"--{name.replace('_', '-')}", f"{low:g}..{high:g}").audio == ((name, Span(low, high)),)


@pytest.mark.parametrize(
    ("words", "audio"),
    [
        ("--key Am", {"key": 9, "mode": 0}),
        ("--key A", {"key": 9}),
        ("--key A --mode minor", {"key": 9, "mode": 0}),
        ("--key C --mode major", {"key": 0, "mode": 1}),
        ("--key Am --mode minor", {"key": 9, "mode": 0}),
        ("--mode major", {"mode": 1}),
        ("--time-signature 3", {"time_signature": 3}),
    ],
)
def test_a_key_may_name_its_mode(words: str, audio: dict[str, int]) -> None:
    assert _filters(*words.split()).audio == tuple((name, Span(value, value)) for name, value in audio.items())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--energy 70", "70 is no energy: it goes from 0 to 1"),
        ("--energy 70..80", "70 is no energy: it goes from 0 to 1"),
        ("--tempo 130..110", "nothing is from 130 to 110: say 110..130"),
        ("--tempo 120", "hardly a song has 120 to the last digit: give a span, such as 118..122"),
        ("--valence 1", "hardly a song has 1 to the last digit: give a span, such as 0.95..1"),
        ("--year 94", "94 is no year: it goes from 1000 to 2999"),
        ("--year nineties", '"nineties" is no span: write 110..130, 110.. for that and more, ..130 for that and less'),
        ("--genre rock,", '"" names no genre: it holds no word'),
        ("--not-genre ...", '"..." names no genre: it holds no word'),
        ("--country Swedn", 'there is no country "Swedn": there are Sweden, Sudan'),
        ("--language Klingon", '"Klingon" is no language that is known here: write ja or Japanese'),
        (
            "--mood blue",
            '"blue" is no mood that is named here: there are happy, tense, sad, calm, party, acoustic',
        ),
        ("--key H", '"H" is no key: write Am, F# minor, Bb major, G for either mode, or 8A'),
    ],
)
def test_nonsense_is_refused_in_one_sentence(words: str, sentence: str) -> None:
    option = words.split()[0]
    assert _refusal(words.split()) == f"Invalid value for '{option}': {sentence}"


def test_a_key_and_another_mode_are_refused() -> None:
    assert _refusal(["--key", "Am", "--mode", "major"]) == "major is not the mode of that key"


def test_a_mood_is_never_told() -> None:
    with pytest.raises(FilterNotClear, match="no mood is told of any song"):
        Filters(moods=("sad",), told_only=True)


def test_a_mood_and_told_alone_are_refused_as_other_options_are() -> None:
    assert _refusal(["--mood", "calm", "--told-only"]).startswith("no mood is told of any song")


@pytest.mark.parametrize(
    "words",
    ["--genre rock --not-genre rock", "--genre hard-rock,punk-rock --not-genre pop,Rock"],
)
def test_genres_that_let_no_song_in_are_refused(words: str) -> None:
    genre = words.split()[1].split(",")[0]
    assert _refusal(words.split()) == f'what may not come lets no "{genre}" come: leave one of the two out'


@pytest.mark.parametrize("words", ["--genre rock --not-genre hard-rock", "--genre hard-rock,pop --not-genre rock"])
def test_a_genre_within_another_may_be_left_out(words: str) -> None:
    assert CliRunner().invoke(_command, words.split()).exit_code == 0


def test_the_help_states_the_rule_for_what_is_not_known() -> None:
    told = " ".join(CliRunner().invoke(_command, ["--help"]).stdout.split())
    assert "without it they stay out, and are counted" in told
