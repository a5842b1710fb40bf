"""The rate limit that ends in seconds, and the quota that ends in hours."""

import json

from demo.spotify.limits import Quota, Rate
from tests.demo.spotify.asking import Asker, asking


def test_the_window_rolls() -> None:
    rate = Rate(3, 30)
    assert [rate.wait(now) for now in (0, 10, 20, 25, 29.5)] == [None, None, None, 5, 1]
    assert [rate.wait(now) for now in (30, 31, 40)] == [None, 9, None]


def test_too_many_requests_are_told_when_to_come_back() -> None:
    with asking(faults="rate=3/30s") as asker:
        replies = [asker.get("/me") for _ in range(9)]
        assert [reply.status for reply in replies] == [200] * 3 + [429] * 6
        assert all(0 < int(reply.headers["retry-after"]) <= 30 for reply in replies[3:])
        assert replies[3].json == {"error": {"status": 429, "message": "API rate limit exceeded"}}
        plain = [reply for reply in replies[3:] if reply.headers["content-type"].startswith("text/plain")]
        assert [reply.body for reply in plain] == [b"Too many requests"] * 2


def test_all_apps_of_the_developer_share_one_limit_and_logging_in_is_not_behind_it() -> None:
    with asking(faults="rate=2/30s") as asker:
        app = asker.form({"grant_type": "client_credentials"}, "demo-secret", client="another-client")
        other = Asker(asker.places, app.json["access_token"])
        search = {"q": "pop", "type": "playlist"}
        assert [one.get("/search", **search).status for one in (asker, other, asker, other)] == [200, 200, 429, 429]
        assert asker.form({"grant_type": "client_credentials"}, "demo-secret").status == 200


def test_a_spent_quota_takes_hours() -> None:
    for faults, reason in (("quota=2", "QUOTA_EXCEEDED"), ("quota=2,silent-quota", None)):
        with asking(faults=faults) as asker:
            replies = [asker.get("/me") for _ in range(4)]
            assert [reply.status for reply in replies] == [200, 200, 429, 429]
            assert int(replies[2].headers["retry-after"]) > 6 * 3600
            error = replies[2].json["error"]
            assert (error["message"], error.get("reason")) == ("Too many requests", reason)


def test_a_quota_comes_back_when_its_time_is_over() -> None:
    quota = Quota(2, 7200.0)
    answers = [quota.refusal(now) for now in (0, 1, 2, 7000, 7202, 7203, 7204)]
    assert [answer and answer.header("retry-after") for answer in answers] == [
        None, None, "7200", "202", None, None, "7200",
    ]  # fmt: skip
    assert answers[2] is not None
    assert json.loads(answers[2].body)["error"]["reason"] == "QUOTA_EXCEEDED"


def test_refused_tokens_do_not_count() -> None:
    with asking(faults="quota=1") as asker:
        assert [Asker(asker.places, "garbage").get("/me").status for _ in range(3)] == [401] * 3
        assert asker.get("/me").status == 200
