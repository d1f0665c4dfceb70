"""Balancing a pole on a cart (runs on both sides of the wire)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.shared_parameters import (
    CART_HUE,
    DAYLIGHT,
    GROUND_TEXTURE,
    POLE_HUE,
    action_latency,
    observation_latency,
    observation_noise,
)
from blendgym.errors import InvalidOption
from blendgym.parameters import (
    CameraDistance,
    CameraHeight,
    FieldOfView,
    Gravity,
    JointDamping,
    Length,
    LogUniform,
    Mass,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)
from blendgym.spaces import Box, Discrete, Space
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World

POSITION_LIMIT = 2.4  # m
ANGLE_LIMIT = math.radians(12)
CAMERA_TARGET = (0.0, 0.0, 0.3)  # m


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

    scene = "cartpole"
    control_rate = 50.0
    observation_space = Box(
        low=(-2 * POSITION_LIMIT, -math.inf, -2 * ANGLE_LIMIT, -math.inf),
        high=(2 * POSITION_LIMIT, math.inf, 2 * ANGLE_LIMIT, math.inf),
        shape=(4,),
    )
    parameters = ParameterSpace(
        Parameter(
            name="cart.mass", unit="kg", nominal=1.0, low=0.25, high=4.0, prior=LogUniform(), binding=Mass("Cart"),
            description="Mass of the cart",
        ),
        Parameter(
            name="pole.mass", unit="kg", nominal=0.1, low=0.05, high=1.0, prior=LogUniform(), binding=Mass("Pole"),
            description="Mass of the pole",
        ),
        Parameter(
            name="pole.length", unit="m", nominal=1.0, low=0.2, high=5.0, prior=LogUniform(),
            binding=Length("Pole", axis="z"), description="Length of the pole, from the hinge to its tip",
        ),
        Parameter(
            name="force.scale", unit="N", nominal=10.0, low=1.0, high=25.0, prior=LogUniform(),
            binding=TaskAttribute("force_scale"), description="Force at full action",
        ),
        Parameter(
            name="gravity", unit="m/s²", nominal=9.81, low=1.0, high=25.0, binding=Gravity(),
            description="Gravitational acceleration",
        ),
        Parameter(
            name="track.damping", unit="N·s/m", nominal=0.0, low=0.0, high=3.0, binding=JointDamping("Track"),
            description="Viscous friction between cart and track",
        ),
        Parameter(
            name="hinge.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.002, binding=JointDamping("Hinge"),
            description="Viscous friction in the hinge",
        ),
        Parameter(
            name="start.spread", unit="1", nominal=0.05, low=0.0, high=0.2, binding=TaskAttribute("start_spread"),
            description="Bound of each initial value, in m, m/s, rad and rad/s",
        ),
        action_latency(high=7),
        observation_latency(high=3),
        observation_noise(high=0.2, scale="0.5 m, 0.5 m/s, 0.1 rad, 0.5 rad/s"),
        *DAYLIGHT,
        POLE_HUE,
        CART_HUE,
        GROUND_TEXTURE,
        Parameter(
            name="camera.distance", unit="m", nominal=6.6, low=6.5, high=9.0, group="visual",
            binding=CameraDistance("Camera", CAMERA_TARGET),
            description="Horizontal distance of the camera from the middle of the track",
        ),
        Parameter(
            name="camera.height", unit="m", nominal=1.2, low=0.5, high=3.0, group="visual",
            binding=CameraHeight("Camera", CAMERA_TARGET),
            description="Height of the camera above the middle of the cart",
        ),
        Parameter(
            name="camera.field_of_view", unit="rad", nominal=0.8378, low=0.82, high=1.1, group="visual",
            binding=FieldOfView("Camera"), description="Angle that the camera sees horizontally",
        ),
    )  # fmt: skip

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
