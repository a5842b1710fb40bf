"""`segue path`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.list_options import write_list, writing_options
from recommender.commands.seed_names import seed_id

if TYPE_CHECKING:
    from recommender.roads.journey import Road


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option(
    "-n", "most", type=click.IntRange(2, 100), default=12, show_default=True, help="How many songs, with both ends."
)
@click.option("--model", metavar="NAME", help="A trained model that places tracks in a space; without it the best.")
@writing_options
@click.pass_obj
def path(database: Path, /, start: str, end: str, most: int, model: str | None, **options: Any) -> None:
    """Find a road of songs from one track to another, in steps as short as can be.

    FROM and TO are each an id, a URI, a URL, or words in quotes that name a track ("wonderwall oasis"). A step is short
    where many playlists hold both songs; where none does, how they sound tells. Each song is farther along than the
    one before, so that there is no detour.
    """
    from recommender import catalogue
    from recommender.answers import Answer
    from recommender.roads.journey import find_road

    with catalogue.open_reader(database) as connection:
        ends = [seed_id(connection, words) for words in (start, end)]
    road = find_road(database, ends[0], ends[1], most, model)
    for note in road.notes:
        click.echo(f"Note: {note}", err=True)
    answer = Answer(road.model, (road.songs[0].track_id, road.songs[-1].track_id), (), road.notes, road.songs)
    write_list(answer, options, int(time.time()), heading=f"A road, by {road.model}:", as_json=_json(road))
    click.echo(_summary(road), err=True)


def _summary(road: "Road") -> str:
    mean, worst = _mean(road.steps), max(road.steps)
    at = road.steps.index(worst) + 2
    return (
        f"Steps: {mean:.2f} on average, the worst {worst:.2f} (to song {at}); straight through {road.model}: "
        f"{_mean(road.straight_steps):.2f} on average, the worst {max(road.straight_steps):.2f}. "
        "0 is next door; from 1 on no playlist holds both, and 2 is the farthest."
    )


def _mean(steps: tuple[float, ...]) -> float:
    return sum(steps) / len(steps)


def _json(road: "Road") -> str:
    import json
    from dataclasses import asdict

    songs = [{**asdict(song), "step": step} for song, step in zip(road.songs, (None, *road.steps), strict=True)]
    for song in songs:
        del song["score"], song["model"]
    told = {
        "model": road.model,
        "from": road.songs[0].track_id,
        "to": road.songs[-1].track_id,
        "notes": road.notes,
        "songs": songs,
        "mean": _mean(road.steps),
        "worst": max(road.steps),
        "straight": {
            "songs": road.straight, "mean": _mean(road.straight_steps), "worst": max(road.straight_steps),
        },
    }  # fmt: skip
    return json.dumps(told, indent=1) + "\n"
