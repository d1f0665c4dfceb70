"""Tasks that exist for tests: they run inside Blender, like any other."""

from __future__ import annotations

import math
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.acrobot.task import Acrobot
from blendgym.envs.cartpole.task import Cartpole
from blendgym.envs.cartpole_swingup.task import CartpoleSwingup
from blendgym.envs.pendulum.task import Pendulum
from blendgym.parameters import (
    Camera,
    Light,
    Material,
    Parameter,
    ParameterSpace,
    Sky,
    TaskAttribute,
    VectorParameter,
)
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

ENDLESS = "tasks:EndlessCartpole"
PUSHED = "tasks:PushedCartpole"
SWINGING = "tasks:SwingingCartpole"
FREE_PENDULUM = "tasks:FreePendulum"
FREE_ACROBOT = "tasks:FreeAcrobot"
FAULTY = "tasks:FaultyTask"


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


class FaultyTask(Cartpole):
    """A cart-pole that does what it is told to do wrong, in its second step."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self._fault = fault
        self._steps = 0

    def reset(self, world: World, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        self._steps = 0

    def apply(self, action: NDArray[Any]) -> None:
        if self._fault == "refuse" and self._steps == 2:
            raise ZeroDivisionError("on purpose")
        super().apply(action)

    def observe(self) -> NDArray[Any]:
        self._steps += 1
        observation = super().observe()
        if self._steps < 3:
            return observation
        match self._fault:
            case "raise":
                raise ZeroDivisionError("on purpose")
            case "unreadable":
                raise ValueError(os.fsdecode(b"\xff"))
            case "nan":
                return observation * np.float32(math.nan)
            case "dtype":
                return observation.astype(np.float64)
            case "shape":
                return observation[:2]
            case "sleep":
                time.sleep(3600)
        return observation

    def outcome(self, observation: NDArray[Any]) -> Any:
        outcome = super().outcome(observation)
        match self._fault if self._steps == 3 else "":
            case "reward":
                return outcome._replace(reward=math.nan)
            case "text":
                return outcome._replace(reward="1")
            case "unsure":
                return outcome._replace(terminated="no")
            case "pair":
                return 1.0, False
        return outcome


class Inventory(Cartpole):
    """A cart-pole that observes how many materials, worlds, images and actions its Blender holds."""

    observation_space = Box(0, math.inf, shape=(4,))

    def observe(self) -> NDArray[Any]:
        import bpy

        data = bpy.data
        return np.array([*map(len, (data.materials, data.worlds, data.images, data.actions))], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)


class PlainCartpole(Cartpole):
    """The cart-pole without visual parameters."""

    parameters = ParameterSpace(*(each for each in Cartpole.parameters.values() if each.group != "visual"))


TARGET = (0.0, 0.0, 0.3)


class PaintedCartpole(Cartpole):
    """The cart-pole with a parameter for everything that visual bindings can change."""

    parameters = ParameterSpace(
        *Cartpole.parameters.values(),
        *(
            Parameter(name=name, unit="1", nominal=nominal, low=low, high=high, group="visual", binding=binding)
            for name, nominal, low, high, binding in (
                ("sky.saturation", 0.475, 0.0, 1.0, Sky("saturation")),
                ("ground.hue", 0.7392, -7.0, 7.0, Material("Ground", "hue")),
                ("ground.saturation", 0.4722, 0.0, 1.0, Material("Ground", "saturation")),
                ("ground.brightness", 0.36, 0.0, 1.0, Material("Ground", "brightness")),
                ("ground.roughness", 0.9, 0.0, 1.0, Material("Ground", "roughness")),
                ("camera.azimuth", -1.571, -4.0, 4.0, Camera("Camera", "azimuth", target=TARGET)),
                ("camera.pan", 0.0, -0.3, 0.3, Camera("Camera", "pan", target=TARGET)),
                ("camera.tilt", 0.0, -0.3, 0.3, Camera("Camera", "tilt", target=TARGET)),
                ("camera.roll", 0.0, -1.0, 1.0, Camera("Camera", "roll", target=TARGET)),
            )
        ),
    )


BINDINGS = {
    "light": Light("Moon", "strength"),
    "target": Camera("Camera", "distance", target=(0.0, -6.6, 0.0)),
    "material": Material("Gold", "hue"),
}


class StrayCartpole(Cartpole):
    """A cart-pole with a visual parameter that its scene cannot have."""

    def __init__(self, stray: str) -> None:
        super().__init__()
        binding = BINDINGS[stray]
        self.parameters = ParameterSpace(  # type: ignore[misc]
            Parameter(name=stray, unit="1", nominal=1.0, low=0.5, high=2.0, binding=binding)
        )


class SlowScene(Cartpole):
    """A task whose scene takes an hour to load."""

    def bind(self, world: World) -> None:
        print("loading", flush=True)  # noqa: T201 (into the server's log)
        time.sleep(3600)


class Leaving(Cartpole):
    """A task that wants to exit while it is set up."""

    def bind(self, world: World) -> None:
        sys.exit("on purpose")


class MissingScene(Cartpole):
    """A task whose scene is nowhere."""

    scene = "no_such_scene"


class MissingSceneFile(Cartpole):
    """A task whose .blend file is nowhere."""

    scene = "/no/such/file.blend"


class MissingBody(Cartpole):
    """A task that asks for a joint that its scene lacks."""

    def bind(self, world: World) -> None:
        world.joint("Elbow")


class Silent(Cartpole):
    """Observes nothing."""

    def observe(self) -> Any:
        return None


class SavedCartpole(Cartpole):
    """The cart-pole in a scene from a .blend file."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.scene = path


class SavingCartpole(Cartpole):
    """A cart-pole that saves its scene to a .blend file as soon as it is built."""

    def __init__(self, blend: str) -> None:
        super().__init__()
        self._blend = blend

    def bind(self, world: World) -> None:
        import bpy

        super().bind(world)
        bpy.ops.wm.save_as_mainfile(filepath=self._blend)


class NotATask:
    """Something else."""


class Modules(Cartpole):
    """A cart-pole that writes down from where its Blender has imported what a server needs."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def bind(self, world: World) -> None:
        import json
        import sys
        from pathlib import Path

        super().bind(world)
        names = ("msgspec", "numpy", "zmq", "blendgym")
        Path(self._file).write_text(json.dumps({name: str(sys.modules[name].__file__) for name in names}))


class Backwards(Cartpole):
    """A cart-pole with a rate that makes no sense."""

    control_rate = -5


class Filmed(Task):
    """Nothing but a file to look at."""

    control_rate = 20.0
    action_space, observation_space = Box(-1.0, 1.0, shape=(1,)), Box(0.0, 1.0, shape=(1,))

    def __init__(self, file: str, camera_name: str = "Camera") -> None:
        self.scene, self.camera = file, camera_name  # type: ignore[misc]

    def bind(self, world: World) -> None:
        """Needs nothing."""

    def reset(self, world: World, rng: np.random.Generator) -> None:
        """Sets nothing."""

    def apply(self, action: NDArray[Any]) -> None:
        """Does nothing."""

    def observe(self) -> NDArray[Any]:
        return np.zeros(1, np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)
