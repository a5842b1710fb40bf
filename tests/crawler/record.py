"""Records cassettes: all of them from the small Spotify, or some from the real one into a folder of one's own.

python -m tests.crawler.record [FLOW...]
python -m tests.crawler.record --real FOLDER FLOW...
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from crawler.credentials import find_credentials, home
from crawler.errors import CrawlerError
from crawler.places import Places, places
from crawler.session import log_in
from tests.crawler.cassettes import FOLDER, cassette_path, record, record_small, replay
from tests.crawler.flows import FLOWS, SCOPES, Stage
from tests.crawler.scrubbing import leaks

REPOSITORY = FOLDER.parents[1]


def main(words: Sequence[str] | None = None) -> int:
    """Record what is named; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.crawler.record", description="Record cassettes anew.")
    parser.add_argument("flows", nargs="*", metavar="FLOW", help=f"one of {', '.join(FLOWS)}; all without")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="record from the real Spotify into this folder")
    told = parser.parse_args(words)
    if unknown := [name for name in told.flows if name not in FLOWS]:
        parser.error(f"there is no flow {unknown[0]}: name one of {', '.join(FLOWS)}")
    if told.real and not told.flows:
        parser.error("name the flows to be recorded from the real Spotify: each costs requests of your quota")
    if told.real and told.real.resolve().is_relative_to(REPOSITORY):
        parser.error("what is recorded from the real Spotify is your own data: name a folder outside the repository")
    folder = told.real or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = [wrong for name in told.flows or FLOWS for wrong in _record(name, folder, real=bool(told.real))]
    except CrawlerError as error:
        found = [str(error)]
    for wrong in found:
        click.echo(wrong, err=True)
    return int(bool(found))


def _record(name: str, folder: Path, *, real: bool) -> list[str]:
    """Record one flow and try the cassette; gives what is wrong with it."""
    flow, path = FLOWS[name], cassette_path(folder, name)
    with tempfile.TemporaryDirectory() as recording, tempfile.TemporaryDirectory() as replaying:
        if real:
            record(flow, path, _own_stage(os.environ, Path(recording)), _moved(places(os.environ)))
        else:
            record_small(flow, path, Path(recording))
        wrong = [f"holds {leak}" for leak in leaks(path.read_text(encoding="utf-8"))]
        wrong += replay(flow, path, Path(replaying)).wrong
    click.echo(f"{path.name}: {path.stat().st_size:,} bytes")
    return [f"{path.name}: {one}" for one in wrong]


def _own_stage(environment: Mapping[str, str], folder: Path) -> Stage:
    """Give a stage with one's own app and login, the token of which is fresh."""
    credentials = find_credentials(environment, home(environment))
    asyncio.run(log_in(environment, time.time(), SCOPES).tokens.current())
    told = {"SPOTIPY_CLIENT_ID": credentials.client_id, "SPOTIPY_REDIRECT_URI": credentials.redirect_uri}
    told |= {"SPOTIPY_CLIENT_SECRET": credentials.client_secret} if credentials.client_secret else {}
    return Stage({**environment, **told}, folder, _agreed_by_hand)


def _moved(there: Places) -> tuple[tuple[str, str], ...]:
    """Pair the base URLs that the environment names with the real ones, the longest first."""
    real = Places()
    pairs = (there.reccobeats, real.reccobeats), (there.api, real.api), (there.accounts, real.accounts)
    return tuple(sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: -len(pair[0])))


def _agreed_by_hand(address: str) -> str:
    click.echo(f"Open this address in a browser and agree:\n{address}", err=True)
    return str(click.prompt("The address that the browser ends at", err=True)).strip()


if __name__ == "__main__":
    sys.exit(main())
