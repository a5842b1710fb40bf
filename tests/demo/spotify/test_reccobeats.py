"""ReccoBeats: known songs only, in any order, by three kinds of id, with its own errors and limit."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo.ids import Kind
from demo.sounds import sound_of
from tests.demo.spotify.asking import Asker, Reply, asking

FIELDS = {
    "acousticness", "danceability", "energy", "href", "id", "instrumentalness", "isrc", "key", "liveness", "loudness",
    "mode", "speechiness", "tempo", "valence",
}  # fmt: skip


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def _ask(asker: Asker, path: str) -> Reply:
    return asker.ask("GET", f"{asker.places.reccobeats}{path}")


def _features(asker: Asker, ids: list[str]) -> list[Any]:
    return list(_ask(asker, f"/v1/audio-features?ids={','.join(ids)}").json["content"])


def test_four_in_five_are_known_by_id_and_some_more_by_isrc(asker: Asker) -> None:
    music = asker.places.world.music
    by_id, by_isrc = 0, 0
    for start in range(0, 1200, 40):
        numbers = range(start, start + 40)
        found = {one["href"].rsplit("/", 1)[1] for one in _features(asker, [asker.track_id(n) for n in numbers])}
        assert found <= {asker.track_id(number) for number in numbers}
        by_id += len(found)
        told = _features(asker, [music.song(number).isrc for number in numbers])
        by_isrc += len({one["isrc"] for one in told})
    assert 0.75 < by_id / 1200 < 0.85
    assert 0.84 < by_isrc / 1200 < 0.92


def test_records_have_the_eleven_features_and_another_order(asker: Asker) -> None:
    ids = [asker.track_id(number) for number in range(40)]
    told = _features(asker, ids)
    assert all(set(one) == FIELDS for one in told)
    hrefs = [one["href"].rsplit("/", 1)[1] for one in told]
    assert hrefs != [one for one in ids if one in hrefs]
    assert _features(asker, [told[0]["id"], told[0]["isrc"].lower()]) == [told[0]]
    kind, number = asker.places.world.read_id(hrefs[0]) or (None, -1)
    assert kind is Kind.SONG
    assert told[0]["energy"] == sound_of(asker.places.world.music, asker.places.world.music.song(number))["energy"]


def test_ids_may_be_repeated_or_joined_and_strangers_are_left_out(asker: Asker) -> None:
    ids = [asker.track_id(number) for number in range(10)]
    joined = _features(asker, [*ids, "4uLU6hMCjMI75M1A2tKUQC", "USABC1234567", "not-an-id"])
    assert _ask(asker, "/v1/audio-features?" + "&".join(f"ids={one}" for one in ids)).json["content"] == joined
    assert _features(asker, ["11dFghVXANMlKmJXsNCbNl"]) == []


def test_one_isrc_may_give_two_records_that_the_title_tells_apart(asker: Asker) -> None:
    music = asker.places.world.music
    told = {number: _features(asker, [music.song(number).isrc]) for number in range(0, 400, 20)}
    number, both = next((number, records) for number, records in told.items() if len(records) == 2)
    assert len({one["id"] for one in both}) == len({one["href"] for one in both}) == 2
    tracks = _ask(asker, "/v1/track?" + "&".join(f"ids={one['id']}" for one in both)).json["content"]
    assert [track["trackTitle"] for track in tracks].count(music.song(number).title) == 1
    assert all(track["durationMs"] == music.song(number).duration_ms for track in tracks)
    assert tracks[0]["artists"][0]["name"] == music.artist_of(number).name


def test_a_key_may_be_undetected(asker: Asker) -> None:
    told = [
        one
        for start in range(0, 400, 40)
        for one in _features(asker, list(map(asker.track_id, range(start, start + 40))))
    ]
    assert any(one["key"] == -1 for one in told)


def test_errors_have_their_own_codes(asker: Asker) -> None:
    known = next(one for one in _features(asker, [asker.track_id(number) for number in range(9)]))
    ids = ",".join(asker.track_id(number) for number in range(41))
    for path, status, code in (
        ("/v1/audio-features", 400, 4001),
        (f"/v1/audio-features?ids={ids}", 400, 4004),
        (f"/v1/track/{asker.track_id(1)}/audio-features", 404, 4041),
        ("/v1/nothing", 404, 4042),
    ):
        reply = _ask(asker, path)
        assert (reply.status, reply.json["status"]) == (status, code)
    assert _ask(asker, f"/v1/track/{known['id']}/audio-features").json == known


def test_it_has_a_limit_of_its_own_and_shares_the_faults() -> None:
    with asking(faults="recco-rate=2/5s") as asker:
        replies = [_ask(asker, f"/v1/audio-features?ids={asker.track_id(1)}") for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        assert 0 < int(replies[2].headers["retry-after"]) <= 5
        assert replies[2].json["status"] == 4291
        assert asker.get("/me").status == 200
    with asking(faults="html=100%") as asker:
        assert _ask(asker, f"/v1/audio-features?ids={asker.track_id(1)}").body.startswith(b"<!DOCTYPE")
