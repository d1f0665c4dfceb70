"""Stacks of equal boxes, which an episode does not end with, and whoever builds towers well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.stack.boxes import DENSITY, KINDS, SHELF, SIZE, Extents, waiting_place
from blendgym.envs.stack.task import Stack, _pose
from blendgym.layout import Item
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.task import Outcome

REACH = Stack.reach  # m
MIDDLES = slice(13, None, 12)
"""Of an observation: where along x the middle of each box is."""


class Lasting(Stack):
    """Never terminates."""

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return super().outcome(observation)._replace(terminated=False)


class Equal(Lasting):
    """Boxes of the size of the templates, all of one kind, that all wait alike."""

    parameters = ParameterSpace(
        *Stack.parameters.values(),
        Parameter(
            name="kind", unit="1", nominal=0, low=0, high=len(KINDS) - 1, kind="integer",
            binding=TaskAttribute("kind"), description="Which of the kinds",
        ),
    )  # fmt: skip
    kind = 0.0

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        name, offset = list(KINDS.items())[round(self.kind)]
        extents = Extents(*SIZE, offset * SIZE[0])
        self._plan = [(extents, 0.0)] * round(self.boxes)
        for number in range(round(self.boxes)):
            place = (*waiting_place(number), SHELF[1] + extents.height / 2)
            yield Item(name, _pose(extents, place, 0.0), f"Box {number + 1}", mass=DENSITY * float(np.prod(SIZE)))


def balanced(observation: NDArray[Any]) -> NDArray[np.float32]:
    """The action that brings the centre of mass of the next box over the middle of the pedestal."""
    action = np.zeros(3, np.float32)
    action[:2] = np.clip(-(observation[4:6] + observation[6:8]) / REACH, -1.0, 1.0)
    return action
