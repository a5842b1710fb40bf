"""A map as one picture, for those whose browser runs no scripts. Pure."""

from html import escape

import numpy as np

from recommender.maps.atlas import FULL, NO_TONE, Atlas

POINTS = 2_000
_SIZE, _LETTER = 1_000, 8.6
_TONES = ("#2a9d8f", "#d9771f", "#8576e0", "#bd9413", "#3f8fcb", "#cf5590", "#6d9e2b")
"""They can be told from light and from dark paper, as a picture does not know on which it lies."""
_REST = "#8b959a"


def picture(atlas: Atlas, colour: str) -> str:
    """Draw the best known points as circles, and the names of the largest regions: SVG."""
    tones = np.array([region.tone for region in atlas.regions])
    shown = tones[atlas.labels[:POINTS]] if colour == "region" else atlas.tones[:POINTS]
    dots = [
        f'<circle cx="{x * _SIZE // FULL}" cy="{y * _SIZE // FULL}" r="3" '
        f'fill="{_REST if tone == NO_TONE else _TONES[tone]}"/>'
        for (x, y), tone in zip(atlas.places[:POINTS].tolist(), shown.tolist(), strict=True)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">'
        f'<g fill-opacity="0.75">{"".join(dots)}</g>'
        f'<g font-family="sans-serif" font-size="15" font-weight="600" text-anchor="middle" fill="#5d686e">'
        f"{''.join(_names(atlas))}</g></svg>"
    )


def _names(atlas: Atlas) -> list[str]:
    """Set the names of regions, the largest first, where they lie on no other."""
    taken, drawn = list[tuple[float, float, float]](), []
    for region in atlas.regions:
        x, y = (part * _SIZE / FULL for part in region.place)
        half = len(region.name) * _LETTER / 2 + 6
        x = min(max(x, half), _SIZE - half)
        y = min(max(y, 20), _SIZE - 10)
        if all(abs(x - other) > half + wide or abs(y - line) > 22 for other, line, wide in taken):
            taken.append((x, y, half))
            drawn.append(f'<text x="{x:.0f}" y="{y:.0f}">{escape(region.name)}</text>')
    return drawn
