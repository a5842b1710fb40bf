"""Answers of providers, whatever their order and whatever is in them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Blocked, Unreachable
from crawler.features import records, spotify
from crawler.features.contract import Fetched
from crawler.features.records import Details, by_code, by_track_id, choose, isrc_of
from crawler.features.values import features_of
from db.lacking import Asked
from db.records import AudioFeatures, Track

IDS = [f"{number:022d}" for number in range(30)]
CODES = [f"GBXXX{number:07d}" for number in range(30)]
VALUES = ("danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TOLD = ("id", "href", "isrc", "key", "mode", "tempo", "loudness", "trackTitle", "durationMs", *VALUES)
garbage = st.fixed_dictionaries({}, optional=dict.fromkeys(TOLD, anything))


def entry(number: int, **more: Any) -> dict[str, Any]:
    """Make a record as ReccoBeats has it; its energy tells its number."""
    told = {"id": f"uuid-{number}", "href": f"https://open.spotify.com/track/{IDS[number]}", "isrc": CODES[number]}
    return {**told, "energy": number / 100, "key": -1, "mode": 1, "tempo": 100 + number, "instrumentalness": 0, **more}


@given(st.permutations(range(12)), st.sets(st.integers(0, 29), max_size=20))
def test_records_are_found_by_the_id_in_their_address_whatever_the_order(order: list[int], wanted: set[int]) -> None:
    told = records.records({"content": [entry(number) for number in order]})
    found = by_track_id(told, [IDS[number] for number in wanted])
    assert found.keys() == {IDS[number] for number in wanted & set(range(12))}
    assert all(features.energy == IDS.index(track_id) / 100 for track_id, features in found.items())
    assert all(features.track.track_id == track_id for track_id, features in found.items())


@given(st.lists(st.integers(0, 29), max_size=30), st.sets(st.integers(0, 29), max_size=20))
def test_records_of_a_doubled_isrc_are_kept_apart_from_all_others(order: list[int], wanted: set[int]) -> None:
    told = records.records({"content": [entry(number, id=f"uuid-{place}") for place, number in enumerate(order)]})
    there = by_code(told, [CODES[number] for number in wanted])
    assert there.keys() == {CODES[number] for number in wanted}
    for code, several in there.items():
        assert len(several) == order.count(CODES.index(code))
        assert all(record.isrc == code for record in several)


@given(st.lists(garbage | anything, max_size=6), st.sampled_from(IDS))
def test_garbage_never_crashes_and_never_becomes_a_value_out_of_range(content: list[Any], track_id: str) -> None:
    told = records.records({"content": content})
    records.details({"content": content})
    by_code(told, CODES)
    for features in [*by_track_id(told, [track_id]).values(), *(r.features(track_id) for r in told)]:
        assert features is None or _in_range(features)


@given(anything)
def test_an_answer_of_another_form_is_said_to_be_one(told: Any) -> None:
    for read in (records.records, records.details, lambda answer: spotify.read(answer, IDS)):
        try:
            read(told)
        except Unreachable:
            continue
        assert isinstance(told, dict)


def _in_range(features: AudioFeatures) -> bool:
    shares = [getattr(features, name) for name in VALUES]
    return (
        all(share is None or 0 <= share <= 1 for share in shares)
        and (features.key is None or -1 <= features.key <= 11)
        and features.mode in (None, 0, 1)
        and all(value is None or math.isfinite(value) for value in (features.tempo, features.loudness))
    )


def test_a_key_that_was_not_found_stays_so_and_whole_numbers_may_come_with_a_point() -> None:
    told = features_of({"key": -1, "mode": 1.0, "instrumentalness": 0, "tempo": 101, "time_signature": None}, IDS[0])
    assert told == AudioFeatures(Track(IDS[0]), key=-1, mode=1, instrumentalness=0.0, tempo=101.0)
    assert features_of({"id": "x", "energy": None, "valence": "0.5", "mode": True}, IDS[0]) is None


def test_of_several_records_the_duration_decides_then_the_title_then_the_order() -> None:
    told = records.records({"content": [entry(0, id="long"), entry(0, id="live"), entry(0, id="same")]})
    known = {
        "long": Details("Song", 300_000),
        "live": Details("Song - Live", 200_500),
        "same": Details("SONG", 199_500),
    }
    assert choose(Asked(IDS[0], CODES[0], "Song", 200_000), told, known).own_id == "same"
    assert choose(Asked(IDS[0], CODES[0], "Song", 299_000), told, known).own_id == "long"
    assert choose(Asked(IDS[0], CODES[0], "Song - live"), told, known).own_id == "live"
    assert choose(Asked(IDS[0], CODES[0]), told, {}).own_id == "long"


@pytest.mark.parametrize(
    ("told", "isrc"),
    [
        ("gbxxx0000001", "GBXXX0000001"),
        ("GB-XXX-00-00001", "GBXXX0000001"),
        ("", ""),
        (None, ""),
        ("a,b", ""),
        ("GBXXX1", ""),
    ],
)
def test_an_isrc_is_written_in_one_way_and_anything_else_is_none(told: str | None, isrc: str) -> None:
    assert isrc_of(told) == isrc


@given(st.permutations(range(10)), st.sets(st.integers(0, 9)))
def test_spotify_s_entries_are_found_by_id_in_any_order_with_nothing_for_strangers(
    order: list[int], strangers: set[int]
) -> None:
    told = [None if number in strangers else {"id": IDS[number], "energy": number / 100} for number in order]
    found = spotify.read({"audio_features": told}, IDS[:10])
    assert {IDS.index(track_id): features.energy for track_id, features in found.items()} == {
        number: number / 100 for number in order if number not in strangers
    }


def test_what_tells_most_about_a_stop_wins() -> None:
    blocked, lost = Blocked("later", 1.0), Unreachable("no answer")
    assert (Fetched(trouble=lost) | Fetched(trouble=blocked)).trouble is blocked
    assert (Fetched(trouble=blocked) | Fetched(trouble=lost)).trouble is blocked
    assert (Fetched(trouble=lost) | Fetched()).trouble is lost
