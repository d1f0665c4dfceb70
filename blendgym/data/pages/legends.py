"""What the colours of a pass mean, as plain data that a page draws: of each painter its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from blendgym.images.captures import Capture
from blendgym.images.passes import PASSES
from blendgym.images.pictures.layout import NOTHING, Colour, colour_of
from blendgym.images.pictures.passes import DIRECTIONS, RAMP, lengths_in_sight, normal_colours, ticks

MOST_NUMBERS = 24
"""Of ids or categories that are explained below a picture; a table has them all."""


def legend_of(name: str, capture: Capture) -> dict[str, Any]:
    """The legend of a pass of a capture: a scale, some swatches, or nothing."""
    legend = LEGENDS.get(PASSES[name].painter)
    return legend(name, capture) if legend else {}


def colour_text(colour: Colour) -> str:
    """A colour as CSS writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _lengths(name: str, capture: Capture) -> dict[str, Any]:
    _, near, far = lengths_in_sight(capture.images[name], capture)
    span = math.log(far / near)
    marks = [{"place": math.log(metres / near) / span, "text": f"{metres:g} m"} for metres in ticks(near, far)]
    return {"scale": [colour_text(colour) for colour in reversed(RAMP)], "marks": marks}


def _directions(name: str, capture: Capture) -> dict[str, Any]:  # noqa: ARG001 (one signature for all)
    swatches = []
    for meaning, direction in DIRECTIONS.items():
        red, green, blue = normal_colours(np.array(direction, float)).tolist()
        swatches.append({"colour": colour_text((red, green, blue)), "text": meaning})
    return {"swatches": [*swatches, {"colour": colour_text(NOTHING), "text": "nothing"}]}


def _instances(name: str, capture: Capture) -> dict[str, Any]:
    return _numbers(name, capture, {seen.id: seen.name for seen in capture.objects})


def _categories(name: str, capture: Capture) -> dict[str, Any]:
    return _numbers(name, capture, {seen.category_id: seen.category for seen in capture.objects})


def _numbers(name: str, capture: Capture, texts: dict[int, str]) -> dict[str, Any]:
    shown = [number for number in np.unique(capture.images[name]).tolist() if number]
    swatches = [
        {"colour": colour_text(colour_of(number)), "text": texts.get(number, str(number))}
        for number in shown[:MOST_NUMBERS]
    ]
    more = len(shown) - len(swatches)
    return {"swatches": swatches, "note": f"and {more} more" if more else ""}


LEGENDS: dict[str, Callable[[str, Capture], dict[str, Any]]] = {
    "lengths": _lengths,
    "directions": _directions,
    "instances": _instances,
    "categories": _categories,
}
"""By painter; those that are not here explain themselves."""
