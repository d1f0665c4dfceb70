"""Tasks that break their Blender on command."""

from __future__ import annotations

import collections
import ctypes
import itertools
import math
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.task import Cartpole
from blendgym.task import Outcome

if TYPE_CHECKING:
    from blendgym.world import World

SABOTAGED = "sabotage:SabotagedCartpole"
DYING_IN_RESET = "sabotage:DyingInReset"
DYING_AT_ONCE = "sabotage:DyingAtOnce"
FAILING_IN_RESET = "sabotage:FailingInReset"
COMMAND = 1.0
"""The action that does it. All others are harmless."""


def loop() -> None:
    while True:
        math.sqrt(2.0)


def hang_in_c() -> None:
    """Never comes back to Python, and never lets another thread in: what a driver that hangs looks like."""
    collections.deque(itertools.repeat(None), maxlen=0)


SABOTAGES = {
    "raise": lambda: math.log(-1),
    "leave": lambda: sys.exit("on purpose"),
    "sleep": lambda: time.sleep(3600),
    "loop": loop,
    "hang in C": hang_in_c,
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "crash": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
}


class SabotagedCartpole(Cartpole):
    """A cart-pole without an end that does something bad when it gets the action ``COMMAND``.

    Args:
        sabotage: A name of ``SABOTAGES``, or ``"nan"``, or ``"missing"``: asks for a body that is not there.
    """

    def __init__(self, sabotage: str) -> None:
        super().__init__()
        self._sabotage = sabotage
        self._has_exploded = False

    def reset(self, world: World, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        self._has_exploded = False

    def apply(self, action: NDArray[Any]) -> None:
        super().apply(action)
        if action[0] != COMMAND:
            return
        if self._sabotage == "missing":
            self._world.body("Nobody")
        elif self._sabotage == "nan":
            self._has_exploded = True
        else:
            SABOTAGES[self._sabotage]()

    def observe(self) -> NDArray[Any]:
        return super().observe() * np.float32(math.nan if self._has_exploded else 1.0)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=1.0, terminated=False)


class DyingInReset(SabotagedCartpole):
    """A cart-pole whose process dies in its second reset; the next process has a first one again."""

    def __init__(self) -> None:
        super().__init__("exit")
        self._resets = 0

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._resets += 1
        if self._resets == 2:
            SABOTAGES["kill"]()
        super().reset(world, rng)


class FailingInReset(SabotagedCartpole):
    """A cart-pole whose every second reset raises an exception, as does a step by command."""

    def __init__(self) -> None:
        super().__init__("raise")
        self._resets = 0

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._resets += 1
        if self._resets % 2 == 0:
            SABOTAGES["raise"]()
        super().reset(world, rng)


class DyingAtOnce(SabotagedCartpole):
    """A cart-pole whose process ends before it is ready."""

    def __init__(self) -> None:
        super().__init__("exit")

    def bind(self, world: World) -> None:
        SABOTAGES["exit"]()
