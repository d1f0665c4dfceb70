"""What the scenes of this folder hold, in numbers: for their builders, and for the tests that expect it in images."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Triple = tuple[float, float, float]

FLIP_YZ = np.diag([1.0, -1.0, -1.0, 1.0])


class Place(NamedTuple):
    """Where something is: in m, and XYZ Euler angles in degrees."""

    location: Triple
    rotation: Triple = (0.0, 0.0, 0.0)

    @property
    def pose(self) -> NDArray[np.float64]:
        """4×4, from its own frame to the world's."""
        pose = np.eye(4)
        for axis, angle in enumerate(np.radians(self.rotation)):
            one, other = (axis + 1) % 3, (axis + 2) % 3
            turn = np.eye(4)
            turn[one, one] = turn[other, other] = math.cos(angle)
            turn[other, one], turn[one, other] = math.sin(angle), -math.sin(angle)
            pose = turn @ pose
        pose[:3, 3] = self.location
        return pose

    @property
    def world_to_camera(self) -> NDArray[np.float64]:
        """4×4, OpenCV's convention, of a camera in this place."""
        return FLIP_YZ @ np.linalg.inv(self.pose)


class Ball(NamedTuple):
    """A sphere."""

    place: Place
    radius: float


class Block(NamedTuple):
    """A box."""

    place: Place
    size: Triple


# solids.py: in front of the camera "Eye", a still life with every kind of surface.
EYE = Place((0.5, -6.0, 2.0), (72.0, 4.0, 5.0))
EYE_FAR = 40.0
STILL_LIFE: dict[str, Ball | Block] = {
    "Ball": Ball(Place((-0.7, 0.2, 0.4)), 1.2),
    "Slope": Block(Place((0.0, 3.0, -0.8), (35.0, 10.0, 0.0)), (9.0, 7.0, 0.2)),
    "Crate": Block(Place((1.5, 0.0, 0.3), (20.0, 30.0, 40.0)), (1.2, 0.8, 1.0)),
}

# Far from it, in front of the camera "Front" at FRONT, which looks along +y with a focal length of its sensor's width.
FRONT = Place((100.0, 0.0, 0.0), (90.0, 0.0, 0.0))
HIDING: dict[str, Block] = {
    # On the axis, so that the camera sees one face of it, and the plane x = 100 halves that.
    "Half": Block(Place((100.0, 5.5, 0.0)), (2.0, 1.0, 2.0)),
    "Cover": Block(Place((99.55, 3.0, 0.0)), (0.9, 0.1, 1.8)),
    "Hidden": Block(Place((99.6, 4.0, 0.3)), (0.3, 0.3, 0.3)),
    "Free": Block(Place((101.7, 5.0, -0.9), (10.0, 20.0, 30.0)), (0.6, 0.5, 0.4)),
    "Leaving": Block(Place((97.6, 5.0, -0.8), (30.0, -20.0, 50.0)), (1.0, 1.4, 0.8)),
}
SOLIDS = {**STILL_LIFE, **HIDING}

# markers.py: small bright balls in front of four cameras in one place. They lie on a grid as seen from there, at depths
# from 3 to 8 m, and each is seen as large as every other.
TRIPOD = Place((-2.0, 1.0, 0.7), (65.0, -8.0, 120.0))
MARKER_RADIUS = 0.015  # as a share of the depth
MARKER_SPACING = 0.15  # as a share of the depth
LENSES: dict[str, dict[str, float | str]] = {
    "Auto": {"sensor_fit": "AUTO", "lens": 30.0, "sensor_width": 36.0, "sensor_height": 20.0},
    "Shifted": {"sensor_fit": "AUTO", "lens": 24.0, "sensor_width": 32.0, "shift_x": 0.11, "shift_y": -0.07},
    "Horizontal": {
        "sensor_fit": "HORIZONTAL", "lens": 31.0, "sensor_width": 30.0, "sensor_height": 17.0,
        "shift_x": -0.08, "shift_y": 0.13,
    },
    "Vertical": {
        "sensor_fit": "VERTICAL", "lens": 17.0, "sensor_width": 36.0, "sensor_height": 21.0,
        "shift_x": 0.09, "shift_y": 0.06,
    },
}  # fmt: skip

