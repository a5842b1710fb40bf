"""What an answer means, row by row of the policy, and when the next request may start."""

from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pacing import (
    UNREADABLE,
    Accept,
    Answer,
    Block,
    Decision,
    GiveUp,
    Pacer,
    Policy,
    Rate,
    Renew,
    Tries,
    Turn,
    Wait,
    decide,
    local_time,
    message,
    retry_after,
)

NOW = 1_795_000_000.0
POLICY = Policy()
RATE_BODY = {"error": {"status": 429, "message": "API rate limit exceeded"}}
QUOTA_BODY = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}


def answer(status: int, told: Any = None, after: str | None = None) -> Answer:
    return Answer(status, {} if after is None else {"retry-after": after}, {} if told is None else told)


def decided(
    given_answer: Answer | None, tries: Tries | None = None, *, streak: int = 0, draw: float = 0.0, safe: bool = True
) -> Decision:
    return decide(given_answer, tries or Tries(), streak, NOW, draw, POLICY, safe=safe)


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 403, 404])
def test_an_answer_that_says_something_is_taken_as_it_is(status: int) -> None:
    assert decided(answer(status)) == Accept()


def test_a_no_without_a_readable_body_is_still_a_no() -> None:
    assert decided(answer(403, UNREADABLE)) == Accept()
    assert decided(answer(404, UNREADABLE)) == Accept()


def test_a_refused_token_is_renewed_once() -> None:
    assert decided(answer(401)) == Renew()
    assert decided(answer(401), Tries(renewed=True)) == Accept()


@pytest.mark.parametrize(
    "broken",
    [None, answer(500), answer(502), answer(503), answer(408), answer(200, UNREADABLE), answer(206, UNREADABLE)],
)
def test_a_fault_is_waited_out_1_2_4_8_seconds_and_then_given_up(broken: Answer | None) -> None:
    waits = [decided(broken, Tries(fault=tries)) for tries in range(4)]
    assert waits == [Wait(seconds, everybody=False) for seconds in (1.0, 2.0, 4.0, 8.0)]
    last = decided(broken, Tries(fault=4))
    assert isinstance(last, GiveUp)
    assert "5 times in a row" in last.why


@pytest.mark.parametrize("broken", [None, answer(503), answer(200, UNREADABLE)])
def test_what_may_not_be_sent_twice_is_given_up_at_the_first_fault(broken: Answer | None) -> None:
    assert isinstance(decided(broken, safe=False), GiveUp)


def test_a_request_that_may_not_be_sent_twice_waits_where_it_was_not_taken() -> None:
    assert decided(answer(429, RATE_BODY, "3"), safe=False) == Wait(3.0, everybody=True)


@pytest.mark.parametrize(
    "told", [RATE_BODY, UNREADABLE, None, "Too many requests", [], {"error": "x"}, {"error": None}]
)
def test_too_many_requests_makes_everybody_wait_as_long_as_it_says(told: Any) -> None:
    assert decided(answer(429, told, "7")) == Wait(7.0, everybody=True)


def test_too_many_requests_without_a_time_is_guessed_and_doubles() -> None:
    waits = [decided(answer(429, RATE_BODY), Tries(rate=tries)) for tries in range(5)]
    assert waits == [Wait(seconds, everybody=True) for seconds in (30.0, 60.0, 120.0, 240.0, 480.0)]


def test_too_many_requests_is_given_up_after_five_more_tries() -> None:
    last = decided(answer(429, RATE_BODY, "1"), Tries(rate=5))
    assert isinstance(last, GiveUp)
    assert "429" in last.why


def test_waits_are_spread_by_a_quarter_at_most_and_never_shortened() -> None:
    assert decided(answer(429, RATE_BODY, "8"), draw=1.0) == Wait(10.0, everybody=True)
    assert decided(answer(503), draw=1.0) == Wait(1.25, everybody=False)


def test_a_guess_is_never_longer_than_an_hour() -> None:
    patient = Policy(rate_tries=50)
    waiting = decide(answer(429, RATE_BODY), Tries(rate=40), 0, NOW, 0.0, patient)
    assert waiting == Wait(3600.0, everybody=True)
    assert decided(answer(429, QUOTA_BODY), streak=40) == Block(NOW + 3600)


