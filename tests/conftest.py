"""What holds for all tests."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from tests.models.tiny_bert import can_read, place_in_cache, save_tiny

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would the children that are to feel it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Where the extra `text` is installed, the usual weights of `meaning` are tiny ones that lie where fetched ones would.
if can_read():
    _cache = Path(tempfile.mkdtemp(prefix="segue-hub-"))
    atexit.register(shutil.rmtree, _cache, ignore_errors=True)
    place_in_cache(_cache, save_tiny(_cache / "tiny"))
    os.environ |= {"HF_HUB_CACHE": str(_cache), "HF_HUB_OFFLINE": "1"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is asked of `meaning` where nothing is there that it could read with."""
    if can_read():
        return
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("kind") == "meaning":
            item.add_marker(pytest.mark.skip(reason="the extra `text` is not installed: pip install 'segue[text]'"))
