"""Made-up files in the formats that people have; seeded, no real names."""

import json
import random
from pathlib import Path
from typing import Any

from importer.contract import Item, ReadOptions
from importer.formats import named, recognise
from importer.source import Source, file_at

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SYLLABLES = ("ka", "lo", "mi", "ren", "tu", "shi", "vo", "dra", "pel", "nou", "é", "zan", "qui", "\u043e", "ban")


def spotify_id(number: int) -> str:
    """Give a 22-character id for a number."""
    digits = ""
    mixed = (number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**130
    for _ in range(22):
        mixed, place = divmod(mixed, 62)
        digits += ALPHABET[place]
    return digits


def name(rng: random.Random, words: int = 2) -> str:
    """Give a made-up name of so many words."""
    return " ".join("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(words))


def tracks(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Give tracks in the genuine schema of an MPD slice, without `pos`."""
    rng = random.Random(seed)
    artists = [name(rng) for _ in range(max(count // 8, 1))]
    return [
        {
            "artist_name": artists[number % len(artists)],
            "track_uri": f"spotify:track:{spotify_id(number)}",
            "artist_uri": f"spotify:artist:{spotify_id(10**7 + number % len(artists))}",
            "track_name": name(rng, 3),
            "album_uri": f"spotify:album:{spotify_id(2 * 10**7 + number // 5)}",
            "duration_ms": rng.randint(100_000, 400_000),
            "album_name": name(rng),
        }
        for number in range(count)
    ]


def slice_of(
    playlists: int = 20, entries: int = 10, catalogue: int = 100, seed: int = 0, first: int = 0
) -> dict[str, Any]:
    """Give a slice in the genuine schema; entries: the mean length of a playlist."""
    rng = random.Random(f"{seed} {first}")
    known = tracks(catalogue, seed)
    told = []
    for pid in range(first, first + playlists):
        length = rng.randint(max(entries // 2, 1), entries + entries // 2)
        picked = [known[int(catalogue * rng.random() ** 3)] for _ in range(length)]
        told.append(
            {
                "name": name(rng, 1),
                "collaborative": "false",
                "pid": pid,
                "modified_at": 1_493_424_000,
                "num_tracks": length,
                "num_albums": len({track["album_uri"] for track in picked}),
                "num_followers": rng.randint(1, 50),
                "tracks": [{"pos": pos, **track} for pos, track in enumerate(picked)],
                "num_edits": 6,
                "duration_ms": sum(track["duration_ms"] for track in picked),
                "num_artists": len({track["artist_uri"] for track in picked}),
            }
        )
    info = {"generated_on": "2017-12-03", "slice": f"{first}-{first + playlists - 1}", "version": "v1"}
    return {"info": info, "playlists": told}


def write_slice(folder: Path, **told: int) -> Path:
    """Write a slice as the dataset does, indented, under its usual name; returns its path."""
    made = slice_of(**told)
    path = folder / f"mpd.slice.{made['info']['slice']}.json"
    path.write_text(json.dumps(made, indent=4), encoding="utf-8")
    return path


def write(path: Path, content: str | bytes | dict[str, Any] | list[Any]) -> Source:
    """Write a file, JSON where the content is no text, and give its Source."""
    if isinstance(content, dict | list):
        content = json.dumps(content, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return file_at(path, named=True)


def read(source: Source, format_name: str | None = None, **options: Any) -> list[Item]:
    """Read a file whole, by its format's name or as it is recognised."""
    found = named(format_name) if format_name else recognise(source)
    assert found, "no format recognised it"
    return list(found.read(source, ReadOptions(**options)))


def format_of(source: Source) -> str | None:
    """Give the name of the format that a file is recognised as."""
    found = recognise(source)
    return found.NAME if found else None
