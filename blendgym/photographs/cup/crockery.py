"""Shapes of cups, saucers, spoons and teapots (runs inside Blender). Lengths in m: a cup is about 1 m wide.

What is round is turned about the z axis; handles and spouts are swept along a line. Each face has a number of a
material: glaze, lining, coffee, crema, or gloss, which stands for reflections that a matt engine does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

AROUND = 32
"""Faces around what is turned."""

SECTION = 10
"""Faces around what is swept."""

GLAZE, LINING, COFFEE, CREMA, GLOSS = range(5)
MATERIALS = ("Glaze", "Lining", "Coffee", "Crema", "Gloss")
"""Names of the materials, by their numbers."""

Points = NDArray[np.float64]


class Shape(NamedTuple):
    """A mesh.

    Args:
        vertices: In m, (vertices, 3).
        faces: Numbers of vertices, counterclockwise from outside.
        materials: Number of the material of each face.
    """

    vertices: Points
    faces: Sequence[tuple[int, ...]]
    materials: list[int]

    def joined(self, other: Shape) -> Shape:
        """Both in one."""
        start = len(self.vertices)
        further = [tuple(corner + start for corner in face) for face in other.faces]
        return Shape(
            np.concatenate([self.vertices, other.vertices]), [*self.faces, *further],
            [*self.materials, *other.materials],
        )  # fmt: skip


def cup(rng: np.random.Generator) -> Shape:
    """A cup or a mug at random: 1 m wide at the rim, its foot on the ground, most with a handle, many with coffee."""
    height, thickness = rng.uniform(0.6, 1.2), rng.uniform(0.02, 0.06)
    outer = _outside(height, rng)
    rings, numbers = _with_inside(outer, thickness, height, rng)
    shape = lathe(rings, numbers)
    _polish(shape, len(outer), rng)
    if rng.random() < 0.94:
        shape = shape.joined(_handle(outer, thickness, rng))
    return shape


def saucer(rng: np.random.Generator) -> Shape:
    """The upper side of a saucer at random, 1.5 to 2 m wide, with a well for a cup. Nobody sees the lower one.

    It has few faces in its well, because a hull that lies on a mesh costs time for each of them.
    """
    radius, rise = rng.uniform(0.76, 1.0), rng.uniform(0.1, 0.22)
    well, slope = radius * rng.uniform(0.4, 0.6), rng.uniform(0.9, 2.2)
    steps = np.linspace(0.0, 1.0, 7)
    top = np.c_[well + (radius - well) * steps, 0.04 + (rise - 0.04) * steps**slope]
    lip = [[top[-1, 0], rise - 0.04], [top[-1, 0], rise]]
    rings = np.concatenate([lip, top[::-1], [[0.0, 0.03]]])
    numbers = np.full(len(rings) - 1, GLAZE)
    if rng.random() < 0.3:
        numbers[2 : 2 + rng.integers(1, 3)] = LINING
    shape = lathe(rings, numbers)
    _polish(shape, len(rings) - 1, rng, least=1)
    return shape


def teapot(rng: np.random.Generator) -> Shape:
    """A teapot at random, about 1.4 m wide: closed by a lid with a knob, with a spout and a handle."""
    height, radius = rng.uniform(0.9, 1.3), rng.uniform(0.55, 0.75)
    across = np.linspace(0.0, 1.0, 12)
    body = np.c_[radius * (0.55 + 0.45 * np.sin(np.pi * across) ** rng.uniform(0.5, 1.0)), height * across]
    knob = [[0.3 * radius, 1.06 * height], [0.08, 1.1 * height], [0.12, 1.2 * height], [0.0, 1.24 * height]]
    rings = np.concatenate([[[0.0, 0.0]], body, knob])
    shape = lathe(rings, np.full(len(rings) - 1, GLAZE))
    _polish(shape, 12, rng)
    line = np.array([[-0.8 * radius, 0.3 * height], [-1.3 * radius, 0.5 * height], [-1.7 * radius, 0.95 * height]])
    spout = swept(_smooth(line), np.linspace(0.16, 0.07, 9), np.linspace(0.16, 0.07, 9))
    return shape.joined(spout).joined(_handle(body, 0.1, rng))


def spoon(rng: np.random.Generator) -> Shape:
    """A spoon at random, 1.1 to 1.6 m long, with bright and dark reflections."""
    length, wide = rng.uniform(1.1, 1.6), rng.uniform(0.11, 0.17)
    along, across = np.linspace(0.0, 1.0, 25), np.linspace(-1.0, 1.0, 7)
    bowl = np.sqrt(np.clip(1.0 - ((along - 0.16) / 0.165) ** 2, 0.0, None))
    widths = wide * bowl + (along > 0.3) * (0.03 + 0.035 * np.clip(along - 0.45, 0.0, 1.0))
    widths = np.maximum(widths, 0.02)
    depths = -0.07 * bowl[:, None] * (1.0 - across**2) + 0.06 * np.sin(np.pi * np.clip(along - 0.2, 0.0, 1.0))[:, None]
    x = np.broadcast_to((along[:, None] - 0.5) * length, depths.shape)
    vertices = np.stack([x, widths[:, None] * across, depths], axis=-1).reshape(-1, 3)
    count = len(across)
    faces = [
        (row * count + side, (row + 1) * count + side, (row + 1) * count + side + 1, row * count + side + 1)
        for row in range(len(along) - 1)
        for side in range(count - 1)
    ]
    shades = rng.choice([GLAZE, LINING, GLOSS], (8, 3), p=[0.5, 0.3, 0.2]).repeat(3, axis=0).repeat(2, axis=1)
    return Shape(vertices - [0.0, 0.0, vertices[:, 2].min()], faces, shades.ravel().tolist())


def turned(profile: list[tuple[float, float]]) -> Shape:
    """Something round of one material, by radii and heights from pole to pole."""
    rings = np.array(profile)
    return lathe(rings, np.full(len(rings) - 1, GLAZE))


def lathe(profile: Points, numbers: NDArray[np.int64]) -> Shape:
    """Turns a profile about the z axis.

    Args:
        profile: Radii and heights, (rings, 2), from the pole below over the outside to the one above or inside.
        numbers: Materials between a ring and the next one, (rings - 1,).
    """
    angles = np.linspace(0.0, 2.0 * np.pi, AROUND, endpoint=False)
    ring, up = np.stack([np.cos(angles), np.sin(angles)], axis=-1), np.ones((AROUND, 1))
    rings = [np.hstack([max(radius, 1e-3) * ring, height * up]) for radius, height in profile]
    faces, materials = list[tuple[int, ...]](), list[int]()
    for number, material in enumerate(numbers.tolist()):
        for side in range(AROUND):
            low, high, other = number * AROUND, (number + 1) * AROUND, (side + 1) % AROUND
            faces.append((low + side, low + other, high + other, high + side))
            materials.append(material)
    return Shape(np.concatenate(rings), faces, materials)


def swept(line: Points, widths: Points, depths: Points) -> Shape:
    """Sweeps an ellipse along a line in the plane y = 0, open at its ends.

    Args:
        line: x and z, (points, 2).
        widths: Half of the extent along y, (points,).
        depths: Half of the extent across the line in its plane, (points,).
    """
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    aside = np.stack([ahead[:, 1], -ahead[:, 0]], axis=-1)
    angles = np.linspace(0.0, 2.0 * np.pi, SECTION, endpoint=False)
    out = line[:, None] + depths[:, None, None] * np.cos(angles)[None, :, None] * aside[:, None]
    y = widths[:, None] * np.sin(angles)
    vertices = np.stack([out[..., 0], y, out[..., 1]], axis=-1).reshape(-1, 3)
    faces = [
        (low + side, low + (side + 1) % SECTION, low + SECTION + (side + 1) % SECTION, low + SECTION + side)
        for low in range(0, (len(line) - 1) * SECTION, SECTION)
        for side in range(SECTION)
    ]
    return Shape(vertices, faces, [GLAZE] * len(faces))


def _outside(height: float, rng: np.random.Generator) -> Points:
    """The profile of a cup from the pole of its foot to its rim: a foot ring, and a bowl that is straight or round."""
    foot, ring = 0.5 * rng.uniform(0.45, 0.95), rng.uniform(0.0, 0.09) * (rng.random() < 0.7)
    across = np.linspace(0.0, 1.0, 13)
    bowl = (
        foot + (0.5 - foot) * across ** (1.0 / rng.uniform(0.8, 3.0)) + rng.uniform(-0.04, 0.1) * np.sin(np.pi * across)
    )
    waist = foot * rng.uniform(0.9, 1.0)
    base = [[0.0, 0.0], [0.92 * foot, 0.0], [foot, 0.01], [waist, 0.012 + ring]]
    return np.concatenate([base, np.c_[bowl, 0.02 + ring + (height - 0.02 - ring) * across]])


def _with_inside(
    outer: Points, thickness: float, height: float, rng: np.random.Generator
) -> tuple[Points, NDArray[np.int64]]:
    """The whole profile of a cup and its materials, down to the coffee or to the bottom."""
    level = height * rng.uniform(0.3, 0.92) if rng.random() < 0.8 else 0.0
    level = max(level, outer[4, 1] + thickness)
    heights = np.linspace(height, level, 8)
    inside = np.interp(heights, outer[4:, 1], outer[4:, 0]) - thickness
    inside = np.maximum(inside, 0.05)
    rim = [[0.5 - 0.2 * thickness, height + 0.3 * thickness], [0.5 - 0.8 * thickness, height + 0.3 * thickness]]
    surface = np.linspace(inside[-1], 0.0, 6)[1:]
    rings = np.concatenate([outer, rim, np.c_[inside, heights], np.c_[surface, np.full(5, level)]])
    lining = LINING if rng.random() < 0.6 else GLAZE
    numbers = np.full(len(rings) - 1, GLAZE)
    first = len(outer) - (1 if rng.random() < 0.5 else 0)
    numbers[first:] = lining
    if level > outer[4, 1] + 1.5 * thickness:
        numbers[-5:] = COFFEE
        numbers[-5] = CREMA if rng.random() < 0.5 else COFFEE
        if rng.random() < 0.3:
            numbers[-4 + rng.integers(3) :] = CREMA
    if rng.random() < 0.25:
        band = int(rng.integers(5, len(outer) - 3))
        numbers[band : band + int(rng.integers(1, 4))] = LINING
    return rings, numbers


def _handle(outer: Points, thickness: float, rng: np.random.Generator) -> Shape:
    """A handle on the side of +x, round or square, narrow or broad."""
    height = outer[-1, 1]
    top, bottom = height * rng.uniform(0.65, 0.97), height * rng.uniform(0.12, 0.5)
    reach, power = rng.uniform(0.16, 0.42), 2.0 / rng.uniform(1.6, 4.0)
    turn = np.linspace(0.0, np.pi, 19)
    z = (top + bottom) / 2.0 + (top - bottom) / 2.0 * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    wall = np.interp(np.linspace(top, bottom, 19), outer[1:, 1], outer[1:, 0]) - thickness / 2.0
    line = np.c_[wall + reach * np.sin(turn) ** power, z - rng.uniform(-0.05, 0.1) * np.sin(turn)]
    width, depth = rng.uniform(0.04, 0.15), rng.uniform(0.025, 0.065)
    shape = swept(line, np.full(19, width), np.full(19, depth))
    if rng.random() < 0.5:
        place = int(rng.integers(3, 12)) * SECTION
        shape.materials[place : place + 2] = [GLOSS, GLOSS]
    return shape


def _polish(shape: Shape, rings: int, rng: np.random.Generator, least: int = 5) -> None:
    """Some patches of gloss between two rings of the outside."""
    for _ in range(int(rng.integers(0, 5))):
        ring, high = int(rng.integers(least, rings)), int(rng.integers(1, 4))
        start, wide = int(rng.integers(AROUND)), int(rng.integers(1, 5))
        for number in range(ring, min(ring + high, rings - 1)):
            for side in range(start, start + wide):
                shape.materials[number * AROUND + side % AROUND] = GLOSS


def _smooth(corners: Points) -> Points:
    """A curve of nine points that begins and ends where three corners do, and bends at the middle one."""
    share = np.linspace(0.0, 1.0, 9)[:, None]
    first, middle, last = corners
    return np.asarray((1.0 - share) ** 2 * first + 2.0 * share * (1.0 - share) * middle + share**2 * last)
