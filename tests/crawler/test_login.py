"""`segue login` and `segue logout`, as processes of their own, against the small Spotify and an odd one."""

import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.credentials import Credentials
from crawler.errors import NotLoggedIn, Unreachable
from crawler.listener import stray
from crawler.login import Person, log_in
from crawler.token import READ_SCOPES, WRITE_SCOPES
from crawler.token_file import read_token
from demo.spotify.serving import Options, serving
from demo.spotify.serving import Places as Served
from tests.cli.running import command, environment, process
from tests.crawler.accounts import Service, free_port, service

SECRET = "made-up-secret"
ELSEWHERE = "https://listener.example/callback"
posix = pytest.mark.skipif(os.name != "posix", reason="signals and rights of files are others there")


@pytest.fixture(scope="module")
def spotify() -> Iterator[Served]:
    with serving(Options(playlists=8)) as running:
        yield running


@pytest.fixture
def odd() -> Iterator[Service]:
    with service() as running:
        yield running


def around(home: Path, accounts: str, redirect: str, **more: str) -> dict[str, str]:
    """Give the environment of a command."""
    return environment(
        SEGUE_HOME=str(home),
        SEGUE_SPOTIFY_ACCOUNTS=accounts,
        SPOTIPY_CLIENT_ID="made-up-id",
        SPOTIPY_CLIENT_SECRET=SECRET,
        SPOTIPY_REDIRECT_URI=redirect,
        **more,
    )


def loopback() -> str:
    return f"http://127.0.0.1:{free_port()}/callback"


@dataclass
class Running:
    """A login that waits for its answer."""

    process: subprocess.Popen[str]
    address: str

    @property
    def asked(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}

    def end(self, line: str = "") -> tuple[int, str, str]:
        """Type a line, if there is one, and wait for the end."""
        out, err = self.process.communicate(f"{line}\n" if line else None, timeout=20)
        return self.process.returncode, out, err


@contextlib.contextmanager
def login(*words: str, env: dict[str, str], browser: bool = False) -> Iterator[Running]:
    """Start `segue login`, and read the address that it prints."""
    with subprocess.Popen(
        command("login", *([] if browser else ["--no-browser"]), *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    ) as started:
        try:
            assert started.stdout is not None
            address = started.stdout.readline().strip()
            yield Running(started, address)
        finally:
            started.kill()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def agree(address: str) -> str:
    """Agree at Spotify, and give the address that the browser would be sent to."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    with caught.value as answer:
        assert answer.code == 302
        return str(answer.headers["Location"])


def open_page(address: str) -> tuple[int, str]:
    """Open a page as a browser does, redirects followed; retried until somebody listens."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens at {address}")


def kept(home: Path) -> Path:
    """Give the one token file."""
    (path,) = (home / "tokens").glob("*.json")
    return path


def test_a_browser_that_is_sent_back_ends_the_login(spotify: Served, tmp_path: Path) -> None:
    with login(env=around(tmp_path, spotify.accounts, loopback())) as running:
        assert set(running.asked["scope"].split()) == set(READ_SCOPES)
        if Path("/proc/self/cmdline").exists():
            seen = Path(f"/proc/{running.process.pid}/cmdline").read_bytes()
            assert SECRET.encode() not in seen
        status, page = open_page(running.address)
        code, out, err = running.end()
    assert (code, status) == (0, 200)
    assert "You may close this page" in page
    path = kept(tmp_path)
    token = read_token(path)
    assert token is not None
    assert token.scopes == set(READ_SCOPES)
    assert str(path) in out
    assert "six months" in out
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for hidden in (SECRET, token.access, token.refresh or "?"):
        assert hidden not in running.address + out + err + page


def test_the_address_can_be_pasted_where_nobody_listens(spotify: Served, tmp_path: Path) -> None:
    with login("--write", env=around(tmp_path, spotify.accounts, ELSEWHERE)) as running:
        code, out, err = running.end(f'  "{agree(running.address)}" ')
    assert (code, "paste here" in err) == (0, True)
    token = read_token(kept(tmp_path))
    assert token is not None
    assert token.scopes == set(READ_SCOPES + WRITE_SCOPES)
    assert "make new ones" in out


def test_the_address_can_be_pasted_while_the_page_waits_too(spotify: Served, tmp_path: Path) -> None:
    with login(env=around(tmp_path, spotify.accounts, loopback())) as running:
        assert running.end(f"\n\n{agree(running.address)}")[0] == 0


