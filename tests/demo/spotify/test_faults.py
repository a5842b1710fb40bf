"""What goes wrong on purpose, one thing after the other."""

import http.client
import json
import time
from collections import Counter
from typing import Any

import pytest

from demo.errors import UnknownFault
from demo.spotify.faults import RANDOM, SETTINGS, Mischief, plan_of
from demo.spotify.serving import Options, serving
from tests.demo.spotify.asking import READ, WRITE, Asker, asking


def test_a_plan_is_read_from_a_line() -> None:
    plan = plan_of("latency=100ms, 5xx=10%,rate=30/30s,quota=500,silent-quota,expires=60s,no-features,recco-rate=5/1s")
    assert (plan.latency, plan.shares, plan.rate, plan.life) == (0.1, {"5xx": 0.1}, (30, 30.0), 60.0)
    assert (plan.quota, plan.says_why, plan.features, plan.recco_rate) == ((500, 72_000.0), False, False, (5, 1.0))
    assert plan_of("quota=5/3s").quota == (5, 3.0)
    assert plan_of("all=10%,429=50%").shares == dict.fromkeys(RANDOM, 0.1) | {"429": 0.5}
    assert plan_of("429=50%,all=10%").shares["429"] == 0.5
    assert plan_of("") == plan_of(" , ")


@pytest.mark.parametrize(
    "told",
    ["5xx", "5xx=10", "5xx=200%", "latency=5", "rate=30", "rate=x/3s", "quota=x", "expires=soon", "recco-rate=4"],
)
def test_a_value_that_is_none_is_named_with_an_example(told: str) -> None:
    with pytest.raises(UnknownFault, match="write for example"):
        plan_of(told)


def test_an_unknown_fault_is_answered_with_the_names() -> None:
    with pytest.raises(UnknownFault, match="there is no fault 'floods'") as raised:
        plan_of("5xx=10%,floods=10%")
    assert all(name in str(raised.value) for name in (*RANDOM, *SETTINGS, "all"))
    assert "\n" not in str(raised.value)
    with pytest.raises(UnknownFault), serving(Options(faults="floods")):
        pass


def test_faults_come_as_often_as_asked_for_and_the_same_ones_again() -> None:
    first, again, other = (Mischief(plan_of("all=10%"), seed) for seed in (1, 1, 2))
    drawn = [first.draw() for _ in range(5000)]
    assert [again.draw() for _ in range(5000)] == drawn
    assert [other.draw() for _ in range(5000)] != drawn
    counts = Counter(name for hit in drawn for name in hit)
    assert set(counts) == set(RANDOM)
    assert all(0.06 < counts[name] / 5000 < 0.12 for name in RANDOM)


def test_faults_that_always_come_take_turns() -> None:
    always = Mischief(plan_of("all=100%"), 1)
    counts = Counter(name for _ in range(60) for name in always.draw())
    assert set(counts) == set(RANDOM)


def _get(faults: str, times: int = 1, **options: Any) -> list[Any]:
    with asking(faults=faults, **options) as asker:
        return [asker.get(f"/playlists/{asker.playlist_id(0)}") for _ in range(times)]


def test_servers_fail_in_three_ways() -> None:
    assert {reply.status for reply in _get("5xx=100%", 3)} == {500, 502, 503}


def test_limits_come_without_a_time_as_text_and_as_json() -> None:
    replies = _get("429=100%", 2)
    assert [reply.status for reply in replies] == [429, 429]
    assert not any("retry-after" in reply.headers for reply in replies)
    assert {reply.headers["content-type"].split(";")[0] for reply in replies} == {"text/plain", "application/json"}


