"""`segue taste report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.commands.taste.thumbs import listener_option

if TYPE_CHECKING:
    from recommender.taste.opening import Taste

_PAGE = "index.html"


@click.command()
@listener_option
@click.option("--html", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="Write a page of pictures to index.html in this folder.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it into a file.")
@click.option("--force", is_flag=True, help="Let --html and --output replace a file that exists.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def report(database: Path, listener: str, html: Path | None, output: Path | None, force: bool, as_json: bool) -> None:
    """Show how well your taste was learned, and from what.

    Every figure is of songs by artists that were not learned from; beside them stands what it takes no learning for.
    """
    from recommender import catalogue
    from recommender.taste.opening import Taste
    from recommender.taste.report_table import told
    from recommender.writing.whole_file import write_whole

    with catalogue.open_reader(database):  # says it where there is none
        taste = Taste.open(database, listener)
    if html is not None:
        _write_page(taste, html, force)
    text = _json(taste) if as_json else told(taste.report)
    if output is not None and output != Path("-"):
        write_whole(output, text, force)
        click.echo(f"Written: {output}", err=True)
    elif as_json or html is None or output is not None:
        click.echo(text, nl=False)


def _write_page(taste: "Taste", folder: Path, force: bool) -> None:
    from recommender.taste.report_page import page
    from recommender.writing.whole_file import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _PAGE, page(taste.report, taste.threshold), force)
    click.echo(f"Written: {folder / _PAGE}", err=True)


def _json(taste: "Taste") -> str:
    import json
    from dataclasses import asdict

    return json.dumps({**asdict(taste.report), "threshold": taste.threshold}, indent=1) + "\n"