def test_a_port_in_use_is_told_and_pasting_still_works(spotify: Served, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        redirect = f"http://127.0.0.1:{held.getsockname()[1]}/callback"
        with login(env=around(tmp_path, spotify.accounts, redirect)) as running:
            code, _, err = running.end(agree(running.address))
    assert code == 0
    assert f"Nothing can listen at {redirect} (Address already in use)." in err or os.name != "posix"


@pytest.mark.parametrize("redirect", ["http://127.0.0.1/callback", "http://[::1]/callback", "http://127.0.0.1"])
def test_a_redirect_uri_without_a_port_gets_any_free_one(spotify: Served, tmp_path: Path, redirect: str) -> None:
    if "::1" in redirect and not _has_ipv6():
        pytest.skip("no IPv6 here")
    with login(env=around(tmp_path, spotify.accounts, redirect)) as running:
        asked = urlsplit(running.asked["redirect_uri"])
        assert asked.port
        assert asked.hostname == urlsplit(redirect).hostname
        assert open_page(running.address)[0] == 200
        assert running.end()[0] == 0


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_json_is_one_object_and_the_address_is_beside_it(spotify: Served, tmp_path: Path) -> None:
    env = around(tmp_path, spotify.accounts, ELSEWHERE)
    with subprocess.Popen(
        command("login", "--no-browser", "--json"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
    ) as started:  # fmt: skip
        assert started.stderr is not None
        lines = iter(started.stderr.readline, "")
        address = next(line.strip() for line in lines if line.startswith("http"))
        out, _ = started.communicate(f"{agree(address)}\n", timeout=20)
    told = json.loads(out)
    assert told.keys() == {"flow", "scopes", "token_file", "until"}
    assert told["token_file"] == str(kept(tmp_path))


@posix
def test_the_browser_is_opened_and_need_not_be_watched(spotify: Served, tmp_path: Path) -> None:
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1], timeout=10).close()\n")
    env = around(tmp_path, spotify.accounts, loopback(), BROWSER=f"{sys.executable} {browser} %s")
    with login(env=env, browser=True) as running:
        assert running.end()[0] == 0
    assert kept(tmp_path)


def test_other_pages_and_silent_connections_do_not_end_the_wait(spotify: Served, tmp_path: Path) -> None:
    """Browsers ask for an icon, and open connections that they may never use."""
    redirect = loopback()
    port = urlsplit(redirect).port or 0
    with login(env=around(tmp_path, spotify.accounts, redirect)) as running:
        assert open_page(f"http://127.0.0.1:{port}/favicon.ico")[0] == 404
        assert open_page(f"http://127.0.0.1:{port}/callback/more?code=a&state=b")[0] == 404
        with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as rude:
            rude.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/callback")
            assert connection.getresponse().status == 501
            connection.close()
            assert running.process.poll() is None
            assert open_page(running.address)[0] == 200
        code, _, err = running.end()
    assert code == 0
    assert "Traceback" not in err


BAD_ANSWERS = [
    ("error=access_denied&state={state}", "grant no access"),
    ("error=server_error&state={state}", "server_error"),
    ("error=<script>alert(1)</script>&state={state}", "without a name"),
]
STRAYS = [
    ("?code=made-up-code&state=another", "another login"),
    ("?code=made-up-code", "another login"),
    ("?error=access_denied&state=another", "another login"),
    ("?error=access_denied", "another login"),
    ("?state={state}", "no code"),
    ("?code=&state={state}", "no code"),
    ("?", "no answer"),
    ("", "no answer"),
]


@pytest.mark.parametrize(("query", "told"), BAD_ANSWERS)
@pytest.mark.parametrize("pasted", [True, False])
def test_a_bad_answer_ends_the_login_with_one_line(tmp_path: Path, query: str, told: str, pasted: bool) -> None:
    redirect = loopback()
    with login(env=around(tmp_path, "http://127.0.0.1:9", redirect)) as running:
        answer = f"{redirect}?{query.format(state=running.asked['state'])}"
        page = "" if pasted else open_page(answer.replace("<", "%3C").replace(">", "%3E"))[1]
        code, _, err = running.end(answer if pasted else "")
    last = err.splitlines()[-1]
    assert code == 1
    assert last.startswith("Error: ")
    assert told in last
    assert "made-up-code" not in err
    assert "alert" not in page + err
    assert pasted or "You may close this page" in page
    assert not (tmp_path / "tokens").exists()


def test_what_is_not_the_answer_shows_a_page_and_the_login_goes_on(spotify: Served, tmp_path: Path) -> None:
    redirect = loopback()
    with login(env=around(tmp_path, spotify.accounts, redirect)) as running:
        for query, _ in STRAYS:
            status, page = open_page(redirect + query.format(state=running.asked["state"]))
            assert status == 400
            assert "This is not the answer that Segue waits for" in page
            assert "made-up-code" not in page
        assert running.process.poll() is None
        assert "You may close this page" in open_page(running.address)[1]
        assert running.end()[0] == 0
    assert read_token(kept(tmp_path))