def test_a_quota_ends_the_run_until_the_time_that_it_tells() -> None:
    assert decided(answer(429, QUOTA_BODY, "52531")) == Block(NOW + 52_531)
    assert decided(answer(429, QUOTA_BODY, "5")) == Block(NOW + 5), "the reason counts, however short the time"


def test_a_wait_of_more_than_a_minute_is_a_quota_without_a_reason_too() -> None:
    assert decided(answer(429, RATE_BODY, "61")) == Block(NOW + 61)
    assert decided(answer(429, UNREADABLE, "69785")) == Block(NOW + 69_785)
    assert decided(answer(429, RATE_BODY, "60")) == Wait(60.0, everybody=True)


def test_a_quota_without_a_time_is_guessed_and_doubles_with_each_in_a_row() -> None:
    guesses = [decided(answer(429, QUOTA_BODY), streak=streak) for streak in range(5)]
    assert guesses == [Block(NOW + seconds) for seconds in (300, 600, 1200, 2400, 3600)]


def test_a_quota_blocks_whatever_was_tried_before() -> None:
    assert decided(answer(429, QUOTA_BODY, "9"), Tries(rate=5, fault=4)) == Block(NOW + 9)


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert retry_after({"retry-after": "120"}, NOW) == 120
    assert retry_after({"retry-after": " 0 "}, NOW) == 0
    later = datetime.fromtimestamp(NOW + 90, UTC)
    assert retry_after({"retry-after": format_datetime(later, usegmt=True)}, NOW) == 90
    assert retry_after({"retry-after": format_datetime(later)}, NOW) == 90
    past = datetime.fromtimestamp(NOW - 90, UTC)
    assert retry_after({"retry-after": format_datetime(past)}, NOW) == 0, "a time that has passed"


@pytest.mark.parametrize(
    "garbage", ["", " ", "soon", "-5", "1.5", "12s", "١٢", "0x10", "Fri, 99 Zzz 2026 10:00:00 GMT"]
)
def test_a_retry_after_that_tells_nothing_counts_as_missing(garbage: str) -> None:
    assert retry_after({"retry-after": garbage}, NOW) is None
    assert retry_after({}, NOW) is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,4} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d ([+-]\d{1,6}|GMT)"))
def test_any_retry_after_is_read_or_passed_over(told: str) -> None:
    seconds = retry_after({"retry-after": told}, NOW)
    assert seconds is None or seconds >= 0


def test_a_time_of_ten_digits_is_a_very_long_one_and_no_error() -> None:
    assert decided(answer(429, RATE_BODY, "9" * 30)) == Block(NOW + 999_999_999)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(["error", "reason", "message"]), some),
)


@given(st.integers(200, 599), JSON | st.just(UNREADABLE), st.text(max_size=8) | st.none(), st.integers(0, 99))
def test_every_answer_has_a_meaning(status: int, told: Any, after: str | None, streak: int) -> None:
    meaning = decided(answer(status, told, after), streak=streak, draw=0.5)
    assert isinstance(meaning, Accept | Wait | Renew | Block | GiveUp)
    if isinstance(meaning, Block):
        assert meaning.until >= NOW
    assert isinstance(message(told), str)


def test_the_sentence_of_an_error_is_found_in_both_of_its_forms() -> None:
    assert message({"error": {"status": 403, "message": "Forbidden"}}) == "Forbidden"
    assert message({"error": "invalid_client"}) == "invalid_client"
    assert message({"error": {"status": 403}}) == ""
    assert message(UNREADABLE) == ""


# When a request may start.

REQUESTS = st.lists(st.tuples(st.floats(0, 20), st.floats(0, 3)), min_size=1, max_size=40)
"""For each request: how long after the one before it is wanted, and how long its answer takes; seconds."""
_MOST_QUESTIONS = 500


