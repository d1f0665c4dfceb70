"""The courses of the rover: where it starts, where the beacon is, and what stands in between.

There always is a way. Each obstacle stands on a disc of ground, and between two discs, or a disc and a wall, there are
at least ``GAP`` metres. So the discs do not touch even if each of them, and the walls, grow by half of that, which is
more than the rover needs to turn. What is left of the arena then is connected, as a square with holes is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from blendgym.envs.rover.geometry import BEACON_HEIGHT, BEACON_RADIUS, HALF_ARENA, ROVER_RADIUS
from blendgym.layout import Item
from blendgym.world import Pose, about_z

GAP = 1.2
"""The least distance between two things, in m: the rover turns in a circle of 1.0 m."""

TRIES = 40
"""How many places are tried for an obstacle; then there is one less."""

PILLAR_HEIGHT = 1.8  # m


class Disc(NamedTuple):
    """A round piece of ground.

    Args:
        x: Of its middle, in m.
        y: Of its middle, in m.
        radius: In m.
    """

    x: float
    y: float
    radius: float

    def apart(self, other: Disc) -> float:
        """The distance in m to the edge of another; negative if they overlap."""
        return math.hypot(self.x - other.x, self.y - other.y) - self.radius - other.radius


class Obstacle(NamedTuple):
    """Something that can stand in the way.

    Args:
        template: What it is a copy of.
        radius: Of the disc that it stands on, in m.
        scale: Of the template, along its own axes.
        height: Of its origin above the ground, in m.
    """

    template: str
    radius: float
    scale: tuple[float, float, float]
    height: float

    def standing_on(self, disc: Disc, heading: float) -> Item:
        """The obstacle in its place, turned by an angle in rad."""
        return Item(self.template, Pose((disc.x, disc.y, self.height), about_z(heading)), scale=self.scale)


class Course(NamedTuple):
    """What an episode is driven on.

    Args:
        start: Where the rover stands.
        heading: Of the rover, in rad from +x towards +y.
        beacon: What the beacon stands on.
        obstacles: What each obstacle stands on.
        items: The beacon and the obstacles.
    """

    start: Disc
    heading: float
    beacon: Disc
    obstacles: list[Disc]
    items: list[Item]


def draw_course(rng: np.random.Generator, count: int, size: float, distance: float, spread: float) -> Course:
    """Draws a course.

    Args:
        rng: The only source of randomness.
        count: How many obstacles there are, or fewer if there is no room.
        size: Factor of their widths.
        distance: Least distance from start to beacon, in m.
        spread: Bound of the angle between the heading of the rover and the beacon, in rad.
    """
    start, beacon = _ends(rng, distance)
    heading = math.atan2(beacon.y - start.y, beacon.x - start.x) + rng.uniform(-spread, spread)
    obstacles: list[Disc] = []
    items = [Item("Beacon", Pose((beacon.x, beacon.y, BEACON_HEIGHT / 2)), name="Goal")]
    for _ in range(count):
        obstacle = KINDS[rng.integers(len(KINDS))](rng, size)
        disc = _free_place(rng, obstacle.radius, [start, beacon, *obstacles])
        if disc is not None:
            obstacles.append(disc)
            items.append(obstacle.standing_on(disc, rng.uniform(-math.pi, math.pi)))
    return Course(start, heading, beacon, obstacles, items)


def _ends(rng: np.random.Generator, distance: float) -> tuple[Disc, Disc]:
    while True:
        start, beacon = _anywhere(rng, ROVER_RADIUS), _anywhere(rng, BEACON_RADIUS)
        if math.hypot(start.x - beacon.x, start.y - beacon.y) >= distance:
            return start, beacon


def _free_place(rng: np.random.Generator, radius: float, taken: Sequence[Disc]) -> Disc | None:
    for _ in range(TRIES):
        disc = _anywhere(rng, radius)
        if all(disc.apart(other) >= GAP for other in taken):
            return disc
    return None


def _anywhere(rng: np.random.Generator, radius: float) -> Disc:
    reach = HALF_ARENA - GAP - radius
    x, y = rng.uniform(-reach, reach, size=2)
    return Disc(float(x), float(y), radius)


def _crate(rng: np.random.Generator, size: float) -> Obstacle:
    side, height = size * rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9)
    return Obstacle("Crate", side / math.sqrt(2), (side, side, height), height / 2)


def _pillar(rng: np.random.Generator, size: float) -> Obstacle:
    radius = size * rng.uniform(0.15, 0.3)
    return Obstacle("Pillar", radius, (radius, radius, PILLAR_HEIGHT), PILLAR_HEIGHT / 2)


def _boulder(rng: np.random.Generator, size: float) -> Obstacle:
    radius = size * rng.uniform(0.35, 0.8)
    return Obstacle("Boulder", radius, (radius, radius, rng.uniform(0.55, 0.9)), 0.0)


KINDS: tuple[Callable[[np.random.Generator, float], Obstacle], ...] = (_crate, _pillar, _boulder)
