"""What the server's log tells, and what it never tells."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.web import world
from tests.web.conftest import KEY
from tests.web.serving import get, in_a_thread, process
from web.app import create_app
from web.errors import CannotServe
from web.running import log
from web.settings import Settings

SEED = world.track_id("techno", 1, 3)
TOKEN = "a-generated-token-for-tests"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the process's logging as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def app(made: Path) -> Flask:
    one = create_app(made, Settings(key=KEY, token=TOKEN))
    one.add_url_rule("/of/<listener>", "of", lambda listener: listener)
    one.add_url_rule("/broken", "broken", lambda: str(1 / 0))
    return one


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def asked(app: Flask, file: Path, path: str, *, quiet: bool = False, **headers: str) -> list[dict[str, Any]]:
    log.begin(file, quiet=quiet)
    with in_a_thread(app) as port:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        get(port, path, {"Authorization": f"Bearer {TOKEN}"} | told)
    return lines(file)


def test_a_request_is_one_line_with_what_is_needed_to_find_it(app: Flask, tmp_path: Path) -> None:
    [told] = asked(app, tmp_path / "log", "/?q=golden+circuit", X_Request_Id="abc-123")
    assert told["id"] == "abc-123"
    assert (told["method"], told["path"], told["room"], told["status"]) == ("GET", "/", "find", 200)
    assert 0 < told["ms"] < 20_000
    assert told["bytes"] > 1000
    assert told["process"] == os.getpid()
    assert told["at"].endswith("+00:00")


def test_neither_words_nor_names_nor_tokens_are_told(app: Flask, tmp_path: Path) -> None:
    for path in ("/?q=secret+words", "/of/Anna%20Example", f"/nothing?token={TOKEN}", "/next?listener=Anna"):
        asked(app, tmp_path / "log", path, Cookie=f"segue={TOKEN}")
    text = (tmp_path / "log").read_text()
    assert [told["path"] for told in lines(tmp_path / "log")] == ["/", "/of/<listener>", "/nothing", "/next"]
    for secret in ("secret", "Anna", TOKEN):
        assert secret not in text


@pytest.mark.parametrize("path", ["/of/Anna/Example", "/listeners/Anna/likes", "/Of//Anna"])
def test_what_was_never_answered_tells_no_name_either(app: Flask, tmp_path: Path, path: str) -> None:
    [told] = asked(app, tmp_path / "log", path)
    assert told["status"] in (404, 405)
    assert told["path"] == f"/{path.split('/')[1]}/..."


@pytest.mark.parametrize("bad", ["two words", "a" * 65, 'quote"', "<b>"])
def test_an_id_that_is_not_plain_is_replaced(app: Flask, tmp_path: Path, bad: str) -> None:
    [told] = asked(app, tmp_path / "log", "/", X_Request_Id=bad)
    assert told["id"] != bad
    assert len(told["id"]) == 32


def test_no_path_breaks_a_line(app: Flask, tmp_path: Path) -> None:
    told = asked(app, tmp_path / "log", '/%0a{"status":200}%0d%0a%ff%f0%9f%8e%b5' + "x" * 500)
    assert [one["status"] for one in told] == [404]
    assert len(told[0]["path"]) == 200


def test_what_breaks_is_told_with_its_trace_and_answered_with_a_sentence(app: Flask, tmp_path: Path) -> None:
    told = asked(app, tmp_path / "log", "/broken?q=secret")
    assert "ZeroDivisionError" in told[0]["trace"]
    assert "secret" not in json.dumps(told)
    assert told[-1]["status"] == 500
    assert told[-1]["level"] == "error"


def test_quiet_tells_only_what_went_wrong(app: Flask, tmp_path: Path) -> None:
    assert not asked(app, tmp_path / "log", "/", quiet=True)
    assert [one["level"] for one in asked(app, tmp_path / "log", "/broken", quiet=True)] == ["error", "error"]


def test_a_log_that_is_moved_aside_begins_anew(app: Flask, tmp_path: Path) -> None:
    log.begin(tmp_path / "log", quiet=False)
    with in_a_thread(app) as port:
        get(port, "/healthz")
        (tmp_path / "log").rename(tmp_path / "log.1")
        get(port, "/healthz")
    assert len(lines(tmp_path / "log")) == len(lines(tmp_path / "log.1")) == 1


def test_a_log_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="--log"):
        log.begin(tmp_path / "none" / "log", quiet=False)


def test_several_processes_write_whole_lines_into_one_file(database: Path, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("one process alone serves on Windows")
    with process(database, "--workers", "2", "--log", str(tmp_path / "log")) as served:
        for number in range(30):
            assert served.get(f"/next?seed={SEED}&n={number + 1}").status == 200
    told = lines(tmp_path / "log")
    assert [one["path"] for one in told] == ["/next"] * 30
    assert not [line for line in served.said if line.startswith("{")]


@pytest.mark.skipif(os.name != "posix", reason="Windows removes no folder of an open file")
def test_a_log_whose_folder_goes_leaves_no_request_without_an_answer(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logs" / "log"
    file.parent.mkdir()
    log.begin(file, quiet=False)
    with in_a_thread(app) as port:
        assert get(port, "/healthz").status == 200
        shutil.rmtree(file.parent)
        assert [get(port, "/healthz").status for _ in range(3)] == [200] * 3
        file.parent.mkdir()
        assert get(port, "/healthz").status == 200
    assert len(lines(file)) == 1, "it goes on where there is a folder again"
    assert capsys.readouterr().err.count("cannot be written any more") == 1
