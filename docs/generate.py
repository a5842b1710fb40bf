"""Write docs/cli.md from the commands and docs/models.md from the models, or check that they are up to date.

python -m docs.generate            writes both
python -m docs.generate --check    fails when one is stale
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from cli import main as segue
from recommender.models.registry import KINDS, model_class, not_recommended, options_class, presets
from recommender.models.searches import SEARCH, Choices, Span

FOLDER = Path(__file__).parent
HEADINGS = ("Idea", "Formula", "Source", "For", "Against", "Cold start")
"""What the docstring of a model's class says, in this order; each is followed by a colon."""
_HEADING = re.compile(rf"(?:^|(?<=[.)\]])\s|\n)\s*({'|'.join(HEADINGS)}):\s")
_ABOUT_MODELS = """
Each is trained by `segue train NAME`, takes options by `--set name=value`, and answers to
`segue suggest --model NAME`. They stand best first: where one cannot tell, the next one answers. `segue tune NAME`
draws settings from what is named under each, looks around the best of them, and holds the best few against the usual
ones on playlists that it did not search on.
""".lstrip()
_NOTICE = "<!-- Written by `make docs` from the code: change it there. -->\n"


def cli_text() -> str:
    """Give the text of docs/cli.md."""
    parts = [_NOTICE, "# The commands\n", _body(segue), _options(segue), *_sections(segue, "segue")]
    return "\n".join(part for part in parts if part)


def _sections(group: click.Group, called: str) -> Iterator[str]:
    """Give what there is to say of each command of a group; a group among them says what its own commands are."""
    context = click.Context(group, info_name=called)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full, more = f"{called} {name}", "COMMAND" if isinstance(command, click.Group) else "[OPTIONS]"
        usage = " ".join([full, more, *map(_argument, _of_kind(command, click.Argument))])
        yield from (f"## {full}\n", f"    {usage}\n", _body(command), _options(command))
        if isinstance(command, click.Group):
            yield from _sections(command, full)


def models_text() -> str:
    """Give the text of docs/models.md."""
    parts: list[str | None] = [
        _NOTICE,
        "# The models\n",
        _ABOUT_MODELS,
    ]
    for kind in KINDS:
        sentence, told = model_sections(kind)
        parts += [f"## {kind}\n", sentence + "\n"]
        parts += [f"- **{heading}:** {told[heading]}" for heading in HEADINGS if heading in told]
        parts += ["", _option_table(kind), _preset_lines(kind), _search_line(kind)]
    return "\n".join(part for part in parts if part is not None)


def model_sections(kind: str) -> tuple[str, dict[str, str]]:
    """Give the first sentence of a model's docstring, and what stands under each of its headings."""
    text = inspect.cleandoc(model_class(kind).__doc__ or "")
    first, *rest = _HEADING.split(text)
    return _line(first), {heading: _line(said) for heading, said in zip(rest[::2], rest[1::2], strict=True)}


def option_sentences(kind: str) -> dict[str, str]:
    """Give the sentence that stands under each option of a model."""
    source = inspect.getsource(options_class(kind))
    lines = ast.parse(inspect.cleandoc(source)).body[0]
    assert isinstance(lines, ast.ClassDef)
    told, name = {}, ""
    for line in lines.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
            told[name] = ""
        elif name and isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
            told[name] = _line(str(line.value.value))
    return told


def _body(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "") + "\n"


def _argument(argument: click.Parameter) -> str:
    name = (argument.metavar or (argument.name or "").upper()).rstrip(".")
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs == -1 else "")


def _of_kind(command: click.Command, kind: type[click.Parameter]) -> list[click.Parameter]:
    return [parameter for parameter in command.params if isinstance(parameter, kind)]


def _options(command: click.Command) -> str:
    rows = ["| option | what it does |", "| --- | --- |"]
    for option in _of_kind(command, click.Option):
        assert isinstance(option, click.Option)
        value = "" if option.is_flag or option.count else f" {_value(option)}"
        names = ", ".join(f"`{name}{value}`" for name in [*option.opts, *option.secondary_opts])
        default = f" Default: {option.default}." if option.show_default and not option.is_flag else ""
        rows.append(_row(names, (option.help or "") + default))
    return "\n".join(rows) + "\n" if len(rows) > 2 else ""


def _value(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "[" + "|".join(map(str, option.type.choices)) + "]"
    return {"integer range": "N", "integer": "N", "float": "X"}.get(option.type.name, option.type.name.upper())


def _option_table(kind: str) -> str:
    sentences, defaults = option_sentences(kind), options_class(kind)()
    rows = ["| option | default | what it does |", "| --- | --- | --- |"]
    rows += [
        _row(f"`{field.name}`", _plain(getattr(defaults, field.name)), sentences[field.name])
        for field in fields(defaults)
    ]
    return "\n".join(rows) + "\n" if len(rows) > 2 else "It has no options.\n"


def _preset_lines(kind: str) -> str | None:
    usual, there = options_class(kind)(), presets(kind)
    lines = []
    for name, options in there.items():
        changed = [
            f"{f.name}={_plain(getattr(options, f.name))}" for f in fields(options) if _differ(options, usual, f.name)
        ]
        why = not_recommended(kind, name)
        warning = f" (not recommended: {why})" if why else ""
        lines.append(f"- `--preset {name}`: {', '.join(changed) or 'the defaults'}{warning}")
    return "\n".join(["Presets:\n", *lines, ""]) if lines else None


def _search_line(kind: str) -> str | None:
    rooms = [f"`{name}` {_room(room)}" for name, room in SEARCH.get(kind, {}).items()]
    return f"`segue tune {kind}` searches {', '.join(rooms)}.\n" if rooms else None


def _room(room: Span | Choices) -> str:
    if isinstance(room, Span):
        return f"from {_plain(room.low)} to {_plain(room.high)}"
    *others, last = map(_plain, room)
    return f"among {', '.join(others)} and {last}"


def _differ(options: Any, usual: Any, name: str) -> bool:
    return bool(getattr(options, name) != getattr(usual, name))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _line(text: str) -> str:
    return " ".join(text.split())


def main(words: list[str]) -> int:
    """Write the files, or compare them with what is there; the exit code."""
    stale = []
    for name, text in (("cli.md", cli_text()), ("models.md", models_text())):
        path = FOLDER / name
        if "--check" not in words:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/{name}")
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run `make docs`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