@pytest.mark.parametrize("redirect", [None, ELSEWHERE])
def test_a_pasted_line_that_is_not_the_answer_says_why_and_the_login_goes_on(
    spotify: Served, tmp_path: Path, redirect: str | None
) -> None:
    redirect = redirect or loopback()
    with login(env=around(tmp_path, spotify.accounts, redirect)) as running:
        wrong = [redirect + query.format(state=running.asked["state"]) for query, _ in STRAYS]
        code, _, err = running.end("\n".join([*wrong, agree(running.address)]))
    assert code == 0, err
    said = [line for line in err.splitlines() if any(told in line for _, told in STRAYS)]
    assert all(told in line for line, (_, told) in zip(said, STRAYS, strict=True))
    assert "made-up-code" not in err


@pytest.mark.parametrize("address", ["", "http://[", "words", "http://a/?code=5&state=%00"])
def test_a_pasted_line_that_is_no_answer_is_one_sentence(address: str) -> None:
    assert (stray(address, "state") or "").count(".") == 1


def test_a_wrong_line_and_then_no_more_ends_a_login_that_could_hear_nothing_else(
    spotify: Served, tmp_path: Path
) -> None:
    with login(env=around(tmp_path, spotify.accounts, ELSEWHERE)) as running:
        code, _, err = running.end("words")
    assert code == 1
    assert "no answer of Spotify" in err
    assert "no answer can come" in err.splitlines()[-1]


@pytest.mark.parametrize("redirect", [None, ELSEWHERE])
def test_it_says_how_long_it_waits(spotify: Served, tmp_path: Path, redirect: str | None) -> None:
    with login(env=around(tmp_path, spotify.accounts, redirect or loopback())) as running:
        _, _, err = running.end(agree(running.address))
    assert "5 minutes" in err


def test_a_code_that_spotify_does_not_take_is_told_without_the_six_months(odd: Service, tmp_path: Path) -> None:
    odd.replies = [(400, {"error": "invalid_grant", "error_description": "Invalid authorization code"})]
    with pytest.raises(NotLoggedIn, match=r"does not take this answer.*`segue login` again") as caught:
        logged_in(odd, tmp_path, [])
    assert "six months" not in str(caught.value)


