"""The service as a process sees it: threads, sockets, its log, and the foreground."""

import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from demo.errors import PortInUse
from demo.serve import SECRET, directions
from demo.spotify.serving import Options, serving
from tests.cli.running import command, environment
from tests.demo.spotify.asking import Asker, asking


def test_nothing_is_left_when_it_stops() -> None:
    before = threading.active_count()
    with asking() as asker:
        assert asker.get("/me").status == 200
        address = asker.places.accounts
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/_health", timeout=2)


def test_it_stops_while_somebody_is_still_connected() -> None:
    import http.client

    with asking() as asker:
        open_connection = http.client.HTTPConnection(asker.places.accounts.removeprefix("http://"), timeout=5)
        open_connection.request("GET", "/_health")
        open_connection.getresponse().read()
        started = time.monotonic()
    assert time.monotonic() - started < 3
    open_connection.close()


def test_several_run_at_once_and_a_port_is_one_services_own() -> None:
    with asking() as first, asking(seed=2) as second:
        assert first.places.accounts != second.places.accounts
        assert first.playlist_id(0) != second.playlist_id(0)
        port = int(first.places.accounts.rsplit(":", 1)[1])
        with pytest.raises(PortInUse, match=f"port {port} is in use"), serving(Options(port=port)):
            pass
    with serving(Options(port=port, playlists=20)) as again:
        assert again.accounts.endswith(f":{port}")


def test_an_unknown_regime_is_refused() -> None:
    with pytest.raises(ValueError, match="PARTY"), serving(Options(regime="PARTY")):
        pass


def test_requests_are_kept_and_forgotten() -> None:
    with asking() as asker:
        asker.get("/me/playlists", limit=3)
        asker.get("/nothing")
        seen = asker.places.requests()
        assert [(one.method, one.path, one.status) for one in seen] == [
            ("GET", "/v1/me/playlists?limit=3", 200),
            ("GET", "/v1/nothing", 404),
        ]
        assert seen[0].at <= seen[1].at <= time.monotonic()
        told = asker.ask("GET", f"{asker.places.accounts}/_requests").json
        assert [one["path"] for one in told] == [one.path for one in seen]
        assert asker.ask("DELETE", f"{asker.places.accounts}/_requests").status == 204
        assert asker.places.requests() == []
        asker.get("/me")
        asker.places.forget()
        assert asker.places.requests() == []


def test_a_large_library_is_listed_quickly() -> None:
    with asking(playlists=60_000, library=50_000, followed=5_000) as asker:
        asker.get("/me/playlists")
        started = time.monotonic()
        pages = [asker.get("/me/playlists", limit=50, offset=offset).json for offset in (0, 25_000, 54_950)]
        assert time.monotonic() - started < 0.5
    assert [page["total"] for page in pages] == [55_003] * 3
    assert [len(page["items"]) for page in pages] == [49, 50, 50]


def test_many_ask_at_once() -> None:
    with asking() as asker:
        replies: list[int] = []

        def ask(one: Asker) -> None:
            replies.extend(one.get(f"/playlists/{one.playlist_id(number)}").status for number in range(8))

        threads = [threading.Thread(target=ask, args=(asker,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert replies == [200] * 64


_SERVE = (
    "from demo.serve import serve_forever; from demo.spotify.serving import Options; "
    "serve_forever(Options(playlists=50, port={port}), lambda line: print(line, flush=True))"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_in_the_foreground_it_says_how_to_use_it_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-c", _SERVE.format(port=0)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines: list[str] = []
        while not lines or not lines[-1].endswith("/_requests"):
            lines.append(process.stdout.readline().rstrip("\n"))
            assert process.poll() is None, process.stderr.read()
        told = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
        with urllib.request.urlopen(f"{told['SEGUE_SPOTIFY_ACCOUNTS']}/_health", timeout=5) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""
    assert told["SEGUE_SPOTIFY_API"] == f"{told['SEGUE_SPOTIFY_ACCOUNTS']}/v1"
    assert told["SEGUE_RECCOBEATS_API"].endswith("/reccobeats")
    assert {"SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET", "SPOTIPY_REDIRECT_URI"} <= set(told)
    assert any(line.startswith("segue crawl") for line in lines)


def test_no_direction_puts_a_secret_or_a_token_into_the_list_of_processes() -> None:
    options = Options(playlists=8)
    with serving(options) as places:
        lines = [*directions(options, places)]
    run = [line for line in lines if line.startswith(("curl", "segue"))]
    assert f"curl {places.accounts}/_requests" in run
    assert not [line for line in run if SECRET in line or "Bearer" in line or " -u " in line]


def test_the_login_of_the_directions_is_agreed_to_with_curl(tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    options = Options(playlists=8)
    with serving(options) as places:
        lines = [*directions(options, places)]
        assert "curl -sL 'ADDRESS'" in lines[lines.index("segue login --no-browser") + 1]
        told = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
        env = environment(**told | {"SEGUE_HOME": str(tmp_path), "SPOTIPY_REDIRECT_URI": "http://127.0.0.1/callback"})
        with subprocess.Popen(
            command("login", "--no-browser"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
        ) as login:  # fmt: skip
            assert login.stdout is not None
            address = login.stdout.readline().strip()
            page = subprocess.run(["curl", "-sL", address], capture_output=True, text=True, timeout=20, check=True)
            _, err = login.communicate(timeout=20)
    assert "You may close this page" in page.stdout
    assert login.returncode == 0, err
