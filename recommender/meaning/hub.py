"""Weights by a name of the Hugging Face hub: those that were fetched before, or else fetched now, within a limit."""

import os
from pathlib import Path

from recommender.errors import CannotTrain

_PATTERNS = ["*.json", "*.safetensors", "*.txt", "*.model"]
"""Weights, settings and vocabularies; no programs, and no weights in a format that could hold one."""
_SECONDS = 10.0
"""Longer than that nobody is waited for who may not be there."""
_SETTINGS = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def settle() -> None:
    """Tell the libraries how to behave, unless the environment says otherwise; once they are loaded it is too late."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def fetched(name: str) -> Path:
    """Give the folder of the weights of this name. Raises CannotTrain when they cannot be had."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        if (there := _stored(name)) is not None:
            return there
        _ask(name)
        return Path(snapshot_download(name, allow_patterns=_PATTERNS))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise CannotTrain(
            f"the weights {name} are not on this machine, and cannot be had from the Hugging Face hub ({_why(error)}): "
            "fetch them where there is a network, and name their folder (segue train meaning --set weights=FOLDER)"
        ) from error


def _ask(name: str) -> None:
    """See whether anybody answers, because the hub's own program waits for that without end, or for minutes.

    Raises OSError.
    """
    import requests
    from huggingface_hub.constants import ENDPOINT, is_offline_mode

    if not is_offline_mode():
        requests.head(f"{ENDPOINT}/{name}/resolve/main/config.json", timeout=_SECONDS).close()


def _stored(name: str) -> Path | None:
    """Give the folder of weights that were fetched before, by whatever program; None where they are not all there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        place = Path(snapshot_download(name, allow_patterns=_PATTERNS, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    return place if (place / "config.json").exists() and any(place.glob("*.safetensors")) else None


def _why(error: Exception) -> str:
    """Say in a few words what was wrong."""
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    if isinstance(error, RepositoryNotFoundError):
        return "it knows no such name"
    if isinstance(error, HFValidationError):
        return "that cannot be a name there"
    # Of the machine's own troubles, such as a full disk, the system has a word; of the network's, none that says more.
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it does not answer"
