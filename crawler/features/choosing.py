"""Which providers a run asks: those that are named, or those that can be asked, with the reason for the others."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crawler import regime
from crawler.errors import BadAddress, CrawlerError, NoCredentials, NotAccepted, NotLoggedIn, Refused
from crawler.features.reccobeats import ReccoBeats
from crawler.features.spotify import SpotifyFeatures
from crawler.places import Places, places
from crawler.session import Login, log_in
from crawler.terms import needs_notice
from db.connection import transaction
from db.gate import read_answers, read_setting, write_setting

SPOTIFY, RECCOBEATS = SpotifyFeatures.name, ReccoBeats.name
NAMES = (SPOTIFY, RECCOBEATS)
"""In the order in which they are asked."""
NO_FEATURES = "Spotify gives this app no audio features: leave it out (--provider reccobeats)"
_SENDS = """\
Audio features can be had from ReccoBeats, a free service that is not Spotify's, at {place}
Sent to it are the ids of tracks and their ISRCs; no name and no account."""
_CURE = "say --provider reccobeats, which sends it track ids and ISRCs"


@dataclass(frozen=True)
class Chosen:
    """The providers of a run."""

    names: tuple[str, ...]
    login: Login | None = None
    """Where Spotify is among them."""
    passed_over: Mapping[str, CrawlerError] = field(default_factory=dict)


def choose(
    connection: sqlite3.Connection,
    environment: Mapping[str, str],
    now: float,
    named: tuple[str, ...],
    ask: Callable[[str], bool] | None,
) -> Chosen:
    """Choose the providers; of those that are named none may fail.

    ask: shows a person a text and asks whether to go on; None without a person.
    Raises NotAccepted, NoCredentials, NotLoggedIn, Refused, BadAddress.
    """
    login, passed = None, dict[str, CrawlerError]()
    for name in named or NAMES:
        try:
            if name == SPOTIFY:
                login = _login(connection, environment, now)
            elif not named:
                _consent(connection, places(environment), ask)
        except (BadAddress, NotAccepted, NoCredentials, NotLoggedIn, Refused) as error:
            if named:
                raise
            passed[name] = error
    names = tuple(name for name in named or NAMES if name not in passed)
    if not names:
        raise passed[NAMES[-1]]
    return Chosen(names, login, passed)


def _login(connection: sqlite3.Connection, environment: Mapping[str, str], now: float) -> Login:
    login = log_in(environment, now)
    if needs_notice(read_setting(connection, "terms")):
        raise NotAccepted(
            "Spotify's terms were not agreed to: read them with `segue crawl`, or agree with "
            "`segue crawl --accept-terms`"
        )
    # Since ever: whether an app has this grant does not change.
    if regime.remembered(read_answers(connection, login.credentials.client_id, 0)).features is False:
        raise Refused(NO_FEATURES, 403)
    return login


def _consent(connection: sqlite3.Connection, there: Places, ask: Callable[[str], bool] | None) -> None:
    """Ask, once for each address, whether track ids may be sent to ReccoBeats."""
    setting = f"consent:{RECCOBEATS}"
    if read_setting(connection, setting) == there.reccobeats:
        return
    if ask is None:
        raise NotAccepted(f"nothing was sent to ReccoBeats ({there.reccobeats}), which is not Spotify's: {_CURE}")
    if not ask(_SENDS.format(place=there.reccobeats)):
        raise NotAccepted(f"nothing was sent to ReccoBeats: to agree, {_CURE}")
    with transaction(connection):
        write_setting(connection, setting, there.reccobeats)
