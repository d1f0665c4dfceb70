"""What a parameter changes: each binding sets one quantity of a world or task, and reads back what is in effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from blendgym.server.physics.world import World


class Binding(Protocol):
    """Ties a parameter to one quantity of the simulation."""

    def apply(self, world: World, task: Any, value: float) -> None:
        """Sets the quantity."""

    def read(self, world: World, task: Any) -> float:
        """The quantity as it is in effect, from the simulation itself."""


@dataclass(frozen=True)
class Mass:
    """The mass of a body, in kg. Its inertia follows from mass and shape."""

    body: str

    def apply(self, world: World, task: Any, value: float) -> None:
        world.body(self.body).mass = value

    def read(self, world: World, task: Any) -> float:
        return world.body(self.body).mass


@dataclass(frozen=True)
class Length:
    """The extent of a body along one of its own axes (``"x"``, ``"y"``, ``"z"``), in m.

    The end at the body's joint stays where it is; mesh, collision shape, inertia and centre of mass follow.
    """

    body: str
    axis: str

    def apply(self, world: World, task: Any, value: float) -> None:
        world.body(self.body).set_extent(self.axis, value)

    def read(self, world: World, task: Any) -> float:
        return world.body(self.body).extent(self.axis)


@dataclass(frozen=True)
class JointDamping:
    """The viscous damping of a joint: N·s/m for a slider, N·m·s/rad for a hinge."""

    joint: str

    def apply(self, world: World, task: Any, value: float) -> None:
        world.joint(self.joint).damping = value

    def read(self, world: World, task: Any) -> float:
        return world.joint(self.joint).damping


@dataclass(frozen=True)
class Gravity:
    """The gravitational acceleration along the world's -z axis, in m/s²."""

    def apply(self, world: World, task: Any, value: float) -> None:
        world.gravity = value

    def read(self, world: World, task: Any) -> float:
        return world.gravity


@dataclass(frozen=True)
class TaskAttribute:
    """A number that the task itself uses, such as the scale of its actions."""

    attribute: str

    def apply(self, world: World, task: Any, value: float) -> None:
        setattr(task, self.attribute, value)

    def read(self, world: World, task: Any) -> float:
        return float(getattr(task, self.attribute))