def sent(pacer: Pacer, requests: list[tuple[float, float]], at_once: int = 4) -> list[tuple[float, float, float]]:
    """Play requests as the transport does, so many at once: (wanted, started, ended) of each, in their order."""
    played: list[tuple[float, float, float]] = []
    turns: list[Turn] = []
    wanted = NOW
    for gap, takes in requests:
        wanted += gap
        now = max([wanted, *sorted((end for _, _, end in played), reverse=True)[at_once - 1 : at_once]])
        turns.append(pacer.turn())
        for _ in range(_MOST_QUESTIONS):
            for turn, (_, _, end) in zip(turns, played, strict=False):
                turn.ended = end if end <= now else None
            due = pacer.due(turns[-1], now)
            if due <= now:
                break
            now = min([due, *(end for _, _, end in played if end > now)])
        else:
            raise AssertionError("a request waits for ever")
        played.append((wanted, now, now + takes))
    for turn, (_, _, end) in zip(turns, played, strict=True):
        turn.ended = end
    return played


def most_in_a_window(arrivals: list[float], window: float) -> int:
    return max(sum(first <= one < first + window for one in arrivals) for first in arrivals)


@given(REQUESTS, st.integers(1, 8), st.floats(0.5, 30), st.floats(0, 2), st.floats(0, 1))
def test_never_more_than_the_rate_arrive_in_any_window(
    requests: list[tuple[float, float]], most: int, window: float, pace: float, way: float
) -> None:
    played = sent(Pacer(pace, Rate(most, window)), requests)
    arrivals = [start + way * (end - start) for _, start, end in played]
    assert most_in_a_window(arrivals, window) <= most, "wherever on its way the server counts a request"


@given(REQUESTS, st.floats(0, 5), st.none() | st.builds(Rate, st.integers(1, 8), st.floats(0.5, 30)))
def test_requests_start_in_order_at_the_pace_and_never_before_they_are_wanted(
    requests: list[tuple[float, float]], pace: float, rate: Rate | None
) -> None:
    played = sent(Pacer(pace, rate), requests)
    assert all(start >= wanted for wanted, start, _ in played)
    assert all(after[1] - before[1] >= pace - 1e-6 for before, after in pairwise(played))


@given(REQUESTS, REQUESTS, st.integers(1, 8), st.floats(0.5, 30))
def test_a_later_run_keeps_the_rate_of_an_earlier_one(
    before: list[tuple[float, float]], after: list[tuple[float, float]], most: int, window: float
) -> None:
    rate = Rate(most, window)
    first = Pacer(0.0, rate)
    old = [end for _, _, end in sent(first, before)]
    begin = max(old) - NOW
    gap, takes = after[0]
    new = [start for _, start, _ in sent(Pacer(0.0, rate, first.starts), [(begin + gap, takes), *after[1:]])]
    assert most_in_a_window(old + new, window) <= most


def test_a_rate_is_used_to_the_full() -> None:
    played = sent(Pacer(0.0, Rate(30, 30.0)), [(0.0, 0.1)] * 300, at_once=30)
    starts = [start for _, start, _ in played]
    assert starts[29] == NOW, "what is free goes out at once"
    windows = (starts[-1] - NOW) / 30.0
    assert windows < 9 / 0.95, "300 requests take nine windows after the first"


def test_a_slow_answer_does_not_hold_up_those_after_it_at_a_pace_alone() -> None:
    played = sent(Pacer(1.0), [(0.0, 60.0), (0.0, 1.0), (0.0, 1.0)])
    assert [start - NOW for _, start, _ in played] == pytest.approx([0, 1, 2], abs=0.1)


@given(REQUESTS, st.floats(0, 100))
def test_nothing_starts_before_the_end_of_a_pause(requests: list[tuple[float, float]], pause: float) -> None:
    pacer = Pacer(0.1, Rate(5, 3.0))
    pacer.hold(NOW + pause)
    pacer.hold(NOW + pause / 2)
    assert all(start >= NOW + pause for _, start, _ in sent(pacer, requests))


def test_a_time_is_written_for_people_with_its_day_where_that_is_not_today() -> None:
    noon = datetime(2026, 11, 20, 12, 0).astimezone().timestamp()
    assert local_time(noon + 3600, noon) == "13:00"
    assert local_time(noon + 86_400, noon) == "2026-11-21 12:00"
