"""`segue serve --experiment A,B`: which of several models answers where nobody names one."""

import hashlib
import json
import time

import numpy as np
from flask import current_app, g, has_request_context, request

from recommender import catalogue
from recommender.measures.outcomes import Tally, arm_of, drawn_arm
from web.asking import Asking
from web.station import Station
from web.visitor import who

_FRESH_S = 60
"""What came of the lists so far is counted so often."""


def chosen(station: Station, asking: Asking) -> Asking:
    """Give what is asked for with the model that makes it: the one that is named, or the one that is tried.

    Programs get the best there is, because nobody sees what comes of their lists; and so do titles without songs,
    which only one model can read.
    """
    arms = [name for name in station.settings.experiment if name in station.model_names()]
    if asking.model or len(arms) < 2 or not asking.seed or not _is_page():
        return asking
    g.arm = _drawn(station, asking, arms) if station.settings.bandit else arm_of(who(), arms)
    return asking.model_copy(update={"model": g.arm})


def _is_page() -> bool:
    """Tell whether a person looks at what is asked for: rooms for programs have a prefix."""
    if not has_request_context() or request.blueprint is None:
        return False
    return not any(current_app.blueprints[name].url_prefix for name in request.blueprints)


def _drawn(station: Station, asking: Asking, arms: list[str]) -> str:
    """Draw by what came of the lists so far; the same list, asked for again, is drawn alike."""

    def count() -> list[Tally]:
        with station.reading() as connection:
            found = catalogue.use_counts.outcomes(connection, of_experiment=True)
        mine = {arm: [one for one in found if one.model == arm] for arm in arms}
        return [Tally(sum(one.lists for one in told), sum(one.clicked for one in told)) for told in mine.values()]

    tallies = station.kept(("outcomes", *arms, int(time.time() // _FRESH_S)), count)
    told = json.dumps([who(), asking.query()], sort_keys=True)
    seed = int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "big")
    return arms[drawn_arm(tallies, np.random.default_rng(seed))]
