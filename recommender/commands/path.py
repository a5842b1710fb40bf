"""`segue path`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.commands.seed_names import seed_id
from recommender.commands.writing_options import form_of, write_list, writing_options

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

    form_of(options)  # before it takes time, in case that it is not clear
    with catalogue.open_reader(database) as connection:
        ends = [seed_id(connection, words) for words in (start, end)]
    road = find_road(database, ends[0], ends[1], most, model)
    for note in road.notes:
        click.echo(f"Note: {note}", err=True)
    answer = Answer(road.model, (road.songs[0].track_id, road.songs[-1].track_id), (), road.notes, road.songs)
    title = f"From {road.songs[0].name} to {road.songs[-1].name}"
    write_list(answer, options, int(time.time()), title=title, heading=f"A road, by {road.model}:", as_json=_json(road))
    click.echo(_summary(road), err=True)


def _summary(road: "Road") -> str:
    """Say how the way is in a person's words, then in figures beside those of the straight line."""
    from recommender.lines import cut, one_line
    from recommender.lists.spoken import COLUMNS

    if len(road.steps) == 1:
        return f"{_outcome(road.shared)}.\nIts length, from 0 (near) to 2 (far): {road.steps[0]:.2f}."
    at = road.steps.index(max(road.steps)) + 1
    longest = f"the longest is to song {at + 1}, {cut(one_line(road.songs[at].name), COLUMNS)}"
    straight = tuple(song.track_id for song in road.songs) == road.straight
    line = "the same as the straight line" if straight else f"the straight line {_figures(road.straight_steps)}"
    return f"{_outcome(road.shared)}; {longest}.\nSteps from 0 (near) to 2 (far): {_figures(road.steps)}; {line}."


def _outcome(shared: tuple[int, ...]) -> str:
    """Say what the steps share: the number of playlists that hold both songs of each."""
    from recommender.lists.spoken import playlists

    every, jumps, fewest = len(shared), shared.count(0), min(shared)
    if every == 1:
        return f"The step shares {playlists(fewest)}" if fewest else "The step shares no playlist"
    if not jumps:
        return f"Every step shares {playlists(fewest)} or more"
    if jumps == every:
        return "No step shares a playlist"
    share = "shares" if every - jumps == 1 else "share"
    return f"{every - jumps} of {every} steps {share} a playlist, {jumps} {'is a jump' if jumps == 1 else 'are jumps'}"


def _figures(steps: tuple[float, ...]) -> str:
    return f"{_mean(steps):.2f} on average, {max(steps):.2f} at worst"


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
