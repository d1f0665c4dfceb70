"""Swinging up a pole on a cart and balancing it (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole_swingup.parameters import PARAMETERS
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

POSITION_LIMIT = 2.4  # m
STANDING_ANGLE = math.radians(12)
STANDING_SPEED = 1.0  # rad/s; nearer to upright and slower, the pole stands

KEYBOARD = {"a": -1.0, "d": 1.0}
"""For people who play: to the left and to the right."""


class CartpoleSwingup(Task):
    """A pole hangs from a cart on a straight track. Push the cart so that the pole swings up and stays upright.

    ## Description

    The cart-pole of `BlendCartpole-v0` with the pole hanging at first: a rigid-body simulation in Blender. The pole is
    a uniform box on a hinge without friction in front of the cart, which is a box on a slider. The simulation runs at
    50 Hz with 10 physics steps per control period.

    ## Action space

    `Box(-1, 1, (1,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Force on the cart along +x, as a share of `force.scale` (10 N) | -1 | 1 | 1 |

    ## Observation space

    `Box((5,), float32)`, in the frame of the track.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Cart position along x | -4.8 | 4.8 | m |
    | 1 | Cart velocity along x | -inf | inf | m/s |
    | 2 | Cosine of the pole's angle from upright | -1 | 1 | 1 |
    | 3 | Sine of the pole's angle from upright, positive towards +x | -1 | 1 | 1 |
    | 4 | Pole angular velocity | -inf | inf | rad/s |

    ## Rewards

    ((1 + cos angle) / 2)² / (1 + rate²) · (1 - (position / 2.4 m)²), at least 0, with the angular velocity of the pole
    as rate, in rad/s: 1 for a pole that stands still on a cart in the middle, 0 for one that hangs. Rotating does not
    pay: a pole that falls over and comes back to the top again and again gets 0.17 a step on average if it passes the
    top at 1 rad/s, 0.07 at 2 rad/s, and less the faster it is.

    ## Starting state

    The pole hangs and the cart is in the middle: all four of cart position (m), cart velocity (m/s), angle from hanging
    (rad) and angular velocity (rad/s) are drawn uniformly from ±`start.spread`.

    ## Episode end

    Terminates when the cart is more than 2.4 m from the centre, where a real track ends. As no reward is negative, that
    never pays. Truncates after 500 steps (10 s). A success if the pole stands then: within 12° from upright, and slower
    than 1 rad/s.

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v1: the reward asks for a pole that stands still. That of v0, without the rate, paid up to 3/8 a step for rotating
      for ever, so some policies did, and no return told them from those that were late to hold the pole.
    * v0: first version.
    """

    scene = "scene"
    control_rate = 50.0
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(
        low=(-2 * POSITION_LIMIT, -math.inf, -1.0, -1.0, -math.inf),
        high=(2 * POSITION_LIMIT, math.inf, 1.0, 1.0, math.inf),
        shape=(5,),
    )
    parameters = PARAMETERS
    keyboard = KEYBOARD

    observation_scale = (0.5, 1.0, 1.0, 1.0, 4.0)
    return_range = (0.0, 400.0)
    # A pole that rotates has 85 if it passes the top at 1 rad/s, one that is held from four seconds on 300.
    success_return = 300.0

    force_scale = 10.0  # N
    start_spread = 0.05

    def bind(self, world: World) -> None:
        self._track = world.joint("Track")
        self._hinge = world.joint("Hinge")
        self._drive = world.motor("Drive")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        position, velocity, angle, rate = self.start_spread * rng.uniform(-1.0, 1.0, size=4)
        self._track.place(position, velocity)
        self._hinge.place(math.pi + angle, rate)

    def apply(self, action: NDArray[Any]) -> None:
        self._drive.force = self.force_scale * float(action[0])

    def observe(self) -> NDArray[Any]:
        track, hinge = self._track, self._hinge
        cosine, sine = math.cos(hinge.position), math.sin(hinge.position)
        return np.array([track.position, track.velocity, cosine, sine, hinge.velocity], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        upright = (1.0 + math.cos(self._hinge.position)) / 2.0
        still = 1.0 / (1.0 + (self._hinge.velocity / STANDING_SPEED) ** 2)
        off_centre = min(abs(self._track.position) / POSITION_LIMIT, 1.0)
        off_track = abs(self._track.position) > POSITION_LIMIT
        angle = math.remainder(self._hinge.position, math.tau)
        stands = abs(angle) < STANDING_ANGLE and abs(self._hinge.velocity) < STANDING_SPEED
        return Outcome(upright**2 * still * (1.0 - off_centre**2), off_track, success=stands and not off_track)
