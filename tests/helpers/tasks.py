"""Tasks that exist for tests: they run inside Blender, like any other."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters import Camera, Material, Parameter, ParameterSpace, Sky
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World


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


class Modules(Cartpole):
    """A cart-pole that writes down from where its Blender has imported what a server needs."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def bind(self, world: World) -> None:
        import json
        from pathlib import Path

        super().bind(world)
        names = ("msgspec", "numpy", "zmq", "blendgym")
        Path(self._file).write_text(
            json.dumps({name: str(sys.modules[name].__file__) for name in names}), encoding="utf-8"
        )


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
