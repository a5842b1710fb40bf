"""What can go wrong in the recommender.

RecommenderError
├── CannotTrain        the corpus or the machine does not allow this training
├── NoEngine           what a training on other machines needs is not there
├── NoSuchModel        no model of that name is trained, or known
├── DamagedModel       a model folder is half-written, foreign, or of another version
├── CannotStore        the disk or the folder does not take a trained model
├── CannotWrite        a file cannot be written, or stands there already
├── OptionNotKnown     a model has no option of that name, or not of that value
├── ListenerNotKnown   a model knows nobody of that name
├── FilterNotClear     a filter that no song can keep, or that is not understood
├── NotBlocked         nothing that is blocked is called so, or several are
├── NothingToContinue  a playlist without a track that is known
├── NoTaste            nobody's thumbs were learned from yet, or too few are told
├── ThumbsNotClear     a table or playlist that does not say what is liked
├── PlaylistNotClear   words that name no playlist, or several
├── NoRoad             between two songs that are one, or where one is not known
├── PlaylistNotClear   words that name no playlist, or several
└── SeedNotClear       words that name no track, or several
"""


class RecommenderError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class CannotTrain(RecommenderError):
    """The corpus or the machine does not allow this training."""


class NoEngine(RecommenderError):
    """What a training on other machines needs, such as Spark or Java, is not there or does not start."""


class NoSuchModel(RecommenderError):
    """No model of that name is trained, or known."""


class DamagedModel(RecommenderError):
    """A model folder is half-written, foreign, or of another version."""


class CannotStore(RecommenderError):
    """The disk or the folder does not take a trained model; the one before stands."""


class CannotWrite(RecommenderError):
    """A file cannot be written, or stands there already; what stood there before still does."""


class ListenerNotKnown(RecommenderError):
    """A model knows nobody of that name."""


class FilterNotClear(RecommenderError):
    """A filter that no song can keep, or that is not understood."""


class NoRoad(RecommenderError):
    """A road between two songs that are one, or where one is not known."""


class SeedNotClear(RecommenderError):
    """Words that name no track, or several without a clear best."""


class OptionNotKnown(RecommenderError):
    """A model has no option of that name, or not of that value."""


class PlaylistNotClear(RecommenderError):
    """Words that name no playlist, or several."""


class NotBlocked(RecommenderError):
    """Nothing that is blocked is called so, or several are."""


class NothingToContinue(RecommenderError):
    """A playlist without a track that is known."""


class NoTaste(RecommenderError):
    """Nobody's thumbs were learned from yet, or too few are told."""


class ThumbsNotClear(RecommenderError):
    """A table or a playlist from which it cannot be told what is liked."""
