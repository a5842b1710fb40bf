"""The options of `segue train` that say where it learns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

LOCAL, SPARK = "local", "spark"


@dataclass(frozen=True)
class Engine:
    """Where to learn."""

    name: str
    master: str | None
    data: str | None

    @property
    def is_spark(self) -> bool:
        """Whether it is Spark."""
        return self.name == SPARK

    def refuse_nonsense(self, models: tuple[str, ...], *, update: bool) -> None:
        """Raise click.UsageError where Spark is asked for what it cannot do."""
        from recommender.engines.spark import KINDS

        if not self.is_spark:
            if self.master is not None or self.data is not None:
                raise click.UsageError("--master and --data go with --engine spark")
            return
        if "" in (self.master, self.data):
            raise click.UsageError("--master and --data each take a place, or are left out")
        if update:
            raise click.UsageError("--update goes on in this process: leave --engine out, or train in full")
        others = ", ".join(sorted(set(models) - set(KINDS)))
        if others or not models:
            beside = f", not {others}" if others else ""
            raise click.UsageError(f"--engine spark trains {', '.join(KINDS)}{beside}: name one, or leave --engine out")


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --engine, --master and --data, which the command takes as one Engine called `engine`."""

    @click.option(
        "--engine",
        type=click.Choice((LOCAL, SPARK)),
        default=LOCAL,
        show_default=True,
        help="Where to learn: in this process, or on Spark (word2vec, item-knn, als), which needs Java.",
    )
    @click.option("--master", metavar="URL", help="The Spark to learn on; else local[*], all cores of this machine.")
    @click.option(
        "--data",
        metavar="PLACE",
        help="With Spark: learn from what `segue export parquet` wrote, a folder or a URL that Spark reads.",
    )
    @wraps(command)
    def with_engine(*words: Any, engine: str, master: str | None, data: str | None, **more: Any) -> None:
        command(*words, engine=Engine(engine, master, data), **more)

    return with_engine
