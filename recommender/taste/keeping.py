"""A taste on disk: in a hidden folder beside the models, for it is none of them.

The fitted steps are written by skops, the rest as JSON. A learner of scikit-learn is no handful of arrays but a tree of
objects, which pickle would bring back by running whatever the file says; skops writes it as data and builds only types
that are named here, so that a file from elsewhere can do nothing. What it names beyond them is refused unread.
"""

import errno
import hashlib
import json
import math
import re
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.artifacts import models_folder, swap
from recommender.errors import CannotStore, DamagedModel, NoTaste
from recommender.taste.contract import Report
from recommender.taste.reading import report_of
from recommender.taste.rows import Parts, meaning_of

if TYPE_CHECKING:
    from recommender.taste.fitting import Fitted
    from recommender.taste.learning import Learned

FORMAT = 1
_FOLDER = ".tastes"
_STEPS, _TOLD, _REPORT = "learner.skops", "taste.json", "report.json"
_NEW, _OLD, _LOCK = ".new", ".old", ".lock"
_KNOWN = (
    "numpy.dtype",
    "recommender.taste.centre.LikedCentre",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.tree._tree.Tree",
)
"""The types of fitted steps that skops does not take for harmless by itself: numbers all of them. A tree whose branches
lead out of it would be read beyond its end, so those are looked at."""
_PLAIN = re.compile(r"[0-9a-z_-]{1,40}")
_NOBODY = "me"


def folder_of(database: Path, listener: str) -> Path:
    """Name the folder of a listener's taste; any text is a listener, so an odd one gets the name of its digest."""
    plain = (
        f"of-{listener}"
        if _PLAIN.fullmatch(listener)
        else hashlib.blake2b(listener.encode(), digest_size=12).hexdigest()
    )
    return models_folder(database) / _FOLDER / (plain if listener else _NOBODY)


def changed_at(database: Path, listener: str) -> int:
    """Tell when a listener's taste was last written: nanoseconds; 0 where there is none."""
    try:
        return (folder_of(database, listener) / _REPORT).stat().st_mtime_ns
    except OSError:
        return 0


