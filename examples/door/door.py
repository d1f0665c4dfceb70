"""The task of an environment of one's own, in a scene from a ``.blend``. It is read inside Blender, too.

cd examples/door
python make_door.py           # saves door.blend
python open_door.py           # plays an episode, and saves a picture
blendgym check door:Door      # is it fit to be trained on?
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters import (
    JointDamping,
    Light,
    LogUniform,
    Mass,
    Material,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World

OPEN = math.pi / 2  # rad


class Door(Task):
    """A door with a motor in its hinge. Open it by 90° and keep it there.

    ## Description

    A rigid-body simulation in Blender, of a scene that was saved as `door.blend`. The simulation runs at 20 Hz with 10
    physics steps per control period.

    ## Action space

    `Box(-1, 1, (1,), float32)`.

    | Index | Action | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Torque on the door, as a share of `torque.scale` (10 N·m) | -1 | 1 | 1 |

    ## Observation space

    `Box((2,), float32)`.

    | Index | Observation | Min | Max | Unit |
    |---|---|---|---|---|
    | 0 | Angle of the door, 0 when it is closed | -inf | inf | rad |
    | 1 | Angular velocity | -inf | inf | rad/s |

    ## Rewards

    Minus the distance from 90°, in rad.

    ## Starting state

    At rest, the angle drawn uniformly from ±0.1 rad.

    ## Episode end

    Never terminates. Truncates after 100 steps (5 s).

    ## Arguments

    None of its own. Those of every environment are described at `blendgym.client.settings.Settings`.

    ## Randomization

    {parameters}

    ## Version history

    * v0: first version.
    """

    scene = "door.blend"
    control_rate = 20.0  # Hz
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(2,))
    parameters = ParameterSpace(
        Parameter(
            name="door.mass", unit="kg", nominal=20.0, low=5.0, high=60.0, prior=LogUniform(), binding=Mass("Door"),
            description="Mass of the door",
        ),
        Parameter(
            name="hinge.damping", unit="N·m·s/rad", nominal=2.0, low=0.0, high=4.0, binding=JointDamping("Hinge"),
            description="Viscous friction in the hinge",
        ),
        Parameter(
            name="torque.scale", unit="N·m", nominal=10.0, low=5.0, high=20.0, binding=TaskAttribute("torque_scale"),
            description="Torque at full action",
        ),
        Parameter(
            name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, group="visual",
            binding=Light("Sun", "strength"), description="Irradiance of the sun",
        ),
        Parameter(
            name="door.hue", unit="rad", nominal=0.3956, low=0.0, high=6.28, group="visual",
            binding=Material("Wood", "hue"), description="Hue of the door; 0 is red, 2.09 green, 4.19 blue",
        ),
    )  # fmt: skip

    torque_scale = 10.0  # N·m

    def bind(self, world: World) -> None:
        """Looks up the parts of the scene by their names in Blender."""
        self._hinge, self._motor = world.joint("Hinge"), world.motor("Motor")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        """Sets the initial state."""
        self._hinge.place(rng.uniform(-0.1, 0.1))

    def apply(self, action: NDArray[Any]) -> None:
        """Turns the action into torque."""
        self._motor.torque = self.torque_scale * float(action[0])

    def observe(self) -> NDArray[Any]:
        """The state."""
        return np.array([self._hinge.position, self._hinge.velocity], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        """Reward and termination."""
        return Outcome(reward=-abs(self._hinge.position - OPEN), terminated=False)
