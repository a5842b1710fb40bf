"""What was done in one go becomes a list of songs that belong together."""

from hypothesis import given
from hypothesis import strategies as st

from db.sittings import GAP_S, LEAST, Step, sittings
from db.use import DISLIKED, GONE_ON, LIKED, OPENED, SKIPPED


def seeds(at: int, *tracks: str, visitor: str = "v") -> Step:
    return Step("", visitor, at, tracks, "")


def did(at: int, kind: str, track: str) -> Step:
    return Step("", "v", at, (track,), kind)


def songs(*steps: Step) -> list[str]:
    return ["".join(song for song, _ in one.songs) for one in sittings(steps)]


def test_seeds_and_what_was_taken_stand_in_their_order() -> None:
    assert songs(seeds(0, "a"), did(5, OPENED, "b"), did(9, LIKED, "c"), did(12, OPENED, "b")) == ["abc"]


def test_what_was_refused_does_not_count() -> None:
    told = [seeds(0, "a", "b", "c"), did(5, LIKED, "d"), did(6, DISLIKED, "d")]
    assert songs(*told, did(7, SKIPPED, "b"), did(8, LIKED, "e")) == ["ace"]


def test_a_pause_ends_a_sitting() -> None:
    first = [seeds(0, "a", "b"), did(5, OPENED, "c")]
    later = GAP_S + 6
    assert songs(*first, seeds(later, "a", "d"), did(later, OPENED, "e")) == ["abc", "ade"]
    assert songs(*first, seeds(later - 1, "a", "d"), did(later, OPENED, "e")) == ["abcde"]


def test_seeds_that_have_nothing_to_do_with_it_begin_another() -> None:
    assert songs(seeds(0, "a", "b"), did(1, OPENED, "c"), seeds(2, "x", "y"), did(3, OPENED, "z")) == ["abc", "xyz"]


def test_a_song_of_the_list_that_is_gone_on_from_leads_on() -> None:
    """Its seed comes in the same second as what it tells of the list before."""
    assert songs(seeds(0, "a", "b"), seeds(9, "c"), did(9, GONE_ON, "c"), did(12, LIKED, "d")) == ["abcd"]


def test_where_nothing_was_taken_it_tells_nothing() -> None:
    assert songs(seeds(0, "a", "b", "c", "d")) == []


def test_a_long_playlist_that_is_continued_is_not_stored_once_more() -> None:
    assert songs(seeds(0, *map(str, range(50))), did(1, LIKED, "x")) == []


def test_two_browsers_sit_apart() -> None:
    mine = [seeds(0, "a", "b"), did(1, OPENED, "c")]
    assert songs(*mine, seeds(1, "c", "d", "e", visitor="w")) == ["abc"]


@given(
    st.lists(
        st.builds(
            Step,
            st.sampled_from(["", "ada"]),
            st.sampled_from(["v", "w"]),
            st.integers(0, 3 * GAP_S),
            st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4).map(tuple),
            st.sampled_from(["", OPENED, LIKED, DISLIKED, SKIPPED]),
        ),
        max_size=40,
    )
)
def test_every_sitting_is_a_list_of_three_songs_or_more_each_once(steps: list[Step]) -> None:
    steps.sort(key=lambda step: (step.listener, step.visitor, step.at, bool(step.kind)))
    found = sittings(steps)
    for one in found:
        tracks = [song for song, _ in one.songs]
        assert len(tracks) == len(set(tracks)) >= LEAST
        assert [at for _, at in one.songs] == sorted(at for _, at in one.songs)
        assert one.sitting_id.startswith("use:")
    assert len({one.sitting_id for one in found}) == len(found)
    assert sittings(steps) == found
