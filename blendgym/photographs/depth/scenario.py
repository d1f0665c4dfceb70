"""A cluttered room seen by two cameras side by side (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from blendgym.layout import Item
from blendgym.photographs.depth.parameters import PARAMETERS
from blendgym.photographs.depth.room import CAMERAS, PAINTS, PRINTS, REACH, THIN, THINGS, WALL
from blendgym.scenario import Scenario
from blendgym.world import Pose, World, about_x_then_z

WIDTH, HEIGHT = 192, 128
"""Of renders, in pixels."""

_LEVEL = math.pi / 2.0
"""By which a camera of Blender, which looks down, is turned about x to look straight ahead."""


class Room(Scenario):
    """A room with a floor, three walls, and things anywhere in it, seen by two cameras at once."""

    scene = "scene"
    templates = (WALL, *THINGS, *THIN)
    views = {  # noqa: RUF012  # declared as by every task
        camera.lower(): {
            "camera": camera,
            "passes": ["rgb", "depth"],
            "width": WIDTH,
            "height": HEIGHT,
            "samples": 9,
            "shadow_maps": True,
        }
        for camera in CAMERAS
    }
    parameters = PARAMETERS

    baseline, field_of_view, height, tilt, pitch = 0.12, 0.7, 1.2, -0.15, 0.0
    things, thin, size, nearest, depth, slant = 8.0, 0.0, 0.2, 2.0, 5.0, 0.0
    printed, papered = 0.0, 0.0

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        """The room, and things in sight: evenly by their disparity, so that most are near."""
        yield self._wall((0.0, 0.0, -self.height), (0.0, rng.uniform(-math.pi, math.pi)), rng)
        yield self._wall((0.0, self.depth, 0.0), (_LEVEL, self.slant), rng)
        for side in (-1.0, 1.0):
            place = side * self.depth * rng.uniform(0.4, 0.9)
            yield self._wall((place, self.depth, 0.0), (_LEVEL, _LEVEL + self.slant), rng)
        for _ in range(round(self.things)):
            yield self._thing(str(rng.choice(THINGS)), rng)
        for _ in range(round(self.thin)):
            yield self._thing(str(rng.choice(THIN)), rng)

    def sample(self, world: World, _: np.random.Generator) -> Mapping[str, Any]:
        """Places the cameras, of which the right one may look a little up or down."""
        for camera, x, pitch in zip(CAMERAS, (0.0, self.baseline), (0.0, self.pitch), strict=True):
            world.camera(camera).place(Pose((x, 0.0, 0.0), about_x_then_z(_LEVEL + self.tilt + pitch, 0.0)))
        return {}

    def _thing(self, name: str, rng: np.random.Generator) -> Item:
        """Something in sight, turned anyhow."""
        slope = math.tan(self.field_of_view / 2.0)
        most = min(1.0 / self.nearest, 2.0 * slope * REACH / (WIDTH * self.baseline))
        ahead = 1.0 / rng.uniform(1.0 / self.depth, most)
        x = ahead * slope * rng.uniform(-1.1, 1.1)
        up = ahead * slope * HEIGHT / WIDTH * rng.uniform(-1.1, 1.1)
        z = ahead * math.sin(self.tilt) + up * math.cos(self.tilt)
        y = ahead * math.cos(self.tilt) - up * math.sin(self.tilt)
        scale = self.size * ahead * rng.uniform(0.5, 1.6) * rng.uniform(0.6, 1.4, 3)
        material = _material(self.printed, rng)
        return Item(name, Pose((x, y, max(z, -self.height)), rng.normal(size=4)), scale=scale, material=material)

    def _wall(self, place: tuple[float, float, float], turn: tuple[float, float], rng: np.random.Generator) -> Item:
        return Item(WALL, Pose(place, about_x_then_z(*turn)), material=_material(self.papered, rng))


def _material(share: float, rng: np.random.Generator) -> str:
    return str(rng.choice(PRINTS if rng.random() < share else PAINTS))
