"""What is said when something else speaks for songs of no playlist. Pure."""

from collections.abc import Sequence

from recommender.catalogue import SongRow
from recommender.cold.steps import ARTIST, RECORDING
from recommender.lines import cut, one_line
from recommender.lists.spoken import COLUMNS, titled

_NAMED = 2
"""So many songs are named in one sentence."""
_LIKE = {
    "audio": "what sounds like {it}",
    "meaning": "what reads like {it}",
    "text": "what is named like {it}",
    "genre": "what shares {its} genre",
}


def going_on(step: str, songs: Sequence[SongRow]) -> str:
    """Say which step serves for some songs, with a model of playlists going on from what it found."""
    if step == RECORDING:
        who = "another version of it answers" if len(songs) == 1 else "other versions of them answer"
        return f"{_nobody_lists(songs, whole=True)}, so {who}"
    if step == ARTIST:
        return f"{_nobody_lists(songs)}, so songs that go with others by {_artists(songs)} answer"
    return f"{_nobody_lists(songs)}, so songs that go with {_like(step, songs)} answer"


def alone(kind: str, songs: Sequence[SongRow]) -> str:
    """Say that nothing but what songs are like serves."""
    return f"{_nobody_lists(songs)}, so {_like(kind, songs)} answers"


def left_out(songs: Sequence[SongRow]) -> str:
    """Say that some songs do not count beside others that playlists hold."""
    return f"{_nobody_lists(songs)}, so the other songs answer"


def came_late(songs: Sequence[SongRow]) -> str:
    """Say that no model can know some songs yet."""
    names = _listed([titled(song) for song in songs], "and")
    return f"{names} came here after the models had learned: run `segue train --update`"


def _nobody_lists(songs: Sequence[SongRow], *, whole: bool = False) -> str:
    """Say it of some songs. whole: with what names their version, where another one is held."""
    names = _listed([_whole(song) if whole else titled(song) for song in songs], "or")
    if any(song.playlists for song in songs):
        return f"the models know too little of {names}"
    return f"no playlist here holds {names}"


def _whole(song: SongRow) -> str:
    return cut(one_line(song.name), COLUMNS) or song.track_id


def _artists(songs: Sequence[SongRow]) -> str:
    return _listed([cut(one_line(song.artists[0]), COLUMNS) for song in songs], "and")


def _like(kind: str, songs: Sequence[SongRow]) -> str:
    it, its = ("it", "its") if len(songs) == 1 else ("them", "their")
    return _LIKE[kind].format(it=it, its=its)


def _listed(names: Sequence[str], link: str) -> str:
    names = list(dict.fromkeys(names))
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} {link} {len(names) - _NAMED:,} more"
    return f" {link} ".join(names)
