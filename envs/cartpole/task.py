"""Balancing a pole on a cart (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.parameters import PARAMETERS
from blendgym.errors import InvalidOption
from blendgym.spaces import Box, Discrete, Space
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World

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
    Truncates after 500 steps (10 s).

    ## Arguments

    * `action_type`: `"continuous"` (default) or `"discrete"`.

    Those of every environment are described at `blendgym.client.env.BlendEnv`.

    ## Randomization

    | Parameter | Unit | Nominal | Low | High | Meaning |
    |---|---|---|---|---|---|
    | `cart.mass` | kg | 1 | 0.25 | 4 | Mass of the cart |
    | `pole.mass` | kg | 0.1 | 0.05 | 1 | Mass of the pole |
    | `pole.length` | m | 1 | 0.2 | 5 | Length of the pole, from the hinge to its tip |
    | `force.scale` | N | 10 | 1 | 25 | Force at full action |
    | `gravity` | m/s² | 9.81 | 1 | 25 | Gravitational acceleration |
    | `track.damping` | N·s/m | 0 | 0 | 3 | Viscous friction between cart and track |
    | `hinge.damping` | N·m·s/rad | 0 | 0 | 0.002 | Viscous friction in the hinge |
    | `start.spread` | 1 | 0.05 | 0 | 0.2 | Bound of each initial value, in m, m/s, rad and rad/s |
    | `action.latency` | steps | 0 | 0 | 7 | Steps until an action takes effect; the motor rests before the first |
    | `observation.latency` | steps | 0 | 0 | 3 | Steps until an observation is seen |
    | `observation.noise` | 1 | 0 | 0 | 0.2 | White noise, as a share of 0.5 m, 0.5 m/s, 0.1 rad, 0.5 rad/s |
    | `sun.strength` | W/m² | 2.6 | 0.8 | 6 | Irradiance of the sun |
    | `sun.temperature` | K | 5684 | 2500 | 12000 | Colour of the sun, as that of a black body |
    | `sun.elevation` | rad | 0.7695 | 0.2 | 1.4 | Height of the sun above the horizon |
    | `sun.azimuth` | rad | -2.112 | -3.1 | 0 | Side of the sun, from +x towards +y; the camera is at -1.57 |
    | `sky.strength` | 1 | 1 | 0.3 | 1.5 | Factor of the radiance of the sky |
    | `sky.hue` | rad | 3.693 | 0 | 6.28 | Hue of the sky; 0 is red, 2.09 green, 4.19 blue |
    | `pole.hue` | rad | 0.3653 | 0 | 6.28 | Hue of the pole, likewise |
    | `cart.hue` | rad | 3.759 | 0 | 6.28 | Hue of the cart, likewise |
    | `ground.texture` | 1 | 0 | 0 | 4 | Texture of the ground: plain, checker, stripes, tiles or noise |
    | `camera.distance` | m | 6.6 | 6.5 | 9 | Horizontal distance of the camera from the middle of the track |
    | `camera.height` | m | 1.2 | 0.5 | 3 | Height of the camera above the middle of the cart |
    | `camera.field_of_view` | rad | 0.8378 | 0.82 | 1.1 | Angle that the camera sees horizontally |

    ## Version history

    * v0: first version.
    """

    scene = "blendgym.envs.cartpole.scene"
    control_rate = 50.0
    observation_space = Box(
        low=(-2 * POSITION_LIMIT, -math.inf, -2 * ANGLE_LIMIT, -math.inf),
        high=(2 * POSITION_LIMIT, math.inf, 2 * ANGLE_LIMIT, math.inf),
        shape=(4,),
    )
    parameters = PARAMETERS

    observation_scale = (0.5, 0.5, 0.1, 0.5)
    return_range = (0.0, 500.0)
    success_return = 475.0

    force_scale = 10.0  # N
    start_spread = 0.05

    def __init__(self, action_type: str = "continuous") -> None:
        if action_type not in ACTION_SPACES:
            raise InvalidOption(f"action_type is {action_type!r}; expected one of {', '.join(ACTION_SPACES)}.")
        self.action_space = ACTION_SPACES[action_type]
        self._discrete = action_type == "discrete"

    def bind(self, world: World) -> None:
        self._track = world.joint("Track")
        self._hinge = world.joint("Hinge")
        self._drive = world.motor("Drive")

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
        return Outcome(reward=1.0, terminated=fallen)


ACTION_SPACES: dict[str, Space] = {"continuous": Box(-1.0, 1.0, shape=(1,)), "discrete": Discrete(2)}
