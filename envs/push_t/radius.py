"""A parameter that no other room has: how thick a round finger is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from blendgym.parameters import Target


@dataclass(frozen=True)
class Radius:
    """The radius of an upright cylinder, in m; mesh and collision shape follow."""

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        for axis in ("x", "y"):
            target.world.body(self.body).set_extent(axis, 2.0 * value)

    def read(self, target: Target) -> float:
        return target.world.body(self.body).extent("x") / 2.0
