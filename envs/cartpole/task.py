"""Balancing a pole on a cart (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.envs.cartpole.parameters import PARAMETERS
from blendgym.spaces import Box, Discrete, Leaf
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

POSITION_LIMIT = 2.4  # m
ANGLE_LIMIT = math.radians(12)


class Cartpole(Task):
    """A pole stands on a cart that runs on a straight track. Push the cart so that the pole does not fall.

    ## Description

    The task of Barto, Sutton and Anderson ("Neuronlike Adaptive Elements That Can Solve Difficult Learning Control
    Problems", 1983), as a rigid-body simulation in Blender. The pole is a uniform box on a hinge without friction, the
    cart is a box on a slider. The simulation runs at 50 Hz with 10 physics steps per control period.

    ## Action space

    `action_type="continuous"`: `Box(-1, 1, (1,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Force on the cart along +x, as a share of `force.scale` (10 N) | -1 | 1 | 1 |

    `action_type="discrete"`: `Discrete(2)`. 0 pushes the cart with `force.scale` along -x, 1 along +x.

    ## Observation space

    `Box((4,), float32)`, in the frame of the track.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Cart position along x | -4.8 | 4.8 | m |
    | 1 | Cart velocity along x | -inf | inf | m/s |
    | 2 | Pole angle from upright, positive towards +x | -0.419 | 0.419 | rad |
    | 3 | Pole angular velocity | -inf | inf | rad/s |

    ## Rewards

    1 for every step, the terminating one included.

    ## Starting state

    All four observations are drawn uniformly from ±`start.spread`.

    ## Episode end

    Terminates when the cart is more than 2.4 m from the centre, or the pole more than 12° from upright.
    Truncates after 500 steps (10 s). A success from 475 steps on.

    ## Arguments

    * `action_type`: `"continuous"` (default) or `"discrete"`, which `BlendCartpoleDiscrete-v0` has.

    Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "scene"
    control_rate = 50.0
    observation_space = Box(
        low=(-2 * POSITION_LIMIT, -math.inf, -2 * ANGLE_LIMIT, -math.inf),
        high=(2 * POSITION_LIMIT, math.inf, 2 * ANGLE_LIMIT, math.inf),
        shape=(4,),
    )
    parameters = PARAMETERS

    observation_scale = (0.5, 0.5, 0.1, 0.5)
    return_range = (25.0, 500.0)
    success_return = 475.0

    force_scale = 10.0  # N
    start_spread = 0.05

    def __init__(self, action_type: str = "continuous") -> None:
        check_choice("action_type", action_type, ACTION_SPACES)
        self.action_space = ACTION_SPACES[action_type]
        self.keyboard = KEYBOARD[action_type]
        self._discrete = action_type == "discrete"

    def bind(self, world: World) -> None:
        self._track = world.joint("Track")
        self._hinge = world.joint("Hinge")
        self._drive = world.motor("Drive")
        self._world = world

    def reset(self, world: World, rng: np.random.Generator) -> None:
        position, velocity, angle, rate = self.start_spread * rng.uniform(-1.0, 1.0, size=4)
        self._track.place(position, velocity)
        self._hinge.place(angle, rate)

    def apply(self, action: NDArray[Any]) -> None:
        share = 2.0 * action - 1.0 if self._discrete else action[0]
        self._drive.force = self.force_scale * float(share)

    def observe(self) -> NDArray[Any]:
        track, hinge = self._track, self._hinge
        return np.array([track.position, track.velocity, hinge.position, hinge.velocity], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        fallen = abs(self._track.position) > POSITION_LIMIT or abs(self._hinge.position) > ANGLE_LIMIT
        steps = round(self._world.time * self.control_rate)
        return Outcome(reward=1.0, terminated=fallen, success=steps >= self.success_return)


ACTION_SPACES: dict[str, Leaf] = {"continuous": Box(-1.0, 1.0, shape=(1,)), "discrete": Discrete(2)}

KEYBOARD: dict[str, dict[str, float]] = {"continuous": {"a": -1.0, "d": 1.0}, "discrete": {"a": 0, "d": 1}}
"""For people who play: to the left and to the right."""