def keep(database: Path, learned: "Learned") -> None:
    """Write a taste whole into a new folder, which then takes the place of the one before. Raises CannotStore."""
    from filelock import FileLock

    place = folder_of(database, learned.report.listener)
    new = place.with_name(f".{place.name}{_NEW}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.parent / _LOCK):
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            try:
                _fill(new, learned)
                swap(new, place)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full: make room" if full else f"{error.strerror or error}: check the folder"
        raise CannotStore(
            f"the taste cannot be written to {place}, {why}, and train again; the one before stands"
        ) from error


def _fill(new: Path, learned: "Learned") -> None:
    import sklearn
    from sklearn.pipeline import Pipeline
    from skops import io

    # What evens classes out has nothing to do once all is learned.
    steps = [(name, step) for name, step in learned.fitted.pipeline.steps if name != "sample"]
    io.dump(Pipeline(steps), new / _STEPS)
    told = {
        "format": FORMAT,
        "scikit_learn": sklearn.__version__,
        "genres": list(learned.genres),
        "parts": asdict(learned.parts),
        "usual": learned.usual.tolist(),
        **{name: getattr(learned.fitted, name) for name in ("slope", "intercept", "threshold")},
    }
    for name, value in ((_TOLD, told), (_REPORT, asdict(learned.report))):
        (new / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def forget(database: Path, listener: str) -> bool:
    """Remove a listener's taste; tells whether there was one. Raises CannotStore."""
    place = folder_of(database, listener)
    aside = [place.with_name(f".{place.name}{ending}") for ending in (_NEW, _OLD)]
    there = place.exists() or aside[1].exists()
    try:
        for one in (place, *aside):
            if one.exists():
                shutil.rmtree(one)
    except OSError as error:
        raise CannotStore(f"{place} cannot be removed ({error.strerror or error}): remove it by hand") from error
    return there


def read(database: Path, listener: str) -> tuple[Report, "Fitted", tuple[str, ...], Parts, np.ndarray]:
    """Read a listener's taste: the report, the learner, its genres, its parts, and usual rows.

    Raises NoTaste, and DamagedModel where what is there is not whole or not ours.
    """
    from recommender.taste.fitting import Fitted  # scikit-learn, which forgetting does without

    place = folder_of(database, listener)
    if not place.is_dir():
        # Killed between two renames, the one before lies aside, whole.
        place = place.with_name(f".{place.name}{_OLD}")
    if not place.is_dir():
        who = f" --listener {listener!r}" if listener else ""
        raise NoTaste(
            f"no taste is trained yet{f' for {listener!r}' if listener else ''}: `segue taste like TRACK...{who}` and "
            f"`dislike`, then `segue taste train{who}`"
        )
    try:
        told = json.loads((place / _TOLD).read_text(encoding="utf-8"))
        report = report_of(json.loads((place / _REPORT).read_text(encoding="utf-8")))
        _refuse_other(told, place)
        if report.listener != listener:
            raise ValueError("it is somebody else's")
        slope, intercept, threshold = (float(told[name]) for name in ("slope", "intercept", "threshold"))
        if not (0 < slope < math.inf and math.isfinite(intercept) and 0 < threshold < 1):
            raise ValueError("no such chances")
        parts = Parts(**{name: bool(value) for name, value in told["parts"].items()})
        genres = tuple(map(str, told["genres"]))
        columns = len(meaning_of(genres, parts))
        usual = np.array(told["usual"], np.float32).reshape(-1, columns)
        if not len(usual):
            raise ValueError("no usual rows")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedModel(_damaged(place, "its files are missing, half-written or not ours")) from error
    fitted = Fitted(_steps(place, columns), slope, intercept, threshold)
    try:
        works = bool(np.isfinite(fitted.chances(usual)).all())
    except (ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise DamagedModel(_damaged(place, f"its {_STEPS} does not work")) from error
    if not works:
        raise DamagedModel(_damaged(place, f"its {_STEPS} tells no chances"))
    return report, fitted, genres, parts, usual


def _refuse_other(told: Any, place: Path) -> None:
    import sklearn

    if told["format"] != FORMAT:
        raise DamagedModel(_damaged(place, f"its format is {told['format']}, this Segue reads {FORMAT}"))
    if told["scikit_learn"] != sklearn.__version__:
        what = f"it was learned by scikit-learn {told['scikit_learn']}, and {sklearn.__version__} is here"
        raise DamagedModel(_damaged(place, what))


def _steps(place: Path, columns: int) -> Any:
    """Build the steps from their file, if it names nothing but types that are known to be harmless."""
    from skops import io
    from skops.io.exceptions import UntrustedTypesFoundException

    path = place / _STEPS
    try:
        if foreign := sorted(set(io.get_untrusted_types(file=path)) - set(_KNOWN)):
            raise DamagedModel(
                _damaged(place, f"its {_STEPS} names what no learner needs ({', '.join(foreign)[:200]})")
            )
        steps = io.load(path, trusted=list(_KNOWN))
        sound = _fits(steps, columns) and _sound(steps[-1])
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, IndexError, RecursionError,
        UntrustedTypesFoundException, zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise DamagedModel(_damaged(place, f"its {_STEPS} is missing, half-written or not ours")) from error
    if not sound:
        raise DamagedModel(_damaged(place, f"its {_STEPS} holds another learner than this Segue makes"))
    return steps


def _fits(steps: Any, columns: int) -> bool:
    from sklearn.pipeline import Pipeline

    return isinstance(steps, Pipeline) and getattr(steps, "n_features_in_", None) == columns


def _sound(learn: Any) -> bool:
    """Tell whether the branches of all trees lead forward within the tree, and ask for columns that there are.

    And whether support vectors are as many, and as long, as they will be read.
    """
    if hasattr(learn, "support_vectors_"):
        n = len(learn.support_vectors_)
        shapes = [one.shape for one in (learn.support_vectors_, learn._dual_coef_, learn._intercept_, learn.support_)]
        return shapes == [(n, learn.n_features_in_), (1, n), (1,), (n,)] and learn.n_support_.shape == (2,)
    forest = getattr(learn, "estimators_", [learn] if hasattr(learn, "tree_") else [])
    for tree in (one.tree_ for one in forest):
        for children in (tree.children_left, tree.children_right):
            inner = tree.children_left != -1
            if not ((children[inner] > np.flatnonzero(inner)) & (children[inner] < tree.node_count)).all():
                return False
        if not ((tree.feature[inner] >= 0) & (tree.feature[inner] < tree.n_features)).all():
            return False
        if tree.n_features != learn.n_features_in_:
            return False
    return True


def _damaged(place: Path, what: str) -> str:
    return f"the taste in {place} cannot be used, {what}: train it again (segue taste train)"
