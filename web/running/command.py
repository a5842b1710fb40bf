"""`segue serve`."""

import secrets
from pathlib import Path

import click

from web.experiment_option import models_to_try
from web.settings import PORT


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="The port.")
@click.option("--remember", is_flag=True, help="Remember what is shown, opened, skipped and searched, in the database.")
@click.option("--experiment", metavar="A,B", default="", help="With --remember: each listener gets one of these.")
@click.option("--bandit", is_flag=True, help="With --experiment: what came of the lists so far chooses for each list.")
@click.pass_obj
def serve(database: Path, /, host: str, port: int, remember: bool, experiment: str, bandit: bool) -> None:
    """Serve the pages, and the answers for programs, until Ctrl-C."""
    import waitress

    from web.app import create_app
    from web.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        key=secrets.token_bytes(32),
        remembers=remember,
        experiment=models_to_try(database, experiment, remembers=remember, bandit=bandit),
        bandit=bandit,
    )
    click.echo(f"Segue is at http://{host}:{port}/ (Ctrl-C ends it)", err=True)
    waitress.serve(create_app(database, settings), host=host, port=port, threads=8)
