"""One track's audio features from what a provider tells; each value that makes no sense counts as not told. Pure."""

from collections.abc import Mapping
from typing import Any

from db.records import AudioFeatures, Track

_SHARE = (0.0, 1.0)
_LOUDNESS_DB = (-200.0, 50.0)
_TEMPO_BPM = (0.0, 1000.0)


def features_of(told: Mapping[str, Any], track_id: str) -> AudioFeatures | None:
    """Read the features of a track; None where nothing is told of it."""
    features = AudioFeatures(
        Track(track_id),
        danceability=_number(told.get("danceability"), *_SHARE),
        energy=_number(told.get("energy"), *_SHARE),
        key=_whole(told.get("key"), -1, 11),
        loudness=_number(told.get("loudness"), *_LOUDNESS_DB),
        mode=_whole(told.get("mode"), 0, 1),
        speechiness=_number(told.get("speechiness"), *_SHARE),
        acousticness=_number(told.get("acousticness"), *_SHARE),
        instrumentalness=_number(told.get("instrumentalness"), *_SHARE),
        liveness=_number(told.get("liveness"), *_SHARE),
        valence=_number(told.get("valence"), *_SHARE),
        tempo=_number(told.get("tempo"), *_TEMPO_BPM),
        time_signature=_whole(told.get("time_signature"), 0, 15),
    )
    return None if features == AudioFeatures(features.track) else features


def text(told: Any) -> str:
    """Read a text; empty where it is none."""
    return told.strip() if isinstance(told, str) else ""


def _number(told: Any, least: float, most: float) -> float | None:
    if isinstance(told, bool) or not isinstance(told, int | float) or not least <= told <= most:
        return None
    return float(told)


def _whole(told: Any, least: int, most: int) -> int | None:
    """Read a whole number; some come as 7.0."""
    number = _number(told, least, most)
    return int(number) if number is not None and number.is_integer() else None