# What a client may ask for instead: other focal lengths in x and y, another centre, and a pose close by.
GIVEN_MATRIX = np.array([[210.0, 0.0, 171.5], [0.0, 190.0, 71.25], [0.0, 0.0, 1.0]])
GIVEN_POSE = Place((-1.95, 0.96, 0.73), (68.0, -10.0, 130.0)).world_to_camera


def markers() -> NDArray[np.float64]:
    """(markers, 3) centres, in the world's frame."""
    steps = MARKER_SPACING * np.arange(-6, 7)
    across, down = np.meshgrid(steps, steps)
    depth = np.random.Generator(np.random.PCG64(0)).uniform(3.0, 8.0, across.shape)
    in_camera = np.stack([across * depth, down * depth, depth], axis=-1).reshape(-1, 3)
    from_camera = np.linalg.inv(TRIPOD.world_to_camera)
    return in_camera @ from_camera[:3, :3].T + from_camera[:3, 3]


# Far from them, in front of the camera "Wall": a row of emitting squares, one metre each, and what they emit.
WALL = Place((0.0, 200.0, 0.0), (90.0, 0.0, 0.0))
PATCHES: tuple[Triple, ...] = (
    (0.0, 0.0, 0.0),
    (0.001, 0.001, 0.001),
    (0.18, 0.18, 0.18),
    (0.5, 0.5, 0.5),
    (1.0, 1.0, 1.0),
    (1.0, 0.02, 0.0),
    (0.05, 0.3, 0.9),
    (2.5, 0.0, 7.0),
)

# lamps.py: a matt floor under a camera that looks straight down, a plain sky, and one lamp at a time.
ABOVE = Place((0.0, 0.0, 6.0))
ALBEDO = (0.8, 0.4, 0.1)
SKY = (0.05, 0.1, 0.2)


class Lamp(NamedTuple):
    """A light: by Blender's name of its type, in W, or W/m² for a sun, and with other properties of Blender's."""

    kind: str
    place: Place
    energy: float
    more: dict[str, float] = {}


LAMPS = {
    "Sun": Lamp("SUN", Place((0.0, 0.0, 9.0), (50.0, 0.0, 30.0)), 3.0, {"angle": 0.0}),
    "Point": Lamp("POINT", Place((0.4, -0.3, 1.5)), 60.0, {"shadow_soft_size": 0.0}),
    "Spot": Lamp(
        "SPOT", Place((0.0, 0.3, 3.0), (15.0, 0.0, 0.0)), 200.0,
        {"shadow_soft_size": 0.0, "spot_size": math.radians(50.0), "spot_blend": 0.4},
    ),
    "Area": Lamp("AREA", Place((0.2, 0.0, 2.5), (20.0, 0.0, 0.0)), 60.0, {"size": 0.2}),
    "Away": Lamp("AREA", Place((0.2, 0.0, 2.5), (170.0, 0.0, 0.0)), 60.0, {"size": 0.2}),
}  # fmt: skip

# crowd.py: more objects than 16 bits can count, all of one mesh. A few are in front of the camera "Gate", which looks
# along +y, among them the last one and those around every power of two that could be a limit.
CROWD = 66_000
GATE = Place((0.0, 0.0, 0.0), (90.0, 0.0, 0.0))
SEEN_OF_CROWD: dict[int, Triple] = {
    number: (0.8 * (place % 4) - 1.2, 5.0, 0.8 * (place // 4) - 0.8)
    for place, number in enumerate((2, 255, 256, 32767, 32768, 32769, 65535, 65536, 65537, 65538, 65999, CROWD))
}
"""Places by id; each is of a cube with edges of 0.4 m."""
