"""Whether Spark can run here at all, found out before anything is started."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from recommender.errors import NoEngine

OLDEST_JAVA = 17
_VERSION = re.compile(r'version "(\d+)')
_CURE = (
    f"install Java {OLDEST_JAVA} or newer (Debian, Ubuntu: apt install openjdk-17-jre-headless; else adoptium.net) and "
    "have java on the PATH, or name its folder in JAVA_HOME"
)
_PACKAGES = ("pyspark", "pyarrow")
_PATIENCE_S = 60


def look_for_spark() -> str:
    """Make sure that Spark can start, and give the version of Java. Raises NoEngine, which names what is missing."""
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise NoEngine(f"--engine spark needs {package}, which is not installed: pip install 'segue[spark]'")
    return java_version()


def java_version() -> str:
    """Give the version of the Java that Spark would start: that of JAVA_HOME, else `java` on the PATH.

    Raises NoEngine.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        raise NoEngine(f"--engine spark needs Java, and there is none: {_CURE}")
    try:
        told = subprocess.run(  # noqa: S603 - the Java that the person named
            [java, "-version"], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        where = f"JAVA_HOME is {home}" if home else f"java is {java}"
        raise NoEngine(f"--engine spark needs Java, and {where}, which cannot be run: {_CURE}") from error
    # A system may have a `java` that only says where to get one.
    found = _VERSION.search(told.stderr + told.stdout)
    if told.returncode or found is None:
        raise NoEngine(f"--engine spark needs Java, and {java} is none: {_CURE}")
    if int(found[1]) < OLDEST_JAVA:
        raise NoEngine(f"--engine spark needs a newer Java than {java}: {_CURE}")
    return found[1]
