"""What `segue demo` does and says: build, ask, count, measure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from db import read
from db.connection import open_reader
from demo import measuring
from demo.build import KINDS, build
from demo.catalogue import GENRES
from demo.collecting import Collected, Progress
from demo.tasting import LENGTH, Tasting, draw_seeds, taste
from recommender.artifacts import Manifest
from recommender.models.registry import model_class
from recommender.writing.output import columns

SEEDS = 50
"""So many seeds are asked with, to tell luck from knowledge."""


@dataclass(frozen=True)
class Demo:
    """What there is to show of one demo."""

    database: Path
    rows: dict[str, int]
    """What the database holds, by name."""
    collected: Collected
    manifests: tuple[Manifest, ...]
    genres: dict[str, str]
    """The genre of each suggested track."""
    tasting: Tasting
    completed: measuring.Completed | None
    """How the models complete playlists; None where there are too few."""


def run(database: Path, seed: int, now: int, progress: Progress) -> Demo:
    """Build the demo and ask for suggestions. Raises what build raises."""
    world, collected, manifests = build(database, seed, now, progress)
    with open_reader(database) as connection:
        seeds = draw_seeds(connection, np.random.default_rng([seed, SEEDS]), world.genre_of, SEEDS)
        rows = read.count_rows(connection)
    tasting = taste(database, world.genre_of, seeds, KINDS)
    found = {one.track_id for answers in tasting.answers.values() for answer in answers for one in answer.suggestions}
    genres = {track_id: world.genre_of(track_id) or "not known" for track_id in found}
    completed = measuring.complete(database, KINDS, seed, progress)
    return Demo(database, rows, collected, tuple(manifests), genres, tasting, completed)


def as_dict(demo: Demo) -> dict[str, Any]:
    """Give it as plain values for JSON."""
    tasting, first = demo.tasting, KINDS[0]
    seed = tasting.seeds[0]
    return {
        "database": str(demo.database),
        **{name: demo.rows[name] for name in ("playlists", "tracks", "entries", "features")},
        "crawl": demo.collected.crawl.counts,
        "features_by_provider": dict(demo.collected.features),
        "seed": {"track_id": seed.track_id, "name": seed.title, "artists": [seed.artist], "genre": seed.genre},
        "model": first,
        "suggestions": [
            {**asdict(found), "genre": demo.genres[found.track_id]} for found in tasting.answers[first][0].suggestions
        ],
        "of_genre": {model: right[0] for model, right in tasting.right.items()},
        "seeds": len(tasting.seeds),
        "mean_of_genre": {model: round(tasting.mean(model), 2) for model in tasting.right},
        "training_seconds": {manifest.name: manifest.seconds for manifest in demo.manifests},
        "evaluate": measuring.as_dict(demo.completed),
    }


def sentences(demo: Demo) -> Iterator[str]:
    """Say it in lines for people."""
    rows, counts, tasting, best = demo.rows, demo.collected.crawl.counts, demo.tasting, KINDS[0]
    seed, right = tasting.seeds[0], tasting.right
    yield f"Crawled a small Spotify of our own, {len(GENRES)} made-up genres, with {counts['requests']:,} requests:"
    held = ", ".join(f"{rows[name]:,} {name}" for name in ("playlists", "tracks", "entries"))
    yield f"{held}, now in {demo.database}. Its ReccoBeats gave audio features of {rows['features']:,} tracks."
    yield "Trained: " + ", ".join(f"{m.name} in {m.seconds:.1f} s" for m in demo.manifests) + "."
    yield ""
    yield f"After {seed.title} · {seed.artist} [{seed.genre}], {best} suggests:"
    yield ""
    lines = [
        (f"{place}.", found.name, ", ".join(found.artists), f"[{demo.genres[found.track_id]}]", found.reasons[0])
        for place, found in enumerate(tasting.answers[best][0].suggestions, 1)
    ]
    yield columns(lines, right=frozenset({0}))
    yield f"{right[best][0]} of {LENGTH} are of the seed's genre; popularity has {right['popularity'][0]} of {LENGTH}."
    means = ", ".join(f"{model} {tasting.mean(model):.1f}" for model in KINDS)
    yield f"Over {len(tasting.seeds)} seeds, on average of {LENGTH}: {means}."
    yield ""
    yield from measuring.sentences(demo.completed)
    yield ""
    yield from _go_on(demo)


def _go_on(demo: Demo) -> Iterator[str]:
    seed, last = demo.tasting.seeds[0], demo.tasting.seeds[-1]
    has_space = any(hasattr(model_class(kind), "vectors") for kind in KINDS)
    yield "Go on with:"
    for command in (
        f'suggest "{seed.title} {seed.artist}" -n 20 --order smooth',
        f"suggest {last.track_id} --model {KINDS[1]} --why",
        *([f'path "{seed.title} {seed.artist}" {last.track_id}'] if has_space else []),
        f'search "{last.artist}"',
        "stats",
        "status",
        "serve --open",
    ):
        yield f"  segue {command} --db {demo.database}"
    yield "and with playlists of your own: segue import PATH..., segue train, segue suggest TRACK..."
