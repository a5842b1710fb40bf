"""The small Spotify in the foreground: `segue demo --serve`."""

import asyncio
import signal
from collections.abc import Callable, Iterator

from demo.spotify.serving import Options, Places, listening, serve

CLIENT, SECRET, REDIRECT = "demo-client", "demo-secret", "http://127.0.0.1:8899/callback"


def serve_forever(options: Options, echo: Callable[[str], object]) -> None:
    """Serve until Ctrl-C, after saying how to point a client here; raises PortInUse, UnknownFault."""
    with listening(options) as (listener, places):

        def say() -> None:
            for line in directions(options, places):
                echo(line)

        async def run() -> None:
            stop = asyncio.Event()
            # Windows has no signal handlers in its loops; there Ctrl-C arrives as an exception, below.
            for name in ("SIGINT", "SIGTERM"):
                try:
                    asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stop.set)
                except (NotImplementedError, ValueError, RuntimeError):
                    continue
            await serve(listener, places, stop, say)

        try:
            asyncio.run(run())
        except KeyboardInterrupt:
            return


def directions(options: Options, places: Places) -> Iterator[str]:
    """Say in lines where the service is and how to use it."""
    world = places.world
    yield (
        f"A small Spotify ({options.regime}) with {world.playlists:,} made-up playlists and {world.music.songs:,} "
        "songs is listening. Ctrl-C ends it. Point any client at it:"
    )
    yield ""
    yield f"export SEGUE_SPOTIFY_API={places.api}"
    yield f"export SEGUE_SPOTIFY_ACCOUNTS={places.accounts}"
    yield f"export SEGUE_RECCOBEATS_API={places.reccobeats}"
    yield f"export SPOTIPY_CLIENT_ID={CLIENT}"
    yield f"export SPOTIPY_CLIENT_SECRET={SECRET}"
    yield f"export SPOTIPY_REDIRECT_URI={REDIRECT}"
    yield ""
    yield "and then, for example:"
    yield ""
    yield "segue login --no-browser"
    yield (
        "# Open the address that it prints in a browser, or from another terminal with curl -sL 'ADDRESS': "
        "this Spotify agrees at once."
    )
    yield "segue crawl --accept-terms"
    yield f"curl {places.accounts}/_requests"
