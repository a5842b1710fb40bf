"""All steps at all sizes, remembered, so that a run of hours can be stopped and gone on with."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

from bench.scale.steps import STEPS, Measured, Place

_RESULTS = "results.json"
Results = dict[str, dict[Fraction, Measured]]
"""By step and part."""


def measure(
    folder: Path, parts: Sequence[Fraction], steps: Sequence[str], seed: int, *, again: bool, keep: bool
) -> Results:
    """Measure the steps at each size, the smallest first; what is in the folder's results is not measured again.

    keep: whether the slices and databases stay; else those of a size go when it is done. Raises StepFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = read(folder)
    for part in sorted(parts):
        place = Place(folder / f"part-{part.numerator}-{part.denominator}", part, seed)
        for step in steps:
            by_part = results.setdefault(step, {})
            if again or part not in by_part:
                print(f"{part}: {step} ...", file=sys.stderr, flush=True)
                by_part[part] = STEPS[step](place)
                _write(folder, results)
        if not keep:
            shutil.rmtree(place.folder, ignore_errors=True)
    return {step: {part: results[step][part] for part in sorted(parts)} for step in steps}


def read(folder: Path) -> Results:
    """Give what was measured into this folder before."""
    file = folder / _RESULTS
    told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {step: {Fraction(part): Measured(**one) for part, one in by_part.items()} for step, by_part in told.items()}


def _write(folder: Path, results: Results) -> None:
    told = {step: {str(part): asdict(one) for part, one in by_part.items()} for step, by_part in results.items()}
    new = folder / f"{_RESULTS}.new"
    new.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    new.replace(folder / _RESULTS)
