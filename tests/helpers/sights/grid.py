"""The grid that the things stand in, and what is seen in each of its cells. Read by tests, so without bpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 8, 6
CELL = 20  # pixels
WIDTH, HEIGHT = COLUMNS * CELL, ROWS * CELL
DISTANCE = 50.0  # m, from the camera to the plane of the grid
FOCAL = CELL * DISTANCE  # pixels, so that a cell is 1 m wide


class Cell(NamedTuple):
    """A thing and what is seen of it.

    Args:
        name: Of the thing.
        seen: Names of what has ids there, in the order of their names.
        pixels: Height and width of what is seen, in pixels, if it matters.
    """

    name: str
    seen: tuple[str, ...]
    pixels: tuple[int, int] | None = None


def place(number: int) -> tuple[float, float, float]:
    """The middle of a cell."""
    row, column = divmod(number, COLUMNS)
    return column - (COLUMNS - 1) / 2, 0.0, (ROWS - 1) / 2 - row


def cell(image: NDArray[np.generic], number: int) -> NDArray[np.generic]:
    """The part of an image that shows a cell."""
    row, column = divmod(number, COLUMNS)
    return image[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]


def several(name: str, count: int) -> tuple[str, ...]:
    """The names of instances of one thing."""
    return (name, *(f"{name}.{number:03}" for number in range(1, count)))


NOTHING: tuple[str, ...] = ()

VISIBLE = (
    Cell("Plain", ("Plain",), (8, 8)),
    Cell("Not rendered", NOTHING),
    Cell("In a collection that is not rendered", NOTHING),
    Cell("Not in viewports", ("Not in viewports",), (8, 8)),
    Cell("In a collection that is not in viewports", ("In a collection that is not in viewports",), (8, 8)),
    Cell("In an excluded collection", NOTHING),
    Cell("With its eye closed", ("With its eye closed",), (8, 8)),
    Cell("In a layer with its eye closed", ("In a layer with its eye closed",), (8, 8)),
    Cell("Invisible to cameras", NOTHING),
    Cell("Indirect only", NOTHING),
    Cell("As a wire", ("As a wire",), (8, 8)),
    Cell("As bounds", ("As bounds",), (8, 8)),
    Cell("Behind, in front", ("Cover",), (12, 12)),
    Cell("A hidden body", NOTHING),
    Cell("Without faces", NOTHING),
    Cell("Without size", NOTHING),
    Cell("Mirrored", ("Mirrored",), (8, 8)),
    # Modifiers and other things with one value for viewports and another for renders.
    Cell("Refined", ("Refined",), (10, 10)),
    Cell("Mirror in renders", ("Mirror in renders",), (8, 14)),
    Cell("Mirror in viewports", ("Mirror in viewports",), (8, 6)),
    Cell("Curve", ("Curve",), (10, 10)),
    Cell("Text", ("Text",)),
    Cell("Metaball", ("Metaball",)),
    Cell("Screw", ("Screw",), (10, 10)),
    # Instances.
    Cell("Of a collection", ("Of a collection/Part",), (8, 8)),
    Cell("Of the same", ("Of the same/Part",), (8, 8)),
    Cell("Nested", ("Nested/Part",), (8, 8)),
    Cell("Not rendered instance", NOTHING),
    Cell("Invisible source", NOTHING),
    Cell("Points", several("Points/Dot", 4), (18, 18)),
    Cell("Faces", several("Faces/Chip", 1), (6, 6)),
    Cell("Particles", several("Particles/Grain", 2)),
    Cell("Nodes", several("Nodes/Leaf", 4), (18, 18)),
    Cell("Made by nodes", several("Made by nodes/Mesh", 4), (18, 18)),
    Cell("Only in viewports by nodes", NOTHING),
    Cell("Half in viewports", several("Half in viewports/Grain", 2)),
)
"""One truth in all engines."""

INSTANCES, OBJECTS = (125, 80), (40, 25)
"""Columns and rows of very many things."""
