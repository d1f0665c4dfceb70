"""The suite's jointed systems from any state, pushed by any force: what equations of motion are held to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.acrobot.task import Acrobot
from blendgym.envs.cartpole.task import Cartpole
from blendgym.envs.cartpole_swingup.task import CartpoleSwingup
from blendgym.envs.pendulum.task import Pendulum
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute, VectorParameter
from blendgym.spaces import Box
from blendgym.task import Outcome

if TYPE_CHECKING:
    from blendgym.world import World

ENDLESS = "free_tasks:EndlessCartpole"
PUSHED = "free_tasks:PushedCartpole"
SWINGING = "free_tasks:SwingingCartpole"
FREE_PENDULUM = "free_tasks:FreePendulum"
FREE_ACROBOT = "free_tasks:FreeAcrobot"


class EndlessCartpole(Cartpole):
    """The cart-pole from a given state, without an end; the action is a force in newtons."""

    action_space = Box(-20.0, 20.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(4,), dtype="float64")
    parameters = ParameterSpace(
        *Cartpole.parameters.values(),
        *(
            Parameter(name=name, unit=unit, nominal=0.0, low=-5.0, high=5.0, binding=TaskAttribute(name))
            for name, unit in (("x", "m"), ("velocity", "m/s"), ("angle", "rad"), ("rate", "rad/s"))
        ),
    )
    x = velocity = angle = rate = 0.0

    def __init__(self) -> None:
        self._discrete = False

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._track.place(self.x, self.velocity)
        self._hinge.place(self.angle, self.rate)

    def apply(self, action: NDArray[Any]) -> None:
        self._drive.force = float(action[0])

    def observe(self) -> NDArray[Any]:
        track, hinge = self._track, self._hinge
        return np.array([track.position, track.velocity, hinge.position, hinge.velocity])

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)


class LeaningCartpole(Cartpole):
    """The cart-pole, of which it is a success to lean to the right."""

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return super().outcome(observation)._replace(success=observation[2] > 0.0)


class UprightSwingup(CartpoleSwingup):
    """The swing-up, which begins near the end."""

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._hinge.place(rng.uniform(-0.4, 0.4), rng.uniform(-2.0, 2.0))


class UprightPendulum(Pendulum):
    """Likewise."""

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._hinge.place(rng.uniform(-0.4, 0.4), rng.uniform(-2.0, 2.0))


class PushedCartpole(EndlessCartpole):
    """The same, which begins at rest but for a push: the velocities of cart and pole."""

    parameters = ParameterSpace(
        *Cartpole.parameters.values(),
        VectorParameter(
            name="push.velocity", unit="m/s, rad/s", nominal=(0.0, 0.0), low=-1.0, high=1.0, group="push",
            binding=TaskAttribute("push"), description="Velocity of the cart, and rate of the pole",
        ),
    )  # fmt: skip
    push = (0.0, 0.0)

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._track.place(0.0, self.push[0])
        self._hinge.place(0.0, self.push[1])


class RidingCartpole(EndlessCartpole):
    """The same, seen from the cart."""

    scene = "analytic.riding"


class SwingingCartpole(EndlessCartpole):
    """The same with the pole in front of the cart."""

    scene = "blendgym.envs.cartpole_swingup.scene"
    parameters = ParameterSpace(
        *CartpoleSwingup.parameters.values(),
        *(EndlessCartpole.parameters[name] for name in ("x", "velocity", "angle", "rate")),
    )


class FreePendulum(Pendulum):
    """The pendulum from a given state, observed as angle and rate; the action is a torque in newton metres."""

    action_space = Box(-20.0, 20.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(2,), dtype="float64")
    parameters = ParameterSpace(
        *Pendulum.parameters.values(),
        *(
            Parameter(name=name, unit=unit, nominal=0.0, low=-20.0, high=20.0, binding=TaskAttribute(name))
            for name, unit in (("angle", "rad"), ("rate", "rad/s"))
        ),
    )
    observation_scale = 1.0
    angle = rate = 0.0

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._hinge.place(self.angle, self.rate)

    def apply(self, action: NDArray[Any]) -> None:
        self._drive.torque = float(action[0])

    def observe(self) -> NDArray[Any]:
        return np.array([self._hinge.position, self._hinge.velocity])


class FreeAcrobot(Acrobot):
    """The acrobot from a given state, without an end, observed as angles and rates; the action is a torque in N·m."""

    action_space = Box(-20.0, 20.0, shape=(1,))
    observation_space = Box(-math.inf, math.inf, shape=(4,), dtype="float64")
    parameters = ParameterSpace(
        *Acrobot.parameters.values(),
        *(
            Parameter(name=name, unit=unit, nominal=0.0, low=-20.0, high=20.0, binding=TaskAttribute(name))
            for name, unit in (("angle", "rad"), ("elbow", "rad"), ("rate", "rad/s"), ("elbow_rate", "rad/s"))
        ),
    )
    observation_scale = 1.0
    angle = elbow = rate = elbow_rate = 0.0

    def __init__(self) -> None:
        self._discrete = False

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._shoulder.place(self.angle, self.rate)
        self._elbow.place(self.elbow, self.elbow_rate)

    def apply(self, action: NDArray[Any]) -> None:
        self._drive.torque = float(action[0])

    def observe(self) -> NDArray[Any]:
        shoulder, elbow = self._shoulder, self._elbow
        return np.array([shoulder.position, elbow.position, shoulder.velocity, elbow.velocity])

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return super().outcome(observation)._replace(terminated=False)
