"""The option --half-life, the same for every command that learns."""

import click

SHORTEST, LONGEST = 0.01, 1_000_000.0


def _days(_ctx: click.Context, _parameter: click.Parameter, days: float | None) -> float | None:
    # Not a number compares as false with everything, so that it is refused too.
    if days is not None and not SHORTEST <= days <= LONGEST:
        raise click.BadParameter(f"{days:g} is not from {SHORTEST:g} to {LONGEST:,.0f} days")
    return days


half_life_option = click.option(
    "--half-life",
    type=float,
    metavar="DAYS",
    callback=_days,
    help="A playlist, or a play, that is so many days older counts half as much. Ages are counted from the latest one; "
    "undated ones count like the median.",
)
