"""What stands on the table, by name (runs on both sides of the wire). Lengths in m: a cup is about 1 m wide."""

from __future__ import annotations

import math

CUP = "Cup"
"""Their category: with handle, foot and whatever is in them."""

CUPS = tuple(f"Cup {number}" for number in range(32))
"""Names of the cups that there are copies of, each of its own shape."""

SAUCERS = tuple(f"Saucer {number}" for number in range(6))
"""Names of the saucers that have the glaze of the cups."""

DISHES = tuple(f"Dish {number}" for number in range(6))
"""Names of the same saucers in another colour."""

SPOONS = tuple(f"Spoon {number}" for number in range(4))
"""Names of the spoons."""

TEAPOTS = tuple(f"Teapot {number}" for number in range(4))
"""Names of the teapots, which have the glaze of the cups, a handle and a spout, and are no cups."""

CLUTTER = ("Box", "Can", "Ball", "Book", "Napkin", "Plate", "Bowl", "Bottle")
"""Names of what else may stand around."""

TABLE, FLOOR = "Table", "Floor"
"""Names of the top of the table, and of the ground below it."""

WELL = 0.05
"""Height of a cup above the table if it stands on a saucer."""

COLOURS = {
    "Glaze": (0.1, 0.6, 0.5), "Lining": (0.5, 0.1, 0.8), "China": (0.5, 0.05, 0.7), "Coffee": (0.45, 0.8, 0.2),
    "Crema": (0.5, 0.5, 0.6), "Linen": (0.5, 0.05, 0.4),
}  # fmt: skip
"""Hue in rad, saturation and brightness of the materials that parameters change, by name. Linen is on the table."""

PAINTS = tuple(f"Paint {number}" for number in range(16))
"""Names of the materials of one colour that things around have."""

WOODS = tuple(f"Wood {number}" for number in range(24))
"""Names of the materials with a picture that the table and things around have: grain, weave, stains, gloss."""

WORLDS = 8
SURROUNDINGS = tuple(f"World {number}" for number in range(WORLDS))
"""Names of the materials that have a photograph of surroundings: the high dynamic range images that Blender ships."""

GREY = "Grey"
"""Name of the material of the floor without surroundings."""

FIELD_OF_VIEW = math.radians(34.0)
"""Horizontal, of the camera, in rad."""
