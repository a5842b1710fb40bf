"""`segue serve`."""

import secrets
from pathlib import Path

import click

from web.settings import PORT


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="The port.")
@click.pass_obj
def serve(database: Path, /, host: str, port: int) -> None:
    """Serve the pages, and the answers for programs, until Ctrl-C."""
    import waitress

    from web.app import create_app
    from web.settings import Settings

    settings = Settings(host=host, port=port, key=secrets.token_bytes(32))
    click.echo(f"Segue is at http://{host}:{port}/ (Ctrl-C ends it)", err=True)
    waitress.serve(create_app(database, settings), host=host, port=port, threads=8)
