"""Reaching for a target with an arm of two links (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.reacher.parameters import PARAMETERS
from blendgym.errors import InvalidOption
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import World

UPPER_ARM = 0.3  # m, from shoulder to elbow
NEAREST_TARGET = 0.18  # m from the shoulder; nearer than that, the elbow would have to bend beyond its limit
CLOSE = 0.03  # m
SLOW = 0.3  # rad/s
COST_OF_ACTION = 0.01  # m

OF_THE_ARM = 6
"""How many numbers of the observation are about the arm alone; those of the target follow."""


KEYBOARD = {"a": (1.0, 0.0), "d": (-1.0, 0.0), "j": (0.0, 1.0), "l": (0.0, -1.0)}
"""For people who play: the shoulder with the left hand, the elbow with the right."""


class Reacher(Task):
    """An arm of two links turns above a table with a target on it. Bring the fingertip over the target and hold it.

    ## Description

    The task of Gymnasium's `Reacher-v5`, with servos, as a rigid-body simulation in Blender. Two boxes turn about
    upright hinges, the shoulder and the elbow, so gravity does no work. The shoulder turns freely, the elbow up to
    2.6 rad to either side. Each has a servo with a limited torque. The simulation runs at 20 Hz with 25 physics steps
    per control period, and the servos at 100 Hz.

    ## Action space

    `Box(-1, 1, (2,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Where the shoulder is sent, from where it is, as a share of `step.scale` (0.2 rad) | -1 | 1 | 1 |
    | 1 | Where the elbow is sent, from where it is, as a share of `step.scale` | -1 | 1 | 1 |

    A servo drives at `servo.gain` (20/s) times what it has to go, so a joint turns at up to 4 rad/s, and rests at 0.

    ## Observation space

    `Box((10,), float32)`. Positions are in the frame of the table, in whose middle the shoulder is.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Cosine of the shoulder's angle, counterclockwise from +x | -1 | 1 | 1 |
    | 1 | Sine of the shoulder's angle | -1 | 1 | 1 |
    | 2 | Cosine of the elbow's angle, counterclockwise from a stretched arm | -1 | 1 | 1 |
    | 3 | Sine of the elbow's angle | -1 | 1 | 1 |
    | 4 | Angular velocity of the shoulder | -inf | inf | rad/s |
    | 5 | Angular velocity of the elbow | -inf | inf | rad/s |
    | 6 | Target along x | -0.5 | 0.5 | m |
    | 7 | Target along y | -0.5 | 0.5 | m |
    | 8 | From the fingertip to the target, along x | -inf | inf | m |
    | 9 | From the fingertip to the target, along y | -inf | inf | m |

    With `tells_target=False` it has the first six alone: what an arm knows about itself. Then the target has to be
    seen, as with `obs_type="state_rgb"`: the last four would give away what is in the image.
    `BlendReacherVision-v0` is made with both of these arguments.

    ## Rewards

    -(distance + 0.01 · |action|²), with the distance of the fingertip from the target in m, and the action as the
    arm got it.

    ## Starting state

    The arm rests. The angles of shoulder and elbow are drawn uniformly from ±`start.spread` (2 rad), the place of the
    target from the ring between 0.18 m and `target.reach` (0.5 m) about the shoulder, evenly over its area.

    ## Episode end

    Never terminates. Truncates after 100 steps (5 s). It is a success if it ends with the fingertip within 3 cm of the
    target, and both joints slower than 0.3 rad/s.

    ## Arguments

    * `tells_target`: whether the state says where the target is; `True` unless you say otherwise.

    Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 20.0
    frames_per_step = 5
    substeps = 5
    action_space = Box(-1.0, 1.0, shape=(2,))
    parameters = PARAMETERS
    keyboard = KEYBOARD

    return_range = (-50.0, -4.0)
    success_return = -12.0

    servo_torque = 4.0  # N·m
    servo_gain = 20.0  # 1/s
    step_scale = 0.2  # rad
    start_spread = 2.0  # rad
    target_reach = 0.5  # m

    def __init__(self, tells_target: bool = True) -> None:
        if not isinstance(tells_target, bool):
            raise InvalidOption(f"tells_target is {tells_target!r}; expected True or False.")
        self._numbers = len(HIGHEST) if tells_target else OF_THE_ARM
        high = HIGHEST[: self._numbers]
        self.observation_space = Box(tuple(-each for each in high), high, shape=(self._numbers,))
        self.observation_scale = SCALES[: self._numbers]

    def bind(self, world: World) -> None:
        self._joints = world.joint("Shoulder"), world.joint("Elbow")
        self._servos = [world.servo(joint.name, self.servo_torque) for joint in self._joints]
        self._forearm, self._target = world.body("Forearm"), world.body("Target")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for joint, angle in zip(self._joints, self.start_spread * rng.uniform(-1.0, 1.0, size=2), strict=True):
            joint.place(angle)
        # The area of a ring grows with the square of its radius.
        radius = math.sqrt(rng.uniform(NEAREST_TARGET**2, self.target_reach**2))
        bearing = rng.uniform(-math.pi, math.pi)
        self._goal = radius * np.array((math.cos(bearing), math.sin(bearing)))
        self._target.place(Pose((*self._goal, 0.0)))
        for servo in self._servos:
            servo.max_force = self.servo_torque
        self._cost = 0.0  # Until the first action arrives.

    def apply(self, action: NDArray[Any]) -> None:
        self._cost = COST_OF_ACTION * float(action @ action)
        for joint, servo, share in zip(self._joints, self._servos, action, strict=True):
            servo.to_position(joint.position + self.step_scale * float(share), gain=self.servo_gain)

    def observe(self) -> NDArray[Any]:
        shoulder, elbow = self._joints
        angles = [function(joint.position) for joint in self._joints for function in (math.cos, math.sin)]
        numbers = (*angles, shoulder.velocity, elbow.velocity, *self._goal, *self._way_to_go())
        return np.array(numbers[: self._numbers], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        distance = math.hypot(*self._way_to_go())
        is_slow = max(abs(joint.velocity) for joint in self._joints) < SLOW
        return Outcome(-(distance + self._cost), terminated=False, success=distance < CLOSE and is_slow)

    def _way_to_go(self) -> NDArray[np.float64]:
        """(2,) from the fingertip to the target, in m."""
        angle = self._joints[0].position
        elbow = UPPER_ARM * np.array((math.cos(angle), math.sin(angle)))
        # The centre of the forearm is half-way from the elbow to the fingertip, however long it is.
        fingertip = 2.0 * self._forearm.position[:2] - elbow
        return np.asarray(self._goal - fingertip)


HIGHEST = (1.0, 1.0, 1.0, 1.0, math.inf, math.inf, 0.5, 0.5, math.inf, math.inf)
SCALES = (1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.3, 0.3, 0.3, 0.3)
