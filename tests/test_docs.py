"""The documentation says what the code does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli import main as segue
from docs import generate
from importer.commands import FORMATS
from importer.formats import ALIASES, NAMES
from recommender.models.registry import KINDS

ROOT = Path(__file__).parent.parent
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")),
]


def _commands(group: click.Group, called: str) -> Iterator[tuple[str, click.Command | None]]:
    """Give all commands by their whole names, those of groups among them too."""
    context = click.Context(group, info_name=called)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{called} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{called} {name}")


COMMANDS = dict(_commands(segue, "segue"))


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_commands_page_is_up_to_date() -> None:
    assert _page("docs/cli.md") == generate.cli_text(), "run `make docs`"


def test_the_models_page_is_up_to_date() -> None:
    assert _page("docs/models.md") == generate.models_text(), "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith((".", ")")), parameter.help


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_there_twice(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    spelt = [option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]]
    assert len(spelt) == len(set(spelt))


@pytest.mark.parametrize("kind", KINDS)
def test_every_model_tells_what_people_ask(kind: str) -> None:
    sentence, told = generate.model_sections(kind)
    assert sentence.endswith(".")
    assert list(told) == list(generate.HEADINGS)
    assert all(told.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_model_has_a_sentence(kind: str) -> None:
    sentences = generate.option_sentences(kind)
    assert all(sentence.endswith(".") for sentence in sentences.values()), sentences


def test_the_readme_names_every_format() -> None:
    named = re.findall(r"^\| `([a-z0-9-]+)`", _page("README.md"), re.MULTILINE)
    assert sorted(named) == sorted(NAMES)
    assert set(FORMATS) == {*NAMES, *ALIASES}


def test_the_readme_names_only_commands_that_there_are() -> None:
    said = set(re.findall(r"^ {4}(segue (?:taste )?\w+)", _page("README.md"), re.MULTILINE))
    assert said <= set(COMMANDS)
    assert {"segue demo", "segue import", "segue train", "segue search", "segue suggest", "segue taste like"} <= said


def test_the_targets_that_are_named_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _page("Makefile"), re.MULTILINE))
    said = {target for page in PAGES for target in re.findall(r"(?:^ {4}|`)make ([a-z-]+)", _page(page), re.MULTILINE)}
    assert said <= targets
    assert {"demo", "test"} <= said


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    text = _page(page)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    for link in links:
        assert (ROOT / page).parent.joinpath(link).exists(), link
    for path in re.findall(r"`((?:db|demo|importer|recommender|tests|docs|bench)/[\w/]+\.(?:py|md))`", text):
        assert (ROOT / path).exists(), path


def test_the_nine_steps_are_nine() -> None:
    steps = re.findall(r"^(\d)\. \*\*", _page("docs/architecture.md"), re.MULTILINE)
    assert steps == [str(number) for number in range(1, 10)]
