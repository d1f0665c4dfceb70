"""What a parameter changes: each binding sets one quantity of a simulation, and reads back what is in effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from blendgym.blender.looks.scenery import Scenery
    from blendgym.blender.physics.world import World
    from blendgym.server.channel import Channel


class Target(NamedTuple):
    """The simulation that parameters act on.

    Args:
        world: Its physics.
        task: Its task.
        channel: What lies between the task and the agent: noise and latency.
        scenery: What it looks like.
    """

    world: World
    task: Any
    channel: Channel
    scenery: Scenery


class Binding(Protocol):
    """Ties a parameter to one quantity of a simulation.

    Attributes:
        live: Whether the quantity may change within an episode.
    """

    live: ClassVar[bool]

    def apply(self, target: Target, value: float) -> None:
        """Sets the quantity."""

    def read(self, target: Target) -> float:
        """The quantity as it is in effect, from the simulation itself."""


@dataclass(frozen=True)
class Mass:
    """The mass of a body, in kg. Its inertia follows from mass and shape."""

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).mass = value

    def read(self, target: Target) -> float:
        return float(target.world.body(self.body).mass)


@dataclass(frozen=True)
class Length:
    """The extent of a body along one of its own axes (``"x"``, ``"y"``, ``"z"``), in m.

    The end at the body's joint stays where it is; mesh, collision shape, inertia and centre of mass follow, and so do
    the joints of what hangs on the body.
    """

    live: ClassVar[bool] = False
    body: str
    axis: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).set_extent(self.axis, value)

    def read(self, target: Target) -> float:
        return target.world.body(self.body).extent(self.axis)


@dataclass(frozen=True)
class Friction:
    """Coulomb's coefficient of a body, without a unit.

    Of two bodies that touch, Blender takes the product of theirs: give the other one 1 for this to be the coefficient.
    """

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).friction = value

    def read(self, target: Target) -> float:
        return float(target.world.body(self.body).friction)


@dataclass(frozen=True)
class Restitution:
    """The share of its speed that a body has left after an impact, from 0 to 1.

    Of two bodies that touch, Blender takes the product of theirs: give the other one 1 for this to be the share.
    """

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).restitution = value

    def read(self, target: Target) -> float:
        return float(target.world.body(self.body).restitution)


@dataclass(frozen=True)
class LinearDamping:
    """The share of its velocity that a body loses in a second, from 0 to 1: exactly that, at any number of substeps.

    ``JointDamping`` on a slider that carries the body sets the same number.
    """

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).linear_damping = value

    def read(self, target: Target) -> float:
        return float(target.world.body(self.body).linear_damping)


@dataclass(frozen=True)
class AngularDamping:
    """The share of its angular velocity that a body loses in a second, from 0 to 1: exactly, at any number of substeps.

    ``JointDamping`` on a hinge that carries the body sets the same number.
    """

    live: ClassVar[bool] = False
    body: str

    def apply(self, target: Target, value: float) -> None:
        target.world.body(self.body).angular_damping = value

    def read(self, target: Target) -> float:
        return float(target.world.body(self.body).angular_damping)


@dataclass(frozen=True)
class JointDamping:
    """The viscous damping of a joint: N·s/m for a slider, N·m·s/rad for a hinge."""

    live: ClassVar[bool] = False
    joint: str

    def apply(self, target: Target, value: float) -> None:
        target.world.joint(self.joint).damping = value

    def read(self, target: Target) -> float:
        return target.world.joint(self.joint).damping


@dataclass(frozen=True)
class LowerLimit:
    """The least position of a hinge (rad) or slider (m) that has its limits switched on."""

    live: ClassVar[bool] = False
    joint: str

    def apply(self, target: Target, value: float) -> None:
        target.world.joint(self.joint).set_limit("lower", value)

    def read(self, target: Target) -> float:
        return target.world.joint(self.joint).limit("lower")


@dataclass(frozen=True)
class UpperLimit:
    """The greatest position of a hinge (rad) or slider (m) that has its limits switched on."""

    live: ClassVar[bool] = False
    joint: str

    def apply(self, target: Target, value: float) -> None:
        target.world.joint(self.joint).set_limit("upper", value)

    def read(self, target: Target) -> float:
        return target.world.joint(self.joint).limit("upper")


@dataclass(frozen=True)
class SpringStiffness:
    """The stiffness of a spring along an axis (``"x"``: N/m) or about one (``"ang_x"``: N·m/rad)."""

    live: ClassVar[bool] = False
    joint: str
    axis: str

    def apply(self, target: Target, value: float) -> None:
        target.world.joint(self.joint).set_stiffness(self.axis, value)

    def read(self, target: Target) -> float:
        return target.world.joint(self.joint).stiffness(self.axis)


@dataclass(frozen=True)
class Gravity:
    """The gravitational acceleration along the world's -z axis, in m/s²."""

    live: ClassVar[bool] = False

    def apply(self, target: Target, value: float) -> None:
        target.world.gravity = value

    def read(self, target: Target) -> float:
        return target.world.gravity


@dataclass(frozen=True)
class TaskAttribute:
    """A number that the task itself uses, such as the scale of its actions; or several, for a vector.

    Args:
        attribute: Name of the attribute of the task. Under a ``VectorParameter`` it becomes a float64 array.
    """

    live: ClassVar[bool] = True
    attribute: str

    def apply(self, target: Target, value: float) -> None:
        setattr(target.task, self.attribute, value)

    def read(self, target: Target) -> float:
        return float(getattr(target.task, self.attribute))

    def element(self, index: int) -> TaskElement:
        """What changes one number of an attribute that has several."""
        return TaskElement(self.attribute, index)


@dataclass(frozen=True)
class TaskElement:
    """One of several numbers that the task itself uses, such as a coordinate of a direction."""

    live: ClassVar[bool] = True
    attribute: str
    index: int

    def apply(self, target: Target, value: float) -> None:
        changed = np.array(getattr(target.task, self.attribute), np.float64)
        changed[self.index] = value
        setattr(target.task, self.attribute, changed)

    def read(self, target: Target) -> float:
        return float(getattr(target.task, self.attribute)[self.index])


@dataclass(frozen=True)
class ActionLatency:
    """How many steps an action takes to arrive. Until the first one has, ``Task.apply`` is not called."""

    live: ClassVar[bool] = False

    def apply(self, target: Target, value: float) -> None:
        target.channel.action_latency = round(value)

    def read(self, target: Target) -> float:
        return float(target.channel.action_latency)


@dataclass(frozen=True)
class ObservationLatency:
    """How many steps an observation takes to arrive; until then the first one is seen. Rewards are not delayed."""

    live: ClassVar[bool] = False

    def apply(self, target: Target, value: float) -> None:
        target.channel.observation_latency = round(value)

    def read(self, target: Target) -> float:
        return float(target.channel.observation_latency)


@dataclass(frozen=True)
class ObservationNoise:
    """Standard deviation of white noise on every element of the state that a ``Box`` holds, as a share of its scale.

    The scale is ``Task.observation_scale``. Choices (``Discrete`` and its kin) have no noise.
    """

    live: ClassVar[bool] = True

    def apply(self, target: Target, value: float) -> None:
        target.channel.observation_noise = value

    def read(self, target: Target) -> float:
        return target.channel.observation_noise
