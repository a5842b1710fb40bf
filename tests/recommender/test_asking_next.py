"""Which song a person is asked about next."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.taste.asking_next import Candidate, Passed, next_song, progress, share_done, spread

candidates = st.builds(
    lambda number, artist, title: Candidate(f"{number}", (artist, title)),
    st.integers(0, 50), st.sampled_from("abc"), st.sampled_from("wxyz"),
)  # fmt: skip
bags = st.lists(st.lists(candidates, max_size=8), min_size=1, max_size=3)


def song(number: int, artist: str = "") -> Candidate:
    return Candidate(str(number), (artist or f"artist {number}", f"song {number}"))


def test_bags_take_turns() -> None:
    known, near, unsure = [song(1)], [song(2)], [song(3)]
    found = [next_song((known, near, unsure), Passed(), turn) for turn in range(4)]
    assert found == [known[0], near[0], unsure[0], known[0]]


def test_an_empty_bag_lets_the_next_one_come() -> None:
    assert next_song(([], [], [song(3)]), Passed(), 0) == song(3)
    assert next_song(([], []), Passed(), 0) is None


def test_an_artist_waits_unless_nobody_else_is_left() -> None:
    bag = [song(1, "ada"), song(2, "ada"), song(3, "bert")]
    assert next_song((bag,), Passed(artists={"ada"}), 0) == bag[2]
    assert next_song((bag,), Passed({"3"}, artists={"ada"}), 0) == bag[0]


def test_another_version_of_a_recording_does_not_come() -> None:
    twin = Candidate("9", song(1).recording)
    assert next_song(([twin],), Passed(recordings={song(1).recording}), 0) is None


@given(bags, st.sets(st.integers(0, 50).map(str)), st.integers(0, 9))
def test_something_comes_as_long_as_anything_may(told: list[list[Candidate]], tracks: set[str], turn: int) -> None:
    passed = Passed(tracks, {("a", "w")}, {"b"})
    free = [one for bag in told for one in bag if one.track_id not in tracks and one.recording != ("a", "w")]
    found = next_song(told, passed, turn)
    assert (found in free) if free else (found is None)
    if found and any(one.artist != "b" for one in free):
        assert found.artist != "b"


@given(st.lists(candidates, max_size=20))
def test_spreading_loses_nobody_and_lets_every_artist_come_first(told: list[Candidate]) -> None:
    found = spread(told)
    assert sorted(found, key=str) == sorted(told, key=str)
    artists = {one.artist for one in told}
    assert {one.artist for one in found[: len(artists)]} == artists


def test_progress_says_what_is_lacking() -> None:
    told = progress(12, 7, 10, enough=False)
    assert told == "12 liked, 7 not: 3 more that you do not like, and a taste can be learned"
    assert "10 more that you like and 10 more that you do not like" in progress(0, 0, 10, enough=False)
    assert "a few more artists" in progress(20, 20, 10, enough=False)
    assert "enough" in progress(20, 20, 10, enough=True)
    assert [share_done(*counts, 10) for counts in ((0, 0), (5, 30), (40, 40))] == [0, 0.75, 1]
