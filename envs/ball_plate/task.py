"""Balancing a ball on a plate (runs on both sides of the wire)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.ball_plate.parameters import PARAMETERS
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import Body, World
BALL_RADIUS = 0.06  # m
HALF_SIZE = 0.5  # m, of the plate
HALF_THICKNESS = 0.02  # m
FALLEN = -0.1  # m below the surface of the plate
NEAR = 0.1  # m from the target, where half of the reward is left
CLOSE = 0.05  # m
SLOW = 0.1  # m/s

KEYBOARD = {"w": (0.0, 1.0), "s": (0.0, -1.0), "a": (-1.0, 0.0), "d": (1.0, 0.0)}
"""For people who play: the side on which the plate goes down."""


class BallPlate(Task):
    """A ball rolls on a plate that tilts about its centre. Tilt it so that the ball goes to a target and stays there.

    ## Description

    A rigid-body simulation in Blender. The plate is a square of 1 m without an edge, moved as its actuators move it,
    whatever lies on it. The ball, of 6 cm radius, rolls on it by friction; where there is too little of it, it slips.
    The simulation runs at 25 Hz with 20 physics steps per control period.

    ## Action space

    `Box(-1, 1, (2,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Tilt that the plate goes to along x, down towards +x, as a share of `tilt.scale` (0.2 rad) | -1 | 1 | 1 |
    | 1 | Tilt along y, down towards +y, likewise | -1 | 1 | 1 |

    Both together are one vector: the plate goes down in its direction, by its length. It follows at up to `tilt.speed`
    (1 rad/s).

    ## Observation space

    `Box((8,), float32)`. Positions and velocities are in the frame of the plate, whose origin is the middle of its
    surface.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Ball along x | -inf | inf | m |
    | 1 | Ball along y | -inf | inf | m |
    | 2 | Velocity of the ball along x | -inf | inf | m/s |
    | 3 | Velocity of the ball along y | -inf | inf | m/s |
    | 4 | Tilt of the plate along x, without `level.x` | -inf | inf | rad |
    | 5 | Tilt of the plate along y, without `level.y` | -inf | inf | rad |
    | 6 | Target along x | -inf | inf | m |
    | 7 | Target along y | -inf | inf | m |

    ## Rewards

    1 / (1 + (distance / 0.1 m)²), with the distance of the ball from the target across the plate: 1 on it, 1/2 at
    10 cm, 0.04 at half a metre.

    ## Starting state

    The plate is level. Drawn uniformly, along x and y each: the position of the ball from ±`start.spread` (0.35 m), its
    velocity, with which it rolls, from ±`start.speed` (0.3 m/s), and the position of the target from ±`target.spread`
    (0.25 m).

    ## Episode end

    Terminates when the ball has fallen off the plate, 10 cm below its surface. As rewards are positive, that never
    pays. Truncates after 250 steps (10 s). It is a success if it ends with the ball within 5 cm of the target, and
    slower than 0.1 m/s across the plate.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 25.0
    frames_per_step = 4
    substeps = 5
    action_space = Box(-1.0, 1.0, shape=(2,))
    observation_space = Box(-math.inf, math.inf, shape=(8,))
    parameters = PARAMETERS
    keyboard = KEYBOARD

    observation_scale = (0.25, 0.25, 0.5, 0.5, 0.1, 0.1, 0.25, 0.25)
    return_range = (5.5, 235.0)
    success_return = 190.0

    tilt_scale = 0.2  # rad
    tilt_speed = 1.0  # rad/s
    level_x = level_y = 0.0  # rad
    start_spread = 0.35  # m
    start_speed = 0.3  # m/s
    target_spread = 0.25  # m

    def bind(self, world: World) -> None:
        self._ball, self._plate, self._target = (world.body(name) for name in ("Ball", "Plate", "Target"))
        self._period = world.period

    def reset(self, world: World, rng: np.random.Generator) -> None:
        start, motion, goal = rng.uniform(-1.0, 1.0, (3, 2))
        self._goal = self.target_spread * goal
        self._tilt = np.zeros(2)
        for body, pose in self._poses():
            body.place(pose)
        turned = self._turned()
        velocity = turned @ (*(self.start_speed * motion), 0.0)
        spin = np.array(crossed(turned[:, 2], velocity)) / BALL_RADIUS
        self._ball.place(Pose(turned @ (*(self.start_spread * start), BALL_RADIUS)), velocity, spin)

    def apply(self, action: NDArray[Any]) -> None:
        way = self.tilt_scale * action - self._tilt
        length, longest = math.hypot(*way), self.tilt_speed * self._period
        self._tilt = self._tilt + way * min(1.0, longest / max(length, longest))
        for body, pose in self._poses():
            body.move_to(pose)

    def observe(self) -> NDArray[Any]:
        self._motion = position, velocity = self._motion_of_ball()
        return np.array((*position[:2], *velocity[:2], *self._tilt, *self._goal), np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        position, velocity = self._motion
        distance, speed = math.hypot(*(position[:2] - self._goal)), math.hypot(*velocity[:2])
        return Outcome(
            reward=1.0 / (1.0 + (distance / NEAR) ** 2),
            terminated=bool(position[2] < FALLEN),
            success=distance < CLOSE and speed < SLOW,
        )

    def _motion_of_ball(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Position and velocity of the ball, in the frame of the plate."""
        to_plate = self._plate.pose[:3, :3].T
        position = self._ball.position
        velocity = self._ball.velocity - crossed(self._plate.angular_velocity, position)
        return to_plate @ position, to_plate @ velocity

    def _turned(self) -> NDArray[np.float64]:
        """(3, 3) from the frame of the plate to the world's."""
        return downhill(self._tilt + np.array((self.level_x, self.level_y)))

    def _poses(self) -> Iterator[tuple[Body, NDArray[np.float64]]]:
        """Where plate and target are, as the plate is tilted."""
        turned = self._turned()
        for body, place in ((self._plate, (0.0, 0.0, -HALF_THICKNESS)), (self._target, (*self._goal, 0.0))):
            pose = np.eye(4)
            pose[:3, :3], pose[:3, 3] = turned, turned @ place
            yield body, pose


def downhill(tilt: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rotation (3, 3) that tilts a level plate down in the direction of a vector (2,), by its length in rad."""
    angle = math.hypot(*tilt)
    if angle == 0.0:
        return np.eye(3)
    x, y = (tilt / angle).tolist()
    sine, rest = math.sin(angle), 1.0 - math.cos(angle)
    return np.array(
        (
            (1.0 - rest * x * x, -rest * x * y, sine * x),
            (-rest * x * y, 1.0 - rest * y * y, sine * y),
            (-sine * x, -sine * y, 1.0 - rest),
        )
    )


def crossed(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float, float]:
    """The cross product of two vectors (3,); ``numpy.cross`` is made for many, and takes six times as long."""
    (x, y, z), (u, v, w) = one.tolist(), other.tolist()
    return y * w - z * v, z * u - x * w, x * v - y * u
