"""Find a song, and what comes next."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from db.known_values import tells_apart
from recommender import catalogue
from recommender.answers import Answer
from recommender.errors import RecommenderError
from web import choices, remembering, wording
from web.asking import Asking
from web.errors import WebError
from web.finding import Hits, hits, readable, typed, welcome
from web.lists import answer, models
from web.places import places
from web.refusing import status_of
from web.saving import FORMS, called
from web.songs import cards, suggested
from web.station import station

blueprint = Blueprint("find", __name__)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a search is for: which page the song is for, and as what."""

    to: str
    kind: str
    beside: tuple[str, ...]
    """Models that are compared."""

    def leads(self, asking: Asking, *track_ids: str) -> str:
        """Give the address at which these songs have their place."""
        other = "seed" if self.kind == "unlike" else "unlike"
        ids = dict.fromkeys((*getattr(asking, self.kind), *track_ids))
        rest = tuple(one for one in getattr(asking, other) if one not in track_ids)
        told = asking.query(**{self.kind: tuple(ids), other: rest})
        if self.to == "compare":
            return url_for("compare.page", **told, beside=self.beside)
        return url_for("find.following", **told)


def _purpose() -> Purpose:
    to = "compare" if request.args.get("to") == "compare" else "next"
    kind = "unlike" if request.args.get("as") == "unlike" else "seed"
    return Purpose(to, kind, tuple(request.args.getlist("beside")))


def _asked_for() -> str:
    return readable(request.args.get("q", ""))


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show the search, and what it found; or else what there is to begin with."""
    words = _asked_for()
    asking = Asking.read(request.args)
    at = station()
    with at.reading() as connection:
        found = hits(connection, words) if words else Hits()
        remembering.searched(words)
        known, beginnings = at.kept(("welcome", at.version(connection)), lambda: welcome(connection))
        songs = cards(connection, found.track_ids or (() if words else beginnings))
        return render_template(
            "find.html",
            words=words,
            songs=songs,
            said=wording.sentences(found.said),
            all_of_them=found.track_ids if found.are_meant else (),
            known=known,
            asking=asking,
            purpose=_purpose(),
            is_trained=bool(at.model_names()),
            not_indexed=catalogue.not_indexed(connection) if words and not songs else 0,
        )


@blueprint.get("/find/words")
def words() -> ResponseReturnValue:
    """Give what words that are being typed may mean, as the choices of the field that they are typed into."""
    told = _asked_for()
    with station().reading() as connection:
        found = typed(connection, told) if told else Hits()
        return render_template("found.html", words=told, songs=cards(connection, found.track_ids), said=found.said)


@blueprint.get("/next")
def following() -> ResponseReturnValue:
    """Show what comes after the seeds, and all by which it can be changed."""
    asking = Asking.read(request.args)
    told, problem, status = _answered(asking)
    if told:
        remembering.shown(asking, told)
    at = station()
    with at.reading() as connection:
        version = at.version(connection)
        known, _ = at.kept(("welcome", version), lambda: welcome(connection))
        shown = {one.track_id: one for one in cards(connection, (*asking.seed, *asking.unlike))}
        tells, genres = at.kept(
            ("filters", version),
            lambda: (tells_apart(connection), catalogue.most_told_genres(connection, _MOST_GENRES)),
        )
        seeds = [shown[track_id] for track_id in asking.seed if track_id in shown]
        return render_template(
            "next.html",
            asking=asking,
            answer=told,
            problem=problem,
            songs=suggested(connection, told) if told else [],
            said=wording.sentences(told.notes) if told else [],
            going=places(asking.seed, shown),
            away=places(asking.unlike, shown),
            title=called(asking, seeds),
            known=known,
            tells=tells,
            genres=genres,
            models=models(at, connection),
            choices=choices,
            forms=FORMS,
            may_save=at.settings.is_local or bool(at.settings.token),
        ), status


_MOST_GENRES = 60


def _answered(asking: Asking) -> tuple[Answer | None, str, int]:
    """Give the list, or else the sentence on why there is none, with the status that it has."""
    if not asking.seed and not asking.title:
        return None, "", 200
    try:
        return answer(station(), asking), "", 200
    except WebError as error:
        return None, str(error), error.status
    except RecommenderError as error:
        return None, str(error), status_of(error)
