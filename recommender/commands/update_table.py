"""What `segue train --update` did, for people and for programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.updating import Updated

USUAL_LOSS = "usually within 5 % of a full training (NDCG@500)"
"""What an update usually loses against a full training, as bench/updating.py measured it."""


def as_object(one: "Updated") -> dict[str, Any]:
    """Give one model's manifest, with what became of it, for JSON."""
    from recommender.commands.status import as_object as manifest_object

    return {
        **manifest_object(one.manifest),
        "new": one.new,
        "went_on": one.went_on,
        "more_playlists": one.more_playlists,
    }


def table(done: "list[Updated]") -> str:
    """Tell what became of each."""
    from recommender.writing.output import columns

    told = ""
    if moved := [one for one in done if one.new]:
        rows = [("model", "seconds", "playlists", "how")]
        rows += [(one.manifest.name, f"{one.manifest.seconds:.1f}", _playlists(one), _how(one)) for one in moved]
        told = columns(rows, right=frozenset({1}))
    if still := [one.manifest.name for one in done if not one.new]:
        told += f"Nothing new since the last training of {', '.join(still)}\n"
    if any(one.went_on for one in moved):
        told += f"What goes on from where it stood is {USUAL_LOSS}; `segue train` trains it in full\n"
    return told


def _playlists(one: "Updated") -> str:
    more = f" ({one.more_playlists:+,})" if one.more_playlists else ""
    return f"{one.manifest.playlists:,}{more}"


def _how(one: "Updated") -> str:
    if not one.went_on:
        return "trained anew"
    times = one.manifest.updates
    return "went on from where it stood" + (f", {times} times since it was trained in full" if times > 1 else "")
