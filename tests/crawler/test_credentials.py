"""Where the app's id, secret and redirect URI come from."""

import os
import stat
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crawler.credentials import (
    DEFAULT_REDIRECT,
    FILE,
    Credentials,
    check_redirect,
    find_credentials,
    home,
    keep_credentials,
    obtain_credentials,
)
from crawler.errors import BadAddress, NoCredentials

SECRET = "made-up-secret"
ENVIRONMENT = {"SPOTIPY_CLIENT_ID": "made-up-id", "SPOTIPY_CLIENT_SECRET": SECRET}
posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are kept elsewhere there")


def asked(folder: Path, *lines: str, secret: bool = False, environment: dict[str, str] | None = None) -> Result:
    """Obtain credentials as in a terminal in which these lines are typed."""

    @click.command()
    def command() -> None:
        found = obtain_credentials(environment or {}, folder, terminal=True, secret_needed=secret)
        click.echo(f"{found!r} secret given: {found.client_secret == SECRET}")

    return CliRunner().invoke(command, input="".join(f"{line}\n" for line in lines), catch_exceptions=False)


def test_the_environment_is_enough(tmp_path: Path) -> None:
    assert find_credentials(ENVIRONMENT, tmp_path) == Credentials("made-up-id", SECRET, DEFAULT_REDIRECT)


def test_the_file_fills_in_what_the_environment_does_not_say(tmp_path: Path) -> None:
    keep_credentials(Credentials("made-up-id", SECRET, "https://example.org/back"), tmp_path)
    assert find_credentials({}, tmp_path) == Credentials("made-up-id", SECRET, "https://example.org/back")
    environment = {"SPOTIPY_REDIRECT_URI": "http://[::1]:8000/"}
    assert find_credentials(environment, tmp_path).redirect_uri == "http://[::1]:8000/"


def test_a_secret_never_joins_another_apps_id(tmp_path: Path) -> None:
    keep_credentials(Credentials("other-id", SECRET), tmp_path)
    environment = {"SPOTIPY_CLIENT_ID": "made-up-id"}
    assert find_credentials(environment, tmp_path) == Credentials("made-up-id")
    with pytest.raises(NoCredentials, match="SPOTIPY_CLIENT_SECRET"):
        find_credentials(environment, tmp_path, secret_needed=True)


def test_nothing_known_names_the_cures(tmp_path: Path) -> None:
    with pytest.raises(NoCredentials, match=r"developer\.spotify\.com.*SPOTIPY_CLIENT_ID.*segue login"):
        obtain_credentials({}, tmp_path / "none", terminal=False)
    assert not (tmp_path / "none").exists()


def test_the_repr_hides_the_secret() -> None:
    assert SECRET not in repr(Credentials("made-up-id", SECRET))


def test_in_a_terminal_they_are_asked_for_and_kept_if_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "segue"
    result = asked(folder, "made-up-id", SECRET, "", "y", secret=True)
    assert result.exit_code == 0
    assert "secret given: True" in result.stdout
    assert SECRET not in result.output
    assert find_credentials({}, folder, secret_needed=True).client_secret == SECRET
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_what_is_not_to_be_kept_is_not_kept(tmp_path: Path) -> None:
    assert asked(tmp_path, "made-up-id", "", "n").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_missing_is_asked_for_and_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    keep_credentials(Credentials("made-up-id", None, "https://example.org/back"), tmp_path)
    result = asked(tmp_path, SECRET, "y", secret=True)
    assert "Client id" not in result.stderr
    keep_credentials(Credentials("made-up-id", None, "https://example.org/other"), tmp_path)
    assert find_credentials({}, tmp_path) == Credentials("made-up-id", SECRET, "https://example.org/other")


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_that_others_can_read_is_refused_with_its_cure(tmp_path: Path, mode: int) -> None:
    keep_credentials(Credentials("made-up-id", SECRET), tmp_path)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(NoCredentials, match=f"chmod 600 {tmp_path / FILE}"):
        find_credentials({}, tmp_path)


@posix
def test_the_file_is_private_from_its_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (modes.append(stat.S_IMODE(Path(a).stat().st_mode)), replace(a, b)))
    before = os.umask(0)
    try:
        keep_credentials(Credentials("made-up-id", SECRET), tmp_path / "new")
    finally:
        os.umask(before)
    assert modes == [0o600]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


@pytest.mark.parametrize(
    "bad",
    [
        'client_secret = "made-up-secret',
        "client_id = 5",
        "\x00",
        'client_id = "ключ"',
        pytest.param("client_id = " + "[" * 5000, id="deep"),
    ],
)
def test_a_damaged_file_is_one_sentence_without_the_secret(tmp_path: Path, bad: str) -> None:
    (tmp_path / FILE).touch(0o600)
    (tmp_path / FILE).write_text(bad, encoding="utf-8")
    with pytest.raises(NoCredentials) as caught:
        find_credentials({}, tmp_path)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(tmp_path: Path, encoding: str) -> None:
    (tmp_path / FILE).touch(0o600)
    (tmp_path / FILE).write_bytes('# Schlüssel\nclient_secret = "made-up-secret"'.encode(encoding))
    with pytest.raises(NoCredentials, match="save it as UTF-8") as caught:
        find_credentials({}, tmp_path)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_mark_that_some_editors_put_before_utf_8_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / FILE).touch(0o600)
    (tmp_path / FILE).write_bytes(b'\xef\xbb\xbfclient_id = "made-up-id"\r\n')
    assert find_credentials({}, tmp_path) == Credentials("made-up-id")


