"""Driving through obstacles to a beacon (runs on both sides of the wire)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.envs.rover.course import draw_course
from blendgym.envs.rover.geometry import BUMPER, HEIGHT, LIDAR_HEIGHT, TRACK, WHEEL_RADIUS
from blendgym.envs.rover.parameters import PARAMETERS
from blendgym.spaces import Box, Discrete, Leaf
from blendgym.task import Outcome, Task
from blendgym.world import Pose, about_z

if TYPE_CHECKING:
    from blendgym.layout import Item
    from blendgym.world import World

RAYS = 16
REACH = 6.0
"""Of a ray, in m."""

INSET = 0.02
"""How far inside the outline of the bumper rays begin, in m, so that they meet what touches it."""

NEAR = 0.3
"""Without anything so near on a ray, in m, nothing touches the bumper: obstacles are wider than rays are apart."""

TURN_SCALE = 2.0
"""Yaw rate at full steering, in rad/s."""

ARRIVED = 1.2
"""Distance from the beacon at which the rover has reached it, in m."""

BONUS, COLLISION = 10.0, 0.1
UPRIGHT = 0.5
"""The least cosine of the angle between the rover and the vertical."""


class Rover(Task):
    """A rover stands in an arena full of obstacles, somewhere else there is a beacon. Drive there and hit nothing.

    ## Description

    Every episode has another course: start, beacon, and crates, pillars and boulders of random sizes in random places,
    between which there is always a way. A chassis of 6 kg rides on two wheels with motors, 0.48 m apart and 0.16 m in
    radius, and on a caster without friction in front. Motors, friction, tilting and sliding are a rigid-body simulation
    in Blender; it runs at 10 Hz with 16 physics steps per control period. The camera stands on a mast and rides along.

    ## Action space

    `action_type="continuous"`: `Box(-1, 1, (2,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Throttle: speed forwards, as a share of `speed.scale` (1.5 m/s) | -1 | 1 | 1 |
    | 1 | Steering: yaw rate to the left, as a share of 2 rad/s | -1 | 1 | 1 |

    The motors bring the wheels to the speeds that follow from these, with `motor.torque` (3 N·m) at most.

    `action_type="discrete"`: `Discrete(6)`: 0 forwards, 1 forwards to the left, 2 forwards to the right, 3 turn to the
    left, 4 turn to the right, 5 backwards; all at full throttle and full steering.

    ## Observation space

    By default an image of the camera, 64×48: `Box(0, 255, (48, 64, 3), uint8)`. With `obs_type="state"`
    `Box((21,), float32)`, in the frame of the rover.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0–15 | Distance from the bumper to what is met on 16 rays, the first ahead, on to the left | 0 | 6 | m |
    | 16, 17 | Cosine and sine of the bearing of the beacon, positive to the left | -1 | 1 | 1 |
    | 18 | Distance of the beacon | 0 | inf | m |
    | 19 | Speed forwards, mean of the last step | -inf | inf | m/s |
    | 20 | Yaw rate to the left, mean of the last step | -inf | inf | rad/s |

    ## Rewards

    How much nearer the beacon is than before the step, in m; less 0.1 in a step at whose end the bumper touches
    something; and 10 for reaching the beacon, which is to come within 1.2 m of it.

    ## Starting state

    At rest, anywhere in the arena of 14 m × 14 m, at least `beacon.distance` from the beacon. The heading is drawn
    uniformly from ±`start.spread` around the direction of the beacon. Things and walls are at least 1.2 m apart.

    ## Episode end

    Terminates when the rover has reached the beacon, which is a success, or is tilted by more than 60°. Truncates after
    300 steps (30 s).

    ## Arguments

    * `action_type`: `"continuous"` (default) or `"discrete"`, which `BlendRoverDiscrete-v0` has.

    Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 10.0
    substeps = 16
    templates = ("Crate", "Pillar", "Boulder", "Beacon")
    observation_space = Box(
        low=(*[0.0] * RAYS, -1.0, -1.0, 0.0, -math.inf, -math.inf),
        high=(*[REACH] * RAYS, 1.0, 1.0, math.inf, math.inf, math.inf),
        shape=(RAYS + 5,),
    )
    parameters = PARAMETERS

    observation_scale = (*[1.0] * RAYS, 1.0, 1.0, 1.0, 0.5, 0.5)
    return_range = (0.0, 18.0)
    success_return = 12.0

    motor_torque = 3.0  # N·m
    motor_bias = 0.0
    speed_scale = 1.5  # m/s
    obstacles_count = 12
    obstacles_size = 1.0
    beacon_distance = 6.0  # m
    start_spread = 1.571  # rad

    def __init__(self, action_type: str = "continuous") -> None:
        check_choice("action_type", action_type, ACTION_SPACES)
        self.action_space, self.keyboard = ACTION_SPACES[action_type], KEYBOARD[action_type]
        self._discrete = action_type == "discrete"

    def layout(self, rng: np.random.Generator) -> Iterable[Item]:
        self._course = draw_course(
            rng, round(self.obstacles_count), self.obstacles_size, self.beacon_distance, self.start_spread
        )
        return self._course.items

    def bind(self, world: World) -> None:
        self._world, self._chassis = world, world.body("Chassis")
        self._motors = [world.servo(f"{side} axle", self.motor_torque) for side in ("Left", "Right")]

    def reset(self, world: World, rng: np.random.Generator) -> None:
        (x, y, _), heading = self._course.start, self._course.heading
        self._chassis.place(Pose((x, y, HEIGHT), about_z(heading)))
        self._position, self._heading = np.array([x, y]), heading
        self._distance, self._progress = self._way_to_beacon()[1], 0.0

    def apply(self, action: NDArray[Any]) -> None:
        throttle, steering = CHOICES[int(action)] if self._discrete else action.tolist()
        speed, rate = throttle * self.speed_scale, steering * TURN_SCALE
        for side, motor in zip((-1, 1), self._motors, strict=True):
            wheel_speed = (speed + side * rate * TRACK / 2) / WHEEL_RADIUS
            motor.at_velocity(wheel_speed * (1.0 + side * self.motor_bias))

    def observe(self) -> NDArray[Any]:
        pose = self._chassis.pose
        position, heading = pose[:2, 3], math.atan2(pose[1, 0], pose[0, 0])
        ahead = np.array([math.cos(heading), math.sin(heading)])
        speed = (position - self._position) @ ahead / self._world.period
        rate = math.remainder(heading - self._heading, math.tau) / self._world.period
        self._position, self._heading, self._tilt = position, heading, pose[2, 2]
        bearing, distance = self._way_to_beacon()
        self._distance, self._progress = distance, self._distance - distance
        self._ranges = self._cast_rays(pose)
        return np.array([*self._ranges, math.cos(bearing), math.sin(bearing), distance, speed, rate], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        arrived = self._distance < ARRIVED
        reward = self._progress + BONUS * arrived - COLLISION * self._touches()
        return Outcome(reward, terminated=arrived or self._tilt < UPRIGHT, success=arrived)

    def _way_to_beacon(self) -> tuple[float, float]:
        """Bearing of the beacon in the frame of the rover, in rad, and its distance, in m."""
        x, y = self._course.beacon.x - self._position[0], self._course.beacon.y - self._position[1]
        return math.remainder(math.atan2(y, x) - self._heading, math.tau), math.hypot(x, y)

    def _cast_rays(self, pose: NDArray[np.float64]) -> list[float]:
        origins, directions = RAY_ORIGINS @ pose[:3, :3].T + pose[:3, 3], RAY_DIRECTIONS @ pose[:3, :3].T
        hits = [
            self._world.cast_ray(origin, direction, REACH)
            for origin, direction in zip(origins, directions, strict=True)
        ]
        return [REACH if hit is None else hit.distance for hit in hits]

    def _touches(self) -> bool:
        """Whether the bumper touches something; contacts are costly, so rays tell when there can be one."""
        if min(self._ranges) > NEAR:
            return False
        return any("Ground" not in (contact.first, contact.second) for contact in self._world.contacts(["Chassis"]))


ACTION_SPACES: dict[str, Leaf] = {"continuous": Box(-1.0, 1.0, shape=(2,)), "discrete": Discrete(6)}

CHOICES = ((1.0, 0.0), (1.0, 1.0), (1.0, -1.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0))
"""Throttle and steering of the discrete actions."""

KEYBOARD: dict[str, dict[str, Any]] = {
    "continuous": {"w": (1.0, 0.0), "s": (-1.0, 0.0), "a": (0.0, 1.0), "d": (0.0, -1.0)},
    "discrete": {"w": 0, "q": 1, "e": 2, "a": 3, "d": 4, "s": 5},
}
"""For people who drive."""


def _rays() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(16, 3) where the rays begin, on the outline of the bumper, and (16, 3) where they go, in the rover's frame."""
    angles = np.arange(RAYS) * math.tau / RAYS
    directions = np.stack([np.cos(angles), np.sin(angles), np.zeros(RAYS)], axis=1)
    half = np.array(BUMPER[:2]) / 2 - INSET
    out = np.min(half / np.maximum(np.abs(directions[:, :2]), 1e-9), axis=1)
    return directions * out[:, None] + (0.0, 0.0, LIDAR_HEIGHT), directions


RAY_ORIGINS, RAY_DIRECTIONS = _rays()
