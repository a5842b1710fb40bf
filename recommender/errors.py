"""What can go wrong in the recommender.

RecommenderError
├── CannotTrain        the corpus or the machine does not allow this training
├── NoSuchModel        no model of that name is trained, or known
├── DamagedModel       a model folder is half-written, foreign, or of another version
├── CannotStore        the disk or the folder does not take a trained model
├── OptionNotKnown     a model has no option of that name, or not of that value
├── ListenerNotKnown   a model knows nobody of that name
└── SeedNotClear       words that name no track, or several
"""


class RecommenderError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class CannotTrain(RecommenderError):
    """The corpus or the machine does not allow this training."""


class NoSuchModel(RecommenderError):
    """No model of that name is trained, or known."""


class DamagedModel(RecommenderError):
    """A model folder is half-written, foreign, or of another version."""


class CannotStore(RecommenderError):
    """The disk or the folder does not take a trained model; the one before stands."""


class ListenerNotKnown(RecommenderError):
    """A model knows nobody of that name."""


class SeedNotClear(RecommenderError):
    """Words that name no track, or several without a clear best."""


class OptionNotKnown(RecommenderError):
    """A model has no option of that name, or not of that value."""