def test_a_folder_in_the_place_of_the_file_is_to_be_moved_away(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(NoCredentials, match="is a folder: move it"):
        find_credentials({}, tmp_path)


@pytest.mark.parametrize("bad", ["a secret with spaces", "sécret", "a:b", "x" * 300, "a\tb"])
def test_characters_that_no_secret_has_are_told_without_it(tmp_path: Path, bad: str) -> None:
    with pytest.raises(NoCredentials) as caught:
        find_credentials({**ENVIRONMENT, "SPOTIPY_CLIENT_SECRET": bad}, tmp_path)
    assert bad not in str(caught.value)


def test_spaces_around_what_was_copied_do_not_matter(tmp_path: Path) -> None:
    environment = {"SPOTIPY_CLIENT_ID": " made-up-id\n", "SPOTIPY_CLIENT_SECRET": f"{SECRET} "}
    assert find_credentials(environment, tmp_path) == Credentials("made-up-id", SECRET)


@pytest.mark.parametrize("nothing", ["", " ", "\t\n"])
def test_a_variable_or_a_line_of_spaces_alone_counts_as_unset(tmp_path: Path, nothing: str) -> None:
    environment = {**ENVIRONMENT, "SPOTIPY_REDIRECT_URI": nothing}
    assert find_credentials(environment, tmp_path).redirect_uri == DEFAULT_REDIRECT
    keep_credentials(Credentials("made-up-id", SECRET, "https://example.org/back"), tmp_path)
    assert find_credentials(environment, tmp_path).redirect_uri == "https://example.org/back"
    (tmp_path / FILE).write_text('client_id = "made-up-id"\nclient_secret = " "\nredirect_uri = " "\n')
    assert find_credentials({"SPOTIPY_CLIENT_ID": nothing}, tmp_path) == Credentials("made-up-id")


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:8888/callback",
        "http://[::1]:9/",
        "http://127.0.0.1/callback",
        "https://example.org",
        "https://a.example/b?c=d",
    ],
)
def test_redirect_uris_that_spotify_takes(uri: str) -> None:
    check_redirect(uri)


@pytest.mark.parametrize(
    ("uri", "cure"),
    [
        ("http://localhost:8888/callback", "http://127.0.0.1:8888/callback"),
        ("https://localhost/callback", "127.0.0.1"),
        ("http://example.org/callback", "https"),
        ("http://192.168.1.2:8888/", "https"),
        ("ftp://127.0.0.1/", "https"),
        ("callback", DEFAULT_REDIRECT),
        ("", DEFAULT_REDIRECT),
        ("http://127.0.0.1:99999/", DEFAULT_REDIRECT),
        ("http://127.0.0.1:0/", DEFAULT_REDIRECT),
        ("http://[::1/", DEFAULT_REDIRECT),
        ("http://127.0.0.1:88 88/", DEFAULT_REDIRECT),
        ("http://me@127.0.0.1/", DEFAULT_REDIRECT),
        ("http://127.0.0.1/#here", DEFAULT_REDIRECT),
    ],
)
def test_redirect_uris_that_spotify_refuses_come_with_the_cure(uri: str, cure: str) -> None:
    with pytest.raises(BadAddress) as caught:
        check_redirect(uri)
    assert cure in str(caught.value)


def test_segues_own_folder_is_named_by_the_environment_or_the_system() -> None:
    assert home({"SEGUE_HOME": "/somewhere"}) == Path("/somewhere")
    assert home({"SEGUE_HOME": ""}) == home({}) == Path(click.get_app_dir("segue"))


@pytest.mark.parametrize("below", [(), ("a", "b")])
def test_a_file_in_the_place_of_segues_own_folder_names_the_cure(tmp_path: Path, below: tuple[str, ...]) -> None:
    (tmp_path / "held").touch()
    with pytest.raises(BadAddress, match="set SEGUE_HOME"):
        home({"SEGUE_HOME": str((tmp_path / "held").joinpath(*below))})


@posix
def test_a_name_that_no_folder_can_have_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(BadAddress, match="set SEGUE_HOME"):
        home({"SEGUE_HOME": str(tmp_path / ("x" * 300))})


@posix
def test_a_folder_that_cannot_be_made_or_written_names_the_cure(tmp_path: Path) -> None:
    credentials = Credentials("made-up-id", SECRET)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(BadAddress, match="set SEGUE_HOME") as caught:
        keep_credentials(credentials, tmp_path / "nowhere")
    assert isinstance(caught.value.__cause__, OSError)
    (tmp_path / "shut").mkdir(0o500)
    if not os.access(tmp_path / "shut", os.W_OK):
        for folder in (tmp_path / "shut", tmp_path / "shut" / "new"):
            with pytest.raises(BadAddress, match="set SEGUE_HOME"):
                keep_credentials(credentials, folder)