def test_bodies_are_cut_short_under_a_matching_length() -> None:
    (reply,) = _get("truncated=100%")
    assert int(reply.headers["content-length"]) == len(reply.body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


def test_pages_come_in_place_of_json() -> None:
    (reply,) = _get("html=100%")
    assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert reply.body.startswith(b"<!DOCTYPE html>")


def test_json_comes_under_a_wrong_type() -> None:
    (reply,) = _get("type=100%")
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.json["id"]


def test_connections_are_reset_in_the_middle_of_a_body() -> None:
    with asking(faults="reset=100%") as asker:
        for path in ("/me", f"/playlists/{asker.playlist_id(1)}"):
            with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
                asker.get(path)
        assert asker.ask("GET", f"{asker.places.accounts}/_health").status == 200
        assert asker.places.faults() == {"reset": 2}


def test_answers_come_late() -> None:
    with asking(faults="latency=80ms") as asker:
        started = time.monotonic()
        asker.get("/me")
        assert time.monotonic() - started >= 0.08


def test_next_leads_to_what_is_gone() -> None:
    with asking(faults="next=100%") as asker:
        for path in ("/me/playlists", f"/playlists/{asker.playlist_id(1)}/items", "/me/tracks"):
            following = asker.get(path).json["next"]
            assert asker.ask("GET", following, **asker.bearer).status == 404


def test_short_pages_say_so_and_lead_on() -> None:
    with asking(faults="short=100%") as asker:
        path = f"/playlists/{asker.playlist_id(1)}"
        page = asker.get(f"{path}/items", limit=30, offset=10).json
        assert (page["limit"], len(page["items"]), page["total"]) == (20, 20, 340)
        assert "offset=30&limit=20" in page["next"]
        assert len(asker.get(path).json["items"]["items"]) == 66
        assert asker.get(f"{path}/items", limit=1).json["limit"] == 1
        assert asker.get("/search", q="pop", type="playlist", limit=30).json["playlists"]["limit"] == 20
        assert asker.get("/me/playlists", limit=51).status == 400
    with asking() as calm, asking(faults="short=50%") as hasty:
        assert [e and e["added_at"] for e in hasty.whole(1)] == [e and e["added_at"] for e in calm.whole(1)]


def _snapshot(asker: Asker) -> str:
    return str(asker.get(f"/playlists/{asker.playlist_id(1)}", fields="snapshot_id").json["snapshot_id"])


def _ids(entries: list[Any]) -> list[str]:
    return [entry["item"]["uri"] if entry and entry["item"] else "" for entry in entries]


def test_a_playlist_changes_while_it_is_read_and_settles_after_the_next_page() -> None:
    with asking() as calm:
        right = _ids(calm.whole(1))
    with asking(faults="changing=100%") as asker:
        path = f"/playlists/{asker.playlist_id(1)}"
        before = _snapshot(asker)
        assert _ids(asker.get(path).json["items"]["items"]) == right[:100]
        during = _snapshot(asker)
        page = _ids(asker.get(f"{path}/items", limit=50, offset=100).json["items"])
        after = _snapshot(asker)
        assert page == right[101:151]
        assert len({before, during, after}) == 3
        assert _ids(asker.get(f"{path}/items", limit=50, offset=150).json["items"]) == right[150:200]
        assert asker.places.faults() == {"changing": 1}


def test_who_reads_again_until_nothing_changed_has_the_right_order() -> None:
    with asking() as calm:
        right = _ids(calm.whole(1))
    with asking(faults="changing=60%") as asker:
        careless = 0
        for _ in range(40):
            before = _snapshot(asker)
            read = _ids(asker.whole(1))
            if _snapshot(asker) == before:
                assert read == right
                break
            careless += read != right
        assert _snapshot(asker) == before
        assert careless


def test_a_short_playlist_does_not_change() -> None:
    with asking(faults="changing=100%") as asker:
        asker.get(f"/playlists/{asker.playlist_id(0)}")
        assert asker.places.faults() == {}


def test_a_lost_answer_leaves_the_write_done_and_an_error_leaves_it_undone() -> None:
    for faults, done in (("reset=100%", True), ("truncated=100%", True), ("5xx=100%", False), ("429=100%", False)):
        with asking((*READ, *WRITE), faults=faults) as asker:
            body = {"uris": [f"spotify:track:{asker.track_id(5)}"]}
            try:
                asker.send("POST", f"/playlists/{asker.playlist_id(2)}/items", body)
            except (ConnectionResetError, http.client.IncompleteRead):
                assert faults == "reset=100%"
            held = asker.places.door.desk.library.entries((asker.places.world.read_id(asker.playlist_id(2))), 0, 9)
            assert [entry.song for entry in held] == ([5] if done else []), faults


def test_forbidden_apps_are_told_why() -> None:
    (premium,), (stranger,) = _get("no-premium"), _get("unregistered")
    assert premium.message.startswith("Active premium subscription required")
    assert (stranger.status, stranger.message) == (403, "User not registered in the Developer Dashboard")


def test_tokens_expire_early_and_features_can_be_missing() -> None:
    with asking(faults="expires=50ms,no-features") as asker:
        asker.places.door.accounts.life = 60
        fresh = Asker(asker.places, asker.places.token())
        assert fresh.get(f"/audio-features/{asker.track_id(1)}").json == {"error": {"status": 403}}
        time.sleep(0.06)
        assert asker.get("/me").message == "The access token expired"
