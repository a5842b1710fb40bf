"""`--threshold` of the commands that judge songs by a taste."""

import math

import click


def number(_ctx: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    """Refuse what a range lets through though it is no number."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no number")
    return value


threshold_option = click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="CHANCE",
    callback=number,
    help="Only what you would like with this chance or more, such as 0.6; without it as the taste itself decides.",
)
