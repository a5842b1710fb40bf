"""What programs may change: thumbs. And how the database and its models stand."""

import math
import time
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from db.read import count_rows
from recommender import artifacts, catalogue
from recommender.artifacts import Manifest
from recommender.catalogue import Thumb
from recommender.errors import DamagedModel, NoSuchModel
from web.api import answers
from web.api.asked import Telling, Untelling, Whose
from web.api.route import Nothing
from web.errors import NotFound
from web.names import refuse_elsewhere
from web.person import person
from web.station import Station, station


def thumbs(whose: Whose) -> answers.Thumbs:
    """List what somebody said of songs."""
    with station().reading() as connection:
        told = catalogue.thumbs(connection, _listener(whose))
        songs = catalogue.songs(connection, [thumb.track_id for thumb in told])
    titles = {track_id: catalogue.title_line(song) for track_id, song in songs.items()}
    return answers.Thumbs(
        thumbs=tuple(
            answers.Thumb(**asdict(thumb), song=titles.get(thumb.track_id, "(no longer here)")) for thumb in told
        )
    )


def tell(told: Telling) -> answers.Told:
    """Say that somebody likes a song, or does not."""
    with station().reading() as connection:
        song = catalogue.songs(connection, [told.track_id]).get(told.track_id)
    if song is None:
        raise NotFound(f'there is no song "{told.track_id}" here: GET /api/songs?q= finds those that are')
    track_id = song.linked_id or song.track_id
    thumb = Thumb(_listener(told), track_id, told.liked, catalogue.BY_HAND, int(time.time()))
    (changed,) = catalogue.tell(station().database, [thumb])
    return answers.Told(track_id=track_id, changed=changed)


def untell(told: Untelling) -> answers.Told:
    """Take back what somebody said of a song, whether under this id or that of its twin at Spotify."""
    with station().reading() as connection:
        song = catalogue.songs(connection, [told.track_id]).get(told.track_id)
    twin = song.linked_id if song else None
    there = catalogue.untell(station().database, _listener(told), [told.track_id, *([twin] if twin else [])])
    return answers.Told(track_id=twin or told.track_id, changed=any(there))


def models(_nothing: Nothing) -> answers.Models:
    """List the trained models."""
    with station().reading() as connection:
        mark = catalogue.content_mark(connection)
    return _models(station(), mark)


def status(_nothing: Nothing) -> answers.Status:
    """Tell what the database holds, and how its models stand."""
    here = station()
    with here.reading() as connection:
        mark, imports = catalogue.content_mark(connection), catalogue.imports(connection)
        counts = here.kept(("counts", mark, len(imports)), lambda: count_rows(connection))
    trained = _models(here, mark)
    return answers.Status(
        models=trained.models,
        damaged=trained.damaged,
        version=version_here(),
        content=mark,
        counts=counts,
        imports=tuple(
            answers.Import(number=number, source=source, place=place if here.settings.is_local else "", started_at=at)
            for number, source, place, at in imports
        ),
    )


def version_here() -> str:
    """Give the version of Segue; 0 where it runs without being installed."""
    try:
        return version("segue")
    except PackageNotFoundError:
        return "0"


def _models(here: Station, mark: str) -> answers.Models:
    told: list[answers.Model] = []
    damaged: list[str] = []
    for name in here.model_names():
        try:
            told.append(_model(artifacts.read_manifest(here.models, name), mark))
        except DamagedModel as error:
            damaged.append(str(error))
        except NoSuchModel:
            continue  # it went while we looked
    return answers.Models(models=tuple(told), damaged=tuple(damaged))


def _model(manifest: Manifest, mark: str) -> answers.Model:
    values = {**asdict(manifest), "below_popularity": manifest.below_popularity, "stale": manifest.content != mark}
    values["worth"] = {name: grade if math.isfinite(grade) else None for name, grade in manifest.worth.items()}
    return answers.Model(**values)


def _listener(whose: Whose) -> str:
    """Give whose thumbs are meant. Raises NotAllowed for a name that is told from afar."""
    if whose.listener is None:
        return person()
    refuse_elsewhere()
    return whose.listener
