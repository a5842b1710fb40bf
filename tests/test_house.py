"""The rules of the house, read from the code itself: who may import whom, and what may stand where."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ARROWS = {
    "cli": {"crawler", "importer", "audio", "recommender", "web", "demo", "db"},
    "web": {"recommender", "db", "crawler"},
    "demo": {"crawler", "importer", "recommender", "db"},
    "crawler": {"db"},
    "importer": {"db"},
    "audio": {"db"},
    "recommender": {"db"},
    "db": set[str](),
}
"""What each house may import; never upward, never in a circle."""

DOORS = {
    "recommender/load.py": "the door for rows",
    "recommender/catalogue.py": "the door for names",
    "recommender/streaming.py": "the door for collections that need not fit into memory",
}
"""The files of the recommender that may import db, and why."""

PURE = {
    "db/records.py",
    "recommender/corpus.py",
    "recommender/vocabulary.py",
    "recommender/ranking.py",
    "recommender/metrics.py",
    "recommender/models/contract.py",
    "demo/catalogue.py",
    "demo/names.py",
}
"""Files that the design calls pure; those whose docstring says "Pure" are held to it too."""

MOST_LINES = 300
MOST_FUNCTION_LINES = 40
SMELLS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service"}
OUTSIDE = {
    "sqlite3", "sqlite_utils", "time", "random", "secrets", "socket", "ssl", "http", "urllib.request", "requests",
    "aiohttp", "spotipy", "subprocess", "tempfile", "shutil",
}  # fmt: skip
"""What a pure file does not import: databases, clocks, chance, networks, processes, disks."""
PICKLES = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
SQL = re.compile(
    r"\s*(SELECT\b.+\bFROM|INSERT (OR \w+ )?INTO|UPDATE\b.+\bSET|DELETE FROM|PRAGMA"
    r"|(CREATE|DROP|ALTER) (TABLE|INDEX|VIEW|VIRTUAL))\b",
    re.DOTALL,
)
QUERYING = {"execute", "executemany", "executescript"}


def _files() -> list[str]:
    houses = [ROOT / house for house in ARROWS if (ROOT / house).is_dir()]
    found = [ROOT / "cli.py", *(path for house in houses for path in house.rglob("*.py"))]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


FILES = _files()
every_file = pytest.mark.parametrize("file", FILES)


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {_module(file): file for file in FILES}


def _imports(file: str, *, lazy: bool = True) -> Iterator[str]:
    """Give the modules that a file imports; not those for type checkers alone; lazy: those inside functions too."""
    waiting: list[ast.AST] = [_tree(file)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += node.orelse
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports name the whole path"
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else str(node.module) for name in submodules)
        elif lazy or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def _house(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


@every_file
def test_imports_go_one_way(file: str) -> None:
    mine = _house(_module(file))
    ours = {_house(name) for name in _imports(file)} & set(ARROWS)
    assert ours - {mine} <= ARROWS[mine]


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith("recommender/")])
def test_the_recommender_has_few_doors_to_the_database(file: str) -> None:
    to_db = {name for name in _imports(file) if _house(name) == "db"}
    assert not to_db or file in DOORS, f"{sorted(to_db)}: go through load.py or catalogue.py"


def test_every_door_is_in_use() -> None:
    assert {file for file in DOORS if any(_house(name) == "db" for name in _imports(file))} == set(DOORS)


def test_no_imports_go_in_a_circle() -> None:
    """Imports inside functions count too: a circle that works only by luck of the order is one."""
    graph = {module: {name for name in _imports(file) if name in MODULES} for module, file in MODULES.items()}
    reach = {module: _reachable(graph, module) for module in graph}
    circles = {frozenset({module, *(other for other in reach[module] if module in reach[other])}) for module in graph}
    assert not [circle for circle in circles if len(circle) > 1]


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@every_file
def test_files_are_short(file: str) -> None:
    assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@every_file
def test_functions_are_short(file: str) -> None:
    long = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)
            if lines > MOST_FUNCTION_LINES:
                long[node.name] = lines
    assert not long


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0


def _is_pure(file: str) -> bool:
    return file in PURE or bool(re.search(r"\bPure\b", ast.get_docstring(_tree(file)) or ""))


def test_the_files_called_pure_exist() -> None:
    assert set(FILES) >= PURE


@pytest.mark.parametrize("file", [file for file in FILES if _is_pure(file)])
def test_pure_files_touch_nothing_outside(file: str) -> None:
    imported = set(_imports(file))
    assert not {name for name in imported if name in OUTSIDE or _house(name) in OUTSIDE}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"open", "print", "input"}, f"line {node.lineno}: {called}"
            assert not called.endswith((".open", ".read_text", ".write_text", ".read_bytes", ".write_bytes"))
            assert not called.startswith(("np.random.", "numpy.random.", "os.")), f"line {node.lineno}: {called}"


@every_file
def test_models_and_everything_else_are_data_never_programs(file: str) -> None:
    assert not {name for name in _imports(file) if _house(name) in PICKLES}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant), f"line {node.value.lineno}"
            assert node.value.value is False, f"line {node.value.lineno}"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"eval", "exec", "compile"}, f"line {node.lineno}"
            assert called != "np.load" or any(word.arg == "allow_pickle" for word in node.keywords), (
                f"line {node.lineno}"
            )


@every_file
def test_names_say_what_a_file_is_for(file: str) -> None:
    assert not SMELLS & set(_module(file).split("."))


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("db/")])
def test_all_sql_is_in_db(file: str) -> None:
    docstrings = {id(node.body[0].value) for node in ast.walk(_tree(file)) if _has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in QUERYING, f"line {node.lineno}: .{node.func.attr}("
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            assert not SQL.match(node.value), f"line {node.lineno}: {node.value!r}"
    assert "sqlite_utils" not in {_house(name) for name in _imports(file)}


def _has_docstring(node: ast.AST) -> bool:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return isinstance(node, documented) and ast.get_docstring(node) is not None


def test_what_is_installed_is_what_is_there() -> None:
    """Every folder with an __init__.py is named in pyproject.toml, and nothing else is."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    there = {_module(file) for file in FILES if file.endswith("__init__.py")}
    assert set(told["packages"]) == there
    assert told["py-modules"] == ["cli"]
