"""What training a taste finds out, as it is kept beside it and shown. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grades:
    """How well likes are told from dislikes, on songs of artists that were not learned from."""

    accuracy: float
    precision: float
    """Of what it took for liked, the share that was."""
    recall: float
    """Of what was liked, the share that it found."""
    f1: float
    roc_auc: float
    """The chance that it ranks a liked song above a disliked one; 0.5 is a coin's."""
    confusion: tuple[tuple[int, int], tuple[int, int]]
    """Disliked songs taken for disliked and for liked, then liked ones taken for disliked and for liked."""
    auc_interval: tuple[float, float]
    """From where to where roc_auc lies in 95 of 100 draws of the artists."""


@dataclass(frozen=True)
class Tried:
    """One learner as it was measured."""

    learner: str
    """random-forest, svc, sgd, decision-tree or neural-net."""
    sampling: str
    """none, under or over."""
    options: dict[str, str | int | float]
    """The settings that the grid search chose."""
    grades: Grades
    seconds: float


@dataclass(frozen=True)
class Importance:
    """What one feature is worth."""

    name: str
    drop: float
    """What roc_auc loses where the feature is shuffled, on the mean."""
    spread: float
    """Its standard deviation over shuffles."""


@dataclass(frozen=True)
class Ablation:
    """What the best learner is worth when a part is taken away, or a step is added."""

    name: str
    """In words, such as "without the engineered features"."""
    grades: Grades


@dataclass(frozen=True)
class Report:
    """What was learned from, what was tried, and what came out."""

    listener: str
    """"" where the database is of one person."""
    likes: int
    dislikes: int
    artists: int
    dropped: dict[str, int]
    """Songs that were told but not learned from, by reason in words, such as "the same recording twice"."""
    sources: dict[str, int]
    """How many thumbs came from where: by hand, a file's name, "library", "generated"."""
    best: Tried
    tried: tuple[Tried, ...]
    """All learners, the best first."""
    baselines: dict[str, Grades]
    """"majority" and "same artist"."""
    importances: tuple[Importance, ...]
    """The most important first."""
    ablations: tuple[Ablation, ...]
    roc: tuple[tuple[float, float], ...]
    """Points of the best learner's curve: the share of dislikes taken for liked, and of likes found."""
    chances: tuple[tuple[float, ...], tuple[float, ...]]
    """How likely it held each disliked song, and each liked one, to be liked, while it was not learned from."""
    why: str
    """Why this learner is kept, in one sentence."""
    unsure: str
    """How unsure all of it is, in one sentence; empty where there is no cause to say it."""
    trained_at: int
    """Seconds since 1970, UTC."""
    seconds: float
