"""Swinging up a pendulum with a weak motor (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.pendulum.parameters import PARAMETERS
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

MOTOR_SPEED = 10.0  # rad/s; beyond, the motor does not drive
TOP_SPEED = 8.0  # rad/s; faster is not punished more
STANDING_ANGLE = math.radians(12)
STANDING_SPEED = 1.0  # rad/s; nearer to upright and slower, the pole stands

KEYBOARD = {"a": -1.0, "d": 1.0}
"""For people who play: to the left and to the right."""


class Pendulum(Task):
    """A pole hangs from a motor that is too weak to lift it at once. Swing it up and hold it upright.

    ## Description

    The task of Gymnasium's `Pendulum-v1`, as a rigid-body simulation in Blender. The pole is a uniform box on a hinge
    without friction. The simulation runs at 20 Hz with 40 physics steps per control period.

    ## Action space

    `Box(-1, 1, (1,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Torque on the pole towards +x, as a share of `torque.scale` (2 N·m) | -1 | 1 | 1 |

    Gravity pulls at a horizontal pole with 4.9 N·m. In steps that begin with a pole that rotates faster than
    10 rad/s the motor brakes, but does not drive.

    ## Observation space

    `Box((3,), float32)`.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Cosine of the angle from upright | -1 | 1 | 1 |
    | 1 | Sine of the angle from upright, positive towards +x | -1 | 1 | 1 |
    | 2 | Angular velocity | -inf | inf | rad/s |

    ## Rewards

    -(angle² + 0.1 · velocity² + 0.001 · torque²), with the angle from upright, from -π to π rad; the velocity of the
    pole in rad/s, at most 8; and the torque of the motor in N·m. So a step costs between 0 and 16.3; Gymnasium, where
    8 rad/s is the highest speed of all, has the same.

    ## Starting state

    The pole hangs: its angle from there, in rad, and its angular velocity, in rad/s, are drawn uniformly from
    ±`start.spread`.

    ## Episode end

    Never terminates. Truncates after 200 steps (10 s). A success if the pole stands then: within 12° from upright, and
    slower than 1 rad/s.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 20.0
    substeps = 40
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(low=(-1.0, -1.0, -math.inf), high=(1.0, 1.0, math.inf), shape=(3,))
    parameters = PARAMETERS
    keyboard = KEYBOARD

    observation_scale = (1.0, 1.0, 4.0)
    return_range = (-1700.0, -380.0)
    # Of trained policies under randomization, nearly all that hold the pole in the end are above it, and those that
    # never swing it up (-900 at best) far below.
    success_return = -600.0

    torque_scale = 2.0  # N·m
    start_spread = 0.1

    def bind(self, world: World) -> None:
        self._hinge = world.joint("Hinge")
        self._drive = world.motor("Drive")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        angle, velocity = self.start_spread * rng.uniform(-1.0, 1.0, size=2)
        self._hinge.place(math.pi + angle, velocity)

    def apply(self, action: NDArray[Any]) -> None:
        torque, velocity = self.torque_scale * float(action[0]), self._hinge.velocity
        is_too_fast = abs(velocity) > MOTOR_SPEED and torque * velocity > 0.0
        self._drive.torque = 0.0 if is_too_fast else torque

    def observe(self) -> NDArray[Any]:
        angle, velocity = self._hinge.position, self._hinge.velocity
        return np.array([math.cos(angle), math.sin(angle), velocity], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        angle = math.remainder(self._hinge.position, math.tau)
        speed = abs(self._hinge.velocity)
        cost = angle**2 + 0.1 * min(speed, TOP_SPEED) ** 2 + 0.001 * self._drive.torque**2
        stands = abs(angle) < STANDING_ANGLE and speed < STANDING_SPEED
        return Outcome(-cost, terminated=False, success=stands)
