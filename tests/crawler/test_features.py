"""`segue features` against the small Spotify and the small ReccoBeats, over real HTTP."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler import features_command
from crawler.features import choosing
from demo.ids import Kind
from demo.sounds import sound_of
from demo.spotify import serving
from demo.spotify.serving import Options
from tests.crawler.small import at, keep, log_in, rows, segue, song, song_id, told

FAST = ("--pace", "0", "--json")
posix = pytest.mark.skipif(os.name != "posix", reason="terminals and signals are others there")


@pytest.fixture(scope="module")
def shared() -> Iterator[serving.Places]:
    with serving.serving(Options(regime="EXT", playlists=60)) as running:
        yield running


@pytest.fixture
def service(shared: serving.Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> serving.Places:
    shared.forget()
    at(shared, tmp_path, monkeypatch)
    return shared


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "songs.db"


def asked(service: serving.Places, path: str = "/reccobeats/v1/audio-features") -> list[list[str]]:
    """Give the ids of each request."""
    seen = [urlsplit(request.path) for request in service.requests()]
    return [parse_qs(one.query)["ids"][0].split(",") for one in seen if one.path == path]


def with_features(database: Path) -> set[str]:
    found = rows(database, "SELECT track_id FROM audio_features f JOIN tracks t ON t.key = f.track_key")
    return {track_id for (track_id,) in found}


def misses(database: Path) -> set[tuple[str, str]]:
    return set(rows(database, "SELECT provider, track_id FROM feature_misses JOIN tracks t ON t.key = track_key"))


def test_the_names_of_the_option_are_those_of_the_providers() -> None:
    assert features_command._PROVIDERS == choosing.NAMES


def test_reccobeats_needs_no_login_and_is_asked_by_id_and_then_by_isrc(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, number) for number in range(90)]])
    done = segue(database, "features", "--provider", "reccobeats", *FAST)
    report = told(done)
    assert done.exit_code == 0
    assert report["reason"] == "done"
    stored, missed = report["stored"]["reccobeats"], report["missed"]["reccobeats"]
    assert stored + missed == 90
    assert 60 < stored < 90
    assert with_features(database) | {track_id for _, track_id in misses(database)} == {
        song_id(service, number) for number in range(90)
    }
    by_id, by_isrc = asked(service)[:3], asked(service)[3:]
    assert sorted(map(len, by_id)) == [10, 40, 40]
    assert 0 < sum(map(len, by_isrc)) < 40
    assert all(len(one) == 12 for request in by_isrc for one in request)
    assert not [request for request in service.requests() if request.path.startswith("/v1")]


def test_what_is_stored_is_what_the_service_tells_of_that_very_track(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, number) for number in range(60)]])
    segue(database, "features", "--provider", "reccobeats", *FAST)
    stored = dict(rows(database, "SELECT track_id, energy FROM audio_features f JOIN tracks t ON t.key = f.track_key"))
    keys = {key for (key,) in rows(database, "SELECT key FROM audio_features")}
    music = service.world.music
    assert len(stored) > 40
    for number in range(60):
        if (energy := stored.get(song_id(service, number))) is not None:
            assert energy == sound_of(music, music.song(number))["energy"]
    assert None not in keys
    assert rows(database, "SELECT DISTINCT source, place FROM imports WHERE source <> 'made-up'") == [
        ("reccobeats", "audio features")
    ]


def test_misses_are_not_asked_for_again_for_30_days(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, number) for number in range(80)]])
    missed = told(segue(database, "features", "--provider", "reccobeats", *FAST))["missed"]["reccobeats"]
    service.forget()
    again = told(segue(database, "features", "--provider", "reccobeats", *FAST))
    assert service.requests() == []
    assert again["counts"]["known to be missing"] == missed > 0
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE feature_misses SET asked_at = asked_at - 31 * 86400")
    segue(database, "features", "--provider", "reccobeats", *FAST)
    assert sum(map(len, asked(service)[:2])) >= missed


def test_the_most_listed_are_asked_for_first(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, number) for number in range(start, 60)] for start in (0, 10, 30)])
    report = told(segue(database, "features", "--provider", "reccobeats", "--max-requests", "1", *FAST))
    assert (report["reason"], report["counts"]["requests"]) == ("max-requests", 1)
    thrice = {song_id(service, number) for number in range(30, 60)}
    assert thrice < set(asked(service)[0])


def test_made_up_ids_are_never_sent_and_their_isrcs_are(service: serving.Places, database: Path) -> None:
    made_up = [song(service, number, f"x:{number:020x}") for number in range(30)]
    nameless = [song(service, number, f"x:{number:020x}", isrc=False) for number in range(100, 130)]
    keep(database, [made_up + nameless])
    report = told(segue(database, "features", "--provider", "reccobeats", *FAST))
    assert all(len(one) == 12 for request in asked(service) for one in request)
    assert report["stored"]["reccobeats"] + report["missed"]["reccobeats"] == 30
    assert with_features(database) <= {track.track_id for track in made_up}


def test_of_several_records_of_an_isrc_the_one_that_fits_is_taken(service: serving.Places, database: Path) -> None:
    """The small ReccoBeats has for one ISRC of 20 another release, with another title and tempo."""
    twice = list(range(0, 400, 20))
    keep(database, [[song(service, number, f"x:{number:020x}") for number in twice]])
    segue(database, "features", "--provider", "reccobeats", *FAST)
    stored = dict(rows(database, "SELECT track_id, tempo FROM audio_features f JOIN tracks t ON t.key = f.track_key"))
    assert len(stored) > 10
    assert asked(service, "/reccobeats/v1/track")
    for number in twice:
        if (tempo := stored.get(f"x:{number:020x}")) is not None:
            assert tempo == sound_of(service.world.music, service.world.music.song(number))["tempo"]


def test_without_a_terminal_nothing_is_sent_to_anybody_who_was_not_named(
    service: serving.Places, database: Path
) -> None:
    keep(database, [[song(service, 1)]])
    done = segue(database, "features")
    assert done.exit_code == 1
    assert "--provider reccobeats" in done.stderr.splitlines()[-1]
    assert service.reccobeats in done.stderr
    assert service.requests() == []


def _at_a_terminal(database: Path, typed: str) -> tuple[int, str, str]:
    """Run the command with a terminal for stdin, at which somebody types; gives exit code, stdout and stderr."""
    import pty

    hand, terminal = pty.openpty()
    try:
        command = [sys.executable, "-m", "cli", "--db", str(database), "features", "--pace", "0"]
        running = subprocess.Popen(
            command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
        )
        os.write(hand, typed.encode())
        stdout, stderr = running.communicate(timeout=60)
    finally:
        os.close(hand)
        os.close(terminal)
    return running.returncode, stdout, stderr


@posix
def test_a_person_is_told_what_is_sent_where_and_asked_once(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, number) for number in range(10)]])
    code, stdout, stderr = _at_a_terminal(database, "y\n")
    assert code == 0
    assert "from reccobeats" in stdout
    for word in ("ReccoBeats", service.reccobeats, "ids of tracks", "ISRC", "no account", "Passed over: no client id"):
        assert word in stderr
    keep(database, [[song(service, number) for number in range(10, 20)]])
    again = segue(database, "features", "--pace", "0")
    assert again.exit_code == 0
    assert "no account" not in again.stderr


@posix
def test_a_person_who_declines_sends_nothing(service: serving.Places, database: Path) -> None:
    keep(database, [[song(service, 1)]])
    code, _, stderr = _at_a_terminal(database, "n\n")
    assert code == 1
    assert "--provider reccobeats" in stderr
    assert service.requests() == []


def test_spotify_is_asked_first_where_the_app_still_may(
    service: serving.Places, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, [[song(service, number) for number in range(150)]], terms=True)
    log_in(service, tmp_path, monkeypatch)
    report = told(segue(database, "features", "--provider", "spotify", "--provider", "reccobeats", *FAST))
    assert report["stored"] == {"spotify": 150}
    assert next(len(ids) for ids in asked(service, "/v1/audio-features")) == 1
    assert sorted(len(ids) for ids in asked(service, "/v1/audio-features"))[1:] == [50, 100]
    assert asked(service) == []
    assert rows(database, "SELECT question, answer FROM app_answers WHERE question = 'features'") == [
        ("features", "yes")
    ]


def test_a_track_under_the_id_that_spotify_links_from_gets_its_features(
    service: serving.Places, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = service.world.id_of(Kind.OLD_SONG, 3)
    keep(database, [[song(service, 3), song(service, 3, linked), song(service, 4)]], terms=True)
    log_in(service, tmp_path, monkeypatch)
    segue(database, "features", "--provider", "spotify", *FAST)
    assert with_features(database) == {song_id(service, 3), linked, song_id(service, 4)}


@pytest.mark.parametrize("regime", ["LEGACY", "RESTRICTED"])
def test_an_app_without_the_grant_asks_spotify_once_in_its_life(
    regime: str, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(regime=regime, playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch)
        keep(database, [[song(service, number) for number in range(50)]], terms=True)
        both = ("features", "--provider", "spotify", "--provider", "reccobeats", *FAST)
        report = told(segue(database, *both))
        assert list(report["passed_over"]) == ["spotify"]
        assert report["stored"]["reccobeats"] > 30
        assert [len(ids) for ids in asked(service, "/v1/audio-features")] == [1]
        service.forget()
        keep(database, [[song(service, number) for number in range(50, 60)]])
        alone = segue(database, "features", "--provider", "spotify", *FAST)
        assert alone.exit_code == 1
        assert "--provider reccobeats" in alone.stderr
        assert service.requests() == []


def test_spotify_is_not_asked_before_its_terms_are_agreed_to(
    service: serving.Places, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, [[song(service, 1)]])
    log_in(service, tmp_path, monkeypatch)
    done = segue(database, "features", "--provider", "spotify")
    assert done.exit_code == 1
    assert "segue crawl --accept-terms" in done.stderr
    assert service.requests() == []


def test_a_quota_of_reccobeats_stops_the_run_and_the_next_one_does_not_ask(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(playlists=60, faults="recco-rate=2/600s")) as service:
        at(service, tmp_path, monkeypatch)
        keep(database, [[song(service, number, isrc=False) for number in range(200)]])
        first = segue(database, "features", "--provider", "reccobeats", *FAST)
        assert first.exit_code == 75
        assert told(first)["reason"] == "quota"
        assert told(first)["until"] > time.time() + 60
        assert told(first)["stored"]["reccobeats"] == len(with_features(database)) > 40
        sent = len(service.requests())
        again = segue(database, "features", "--provider", "reccobeats", *FAST)
        assert (again.exit_code, told(again)["counts"]["requests"]) == (75, 0)
        assert len(service.requests()) == sent
        assert [account for (account,) in rows(database, "SELECT account FROM gates")] == [
            f"reccobeats at {urlsplit(service.reccobeats).netloc}"
        ]


def test_a_quota_of_spotify_s_lets_reccobeats_go_on_and_the_run_says_to_come_again(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(playlists=60, faults="quota=2")) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch)
        keep(database, [[song(service, number) for number in range(250)]], terms=True)
        done = segue(database, "features", "--provider", "spotify", "--provider", "reccobeats", *FAST)
        report = told(done)
        assert (done.exit_code, report["reason"]) == (75, "quota")
        assert report["stored"]["spotify"] in (50, 100)
        assert report["stored"]["reccobeats"] > 80
        assert ("spotify" in [provider for provider, _ in misses(database)]) is False


def test_the_requests_that_are_allowed_are_those_of_all_providers_together(
    service: serving.Places, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = [song(service, 0, f"{number:022d}", isrc=False) for number in range(100)]
    keep(database, [strangers], terms=True)
    log_in(service, tmp_path, monkeypatch)
    both = ("features", "--provider", "spotify", "--provider", "reccobeats", "--max-requests", "3", *FAST)
    done = segue(database, *both)
    report = told(done)
    assert (done.exit_code, report["reason"], report["counts"]["requests"]) == (0, "max-requests", 3)
    assert len(service.requests()) == 3
    assert report["missed"]["spotify"] == 100


def test_a_service_that_is_down_ends_the_run_soon_and_nothing_counts_as_missing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(playlists=60, faults="no-premium")) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch)
        keep(database, [[song(service, number) for number in range(50)]], terms=True)
        done = segue(database, "features", "--provider", "spotify", *FAST)
        assert (done.exit_code, told(done)["reason"]) == (1, "not allowed")
        assert "Premium" in told(done)["message"]
        assert misses(database) == set()
        assert rows(database, "SELECT * FROM app_answers") == []


@posix
@pytest.mark.slow
def test_a_person_sees_a_budget_and_a_bar_and_a_program_sees_neither(service: serving.Places, database: Path) -> None:
    import pty

    keep(database, [[song(service, number) for number in range(400)]])
    assert "\n" not in segue(database, "features", "--provider", "reccobeats", "--max-requests", "1", *FAST).stderr
    hand, terminal = pty.openpty()
    command = [sys.executable, "-m", "cli", "--db", str(database), "features", "--provider", "reccobeats",
               "--pace", "0.2"]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=os.environ.copy())
    running.communicate(timeout=60)
    os.set_blocking(hand, False)
    seen = os.read(hand, 100_000).decode()
    os.close(hand)
    os.close(terminal)
    assert "To ask of ReccoBeats: 3" in seen
    assert "10 requests or more, 2 s at this pace" in seen
    assert "Asking" in seen
    assert "tracks/s" in seen


def test_no_database_is_made_and_an_empty_one_has_nothing_to_ask_for(service: serving.Places, database: Path) -> None:
    assert segue(database, "features").exit_code == 1
    assert not database.exists()
    keep(database, [])
    done = segue(database, "features")
    assert (done.exit_code, done.stdout) == (0, "Audio features: none\nDone.\n")


@pytest.mark.slow
def test_faults_on_the_way_lose_nothing(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed request is no miss: what the sound service has is found in the end."""
    with (
        serving.serving(Options(playlists=60)) as sound,
        serving.serving(
            Options(playlists=60, faults="5xx=12%,reset=8%,truncated=8%,html=8%,429=3%,type=10%")
        ) as faulty,
    ):
        tracks = [song(sound, number) for number in range(200)]
        for place, service in ((tmp_path / "a.db", sound), (tmp_path / "b.db", faulty)):
            at(service, tmp_path, monkeypatch)
            keep(place, [tracks])
            for _ in range(3):
                done = segue(place, "features", "--provider", "reccobeats", *FAST)
                if done.exit_code == 0:
                    break
        assert with_features(tmp_path / "b.db") == with_features(tmp_path / "a.db")
        assert misses(tmp_path / "b.db") == misses(tmp_path / "a.db")
        assert sum(faulty.faults().values()) > 0


def _started(database: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cli", "--db", str(database), "features", "--provider", "reccobeats",
               "--pace", "0.2", "--concurrency", "1"]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy())


def _wait_for(count: int, service: serving.Places) -> None:
    deadline = time.monotonic() + 30
    while len(service.requests()) < count and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_at_any_moment_the_next_run_asks_only_for_the_rest(
    how: signal.Signals, service: serving.Places, database: Path
) -> None:
    keep(database, [[song(service, number) for number in range(1200)]])
    running = _started(database)
    _wait_for(17, service)
    running.send_signal(how)
    stdout, stderr = running.communicate(timeout=30)
    if how is signal.SIGINT:
        assert running.returncode == 75
        assert "the same command goes on" in stdout
        assert "Traceback" not in stderr
    settled = with_features(database) | {track_id for _, track_id in misses(database)}
    assert 300 < len(settled) < 1200
    service.forget()
    assert segue(database, "features", "--provider", "reccobeats", *FAST).exit_code == 0
    again = {one for request in asked(service) for one in request if len(one) == 22}
    assert not again & settled
    assert len(settled | again) == 1200
