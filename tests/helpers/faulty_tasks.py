"""Tasks with something wrong: they raise, hang, lie, or need what is not there."""

from __future__ import annotations

import math
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters import Camera, Light, Material, Parameter, ParameterSpace

if TYPE_CHECKING:
    from blendgym.world import World

FAULTY = "faulty_tasks:FaultyTask"


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
        if self._steps == 2:
            self._ask_for_what_cannot_be()
        super().apply(action)

    def _ask_for_what_cannot_be(self) -> None:
        match self._fault:
            case "refuse":
                raise ZeroDivisionError("on purpose")
            case "handle":
                self._world.wrench(self._world.body("Cart"))  # type: ignore[arg-type]
            case "word":
                self._world.contacts("Cart")

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


class BrokenDriver(Cartpole):
    """A task in a Blender whose Cycles reports what a driver cannot do."""

    def bind(self, world: World) -> None:
        import cycles

        super().bind(world)
        cycles.CyclesRender.render = lambda engine, _: engine.report({"ERROR"}, "Failed to load kernels")


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


class NotATask:
    """Something else."""


class Backwards(Cartpole):
    """A cart-pole with a rate that makes no sense."""

    control_rate = -5
