"""The container's files: what goes into the image is what is installed, and nothing that is anybody's own."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from web.running.command import serve
from web.settings import PORT

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
INSTRUCTIONS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]


def told(instruction: str) -> list[str]:
    """Give what stands behind an instruction in the last stage."""
    start = max(number for number, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM")
    return [rest for name, rest in INSTRUCTIONS[start:] if name == instruction]


def test_the_context_holds_every_package_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = {line[1:] for line in lines if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {package.partition(".")[0] for package in project["tool"]["setuptools"]["packages"]}
    assert "*" in lines
    assert named == packages | {"cli.py", "pyproject.toml", "README.md", "LICENSE"}


def test_it_runs_as_nobody_special_and_keeps_what_is_kept_in_a_volume() -> None:
    assert told("USER") == ["segue"]
    assert told("VOLUME") == ["/data"]
    [environment] = told("ENV")
    places = dict(word.split("=", 1) for word in shlex.split(environment))
    assert places["SEGUE_DB"].startswith("/data/")
    assert places["SEGUE_HOME"].startswith("/data/")
    assert told("EXPOSE") == [str(PORT)]


def test_no_tool_that_builds_is_in_the_image_that_runs() -> None:
    assert not [line for line in told("RUN") if "build-essential" in line or "pip" in line]


def test_it_serves_with_options_that_there_are_and_only_with_a_token() -> None:
    [command] = told("CMD")
    words = yaml.safe_load(command)
    assert words[0] == "serve"
    assert "--open-to-all" not in words
    known = {option for one in serve.params if isinstance(one, click.Option) for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_its_health_is_asked_for_by_what_is_there() -> None:
    [check] = [rest for name, rest in INSTRUCTIONS if name == "HEALTHCHECK"]
    words = yaml.safe_load(check.partition("CMD ")[2])
    assert words[0] == "python"
    compile(words[2], "HEALTHCHECK", "exec")
    assert re.search(rf"127\.0\.0\.1:{PORT}/healthz", words[2])


@pytest.fixture
def service() -> dict[str, object]:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    [service] = composed["services"].values()
    assert isinstance(service, dict)
    return service


def test_composed_it_is_reached_from_this_machine_alone_with_a_token(
    service: dict[str, object],
) -> None:
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    environment = service["environment"]
    assert isinstance(environment, dict)
    assert environment["SEGUE_TOKEN"].startswith("${SEGUE_TOKEN:?")
    assert service["volumes"] == ["data:/data"]