def test_a_closed_stdin_ends_only_a_login_that_could_hear_nothing_else(spotify: Served, tmp_path: Path) -> None:
    done = process("login", "--no-browser", env=around(tmp_path, spotify.accounts, ELSEWHERE), stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "no answer can come" in done.stderr
    with login(env=around(tmp_path, spotify.accounts, loopback())) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        running.process.stdin = None
        time.sleep(0.3)
        assert open_page(running.address)[0] == 200
        assert running.end()[0] == 0


def test_the_wait_has_an_end(odd: Service, tmp_path: Path) -> None:
    shown: list[str] = []
    reading, writing = os.pipe()
    began = time.monotonic()
    with pytest.raises(NotLoggedIn, match="segue login"):
        log_in(
            Credentials("made-up-id", None, loopback()), odd.places, READ_SCOPES, tmp_path,
            Person(shown.append, shown.append, reading), patience_s=0.3,
        )  # fmt: skip
    assert time.monotonic() - began < 5
    os.close(writing)
    time.sleep(0.1)
    os.close(reading)


@posix
def test_ctrl_c_ends_the_wait_at_once(spotify: Served, tmp_path: Path) -> None:
    with login(env=around(tmp_path, spotify.accounts, loopback())) as running:
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        _, err = running.process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert running.process.returncode == 1
    assert "Traceback" not in err
    assert "Fatal" not in err


def logged_in(odd: Service, folder: Path, waits: list[float]) -> None:
    """Log in at the odd service, the answer pasted."""
    reading, writing = os.pipe()

    def show(address: str) -> None:
        os.write(writing, f"{agree(address)}\n".encode())
        os.close(writing)

    try:
        person = Person(show, lambda _: None, reading)
        log_in(Credentials("made-up-id", None, ELSEWHERE), odd.places, READ_SCOPES, folder, person, sleep=waits.append)
    finally:
        time.sleep(0.1)
        os.close(reading)


def test_a_service_out_of_order_is_asked_four_times_for_the_token(odd: Service, tmp_path: Path) -> None:
    waits: list[float] = []
    odd.replies = [(503, b"busy"), (200, b"<html>")]
    logged_in(odd, tmp_path, waits)
    assert waits == [1, 2]
    assert len({form["code_verifier"] for form in odd.forms}) == 1
    odd.replies = [(503, b"busy")] * 4
    with pytest.raises(Unreachable):
        logged_in(odd, tmp_path, waits)
    assert waits == [1, 2, 1, 2, 4]


def test_a_token_that_cannot_be_renewed_is_not_kept(odd: Service, tmp_path: Path) -> None:
    told = odd.token()
    del told["refresh_token"]
    odd.replies = [(200, told)]
    with pytest.raises(NotLoggedIn, match="renewed"):
        logged_in(odd, tmp_path, [])
    assert list((tmp_path / "tokens").iterdir()) == []


def test_the_app_logs_in_with_its_secret_and_says_what_it_cannot_see(spotify: Served, tmp_path: Path) -> None:
    env = around(tmp_path, spotify.accounts, ELSEWHERE)
    done = process("login", "--app", env=env)
    assert done.returncode == 0, done.stderr
    assert "cannot see your own playlists" in done.stdout
    token = read_token(kept(tmp_path))
    assert token is not None
    assert token.refresh is None
    assert SECRET not in done.stdout + done.stderr
    wrong = process("login", "--app", env=env | {"SPOTIPY_CLIENT_SECRET": "wrong"})
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("Error: ")
    assert len(wrong.stderr.splitlines()) == 1
    del env["SPOTIPY_CLIENT_SECRET"]
    missing = process("login", "--app", env=env, stdin=subprocess.DEVNULL)
    assert "SPOTIPY_CLIENT_SECRET" in missing.stderr
    assert process("login", "--app", "--write", env=env).returncode == 2


def test_without_a_client_id_the_cure_is_named(spotify: Served, tmp_path: Path) -> None:
    env = {name: value for name, value in around(tmp_path, spotify.accounts, "").items() if "SPOTIPY" not in name}
    done = process("login", env=env, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "SPOTIPY_CLIENT_ID" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_logout_removes_this_apps_tokens_or_all(spotify: Served, tmp_path: Path) -> None:
    env = around(tmp_path, spotify.accounts, ELSEWHERE)
    assert process("logout", env=env).stdout.startswith("No token is kept here.")
    process("login", "--app", env=env)
    mine = kept(tmp_path)
    process("login", "--app", env=env | {"SPOTIPY_CLIENT_ID": "other-id"})
    nameless = {name: value for name, value in env.items() if name != "SPOTIPY_CLIENT_ID"}
    assert "--all" in process("logout", env=nameless).stderr
    done = process("logout", env=env)
    assert done.returncode == 0
    assert f"Removed {mine}" in done.stdout
    assert "https://www.spotify.com/account/apps/" in done.stdout
    other = kept(tmp_path)
    assert other != mine
    assert json.loads(process("logout", "--all", "--json", env=nameless).stdout) == {"removed": [str(other)]}
    assert list((tmp_path / "tokens").iterdir()) == []


def test_a_users_login_needs_no_secret(odd: Service, tmp_path: Path) -> None:
    logged_in(odd, tmp_path, [])
    (form,) = odd.forms
    assert form["grant_type"] == "authorization_code"
    assert form["redirect_uri"] == ELSEWHERE
    assert form.keys() == {"client_id", "grant_type", "code", "redirect_uri", "code_verifier"}
    assert "Authorization" not in odd.headers[0]


@pytest.mark.parametrize("words", [("login", "--no-browser"), ("login", "--app"), ("logout",), ("logout", "--all")])
@pytest.mark.parametrize("below", ["", "new"])
def test_a_segue_home_that_is_a_file_is_one_line_with_its_cure(
    spotify: Served, tmp_path: Path, words: tuple[str, ...], below: str
) -> None:
    (tmp_path / "held").touch()
    done = process(
        *words, env=around(tmp_path / "held" / below, spotify.accounts, loopback()), stdin=subprocess.DEVNULL
    )
    assert done.returncode == 1
    assert "SEGUE_HOME" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@posix
@pytest.mark.parametrize("words", [("login", "--no-browser"), ("login", "--app")])
def test_a_segue_home_that_cannot_be_made_is_told_before_anybody_agrees(
    spotify: Served, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    env = around(tmp_path / "nowhere", spotify.accounts, loopback())
    done = process(*words, env=env, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "SEGUE_HOME" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_crawl_names_a_segue_home_that_is_a_file(spotify: Served, tmp_path: Path) -> None:
    (tmp_path / "held").touch()
    env = around(tmp_path / "held", spotify.accounts, ELSEWHERE, SEGUE_SPOTIFY_API=spotify.api)
    done = process("--db", tmp_path / "segue.db", "crawl", "--accept-terms", env=env, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "SEGUE_HOME" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
