"""The tasks of the zoo: most are only watched. Each begins an episode with numbers of its own, drawn from its seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters import (
    AngularDamping,
    Friction,
    Gravity,
    JointDamping,
    LinearDamping,
    Mass,
    Parameter,
    ParameterSpace,
    Restitution,
    SpringStiffness,
    TaskAttribute,
)
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import World

NUMBERS = 13
"""That are observed of a body: position, orientation (a quaternion), velocity and angular velocity."""


def everything_about(bodies: int) -> Box:
    """The observation space of some watched bodies."""
    return Box(-math.inf, math.inf, shape=(NUMBERS * bodies,), dtype="float64")


class Watching(Task):
    """A scene that is watched. The action pushes nothing; the observation has all numbers of some bodies."""

    control_rate = 50.0
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = everything_about(1)
    watched: ClassVar[tuple[str, ...]] = ("Body",)

    def bind(self, world: World) -> None:
        self._bodies = [world.body(name) for name in self.watched]

    def apply(self, action: NDArray[Any]) -> None:
        pass

    def observe(self) -> NDArray[np.float64]:
        parts = [(body.position, body.orientation, body.velocity, body.angular_velocity) for body in self._bodies]
        return np.concatenate([number for of_a_body in parts for number in of_a_body])

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)


class Fall(Watching):
    """A box is thrown up, spinning."""

    scene = "zoo.scenes.fall"
    parameters = ParameterSpace(
        Parameter(name="gravity", unit="m/s²", nominal=9.81, low=1.0, high=20.0, binding=Gravity()),
        Parameter(name="drag", unit="1", nominal=0.0, low=0.0, high=0.5, binding=LinearDamping("Body")),
        Parameter(name="spin.drag", unit="1", nominal=0.0, low=0.0, high=0.5, binding=AngularDamping("Body")),
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._bodies[0].place(
            Pose((0.0, 0.0, 2.0)), rng.uniform((-1.0, -1.0, 3.0), (1.0, 1.0, 5.0)), (0.0, 0.0, rng.uniform(-6.0, 6.0))
        )


class Bounce(Watching):
    """A ball falls on the ground, again and again."""

    scene = "zoo.scenes.bounce"
    parameters = ParameterSpace(
        Parameter(name="restitution", unit="1", nominal=0.8, low=0.0, high=1.0, binding=Restitution("Body"))
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._bodies[0].place(Pose((0.0, 0.0, rng.uniform(0.6, 1.0))))


class Slope(Watching):
    """A block slides down a slope."""

    scene = "zoo.scenes.slope"
    parameters = ParameterSpace(
        Parameter(name="friction", unit="1", nominal=0.3, low=0.0, high=1.0, binding=Friction("Body"))
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        block, speed = self._bodies[0], rng.uniform(0.5, 2.0)
        block.place(block.pose, speed * block.pose[:3, 0])


class Rolling(Watching):
    """A ball and a drum roll down a slope."""

    scene = "zoo.scenes.rolling"
    observation_space = everything_about(2)
    watched = ("Ball", "Drum")
    parameters = ParameterSpace(
        Parameter(name="friction", unit="1", nominal=1.0, low=0.2, high=1.0, binding=Friction("Drum"))
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for body in self._bodies:
            body.place(Pose(np.add(body.position, (0.0, rng.uniform(-0.1, 0.1), 0.0)), body.orientation))


class Chain(Watching):
    """Four links swing."""

    scene = "zoo.scenes.chain"
    substeps = 40
    observation_space = everything_about(4)
    watched = tuple(f"Link {number}" for number in range(4))
    parameters = ParameterSpace(
        Parameter(name="mass", unit="kg", nominal=0.5, low=0.1, high=1.0, binding=Mass("Link 3")),
        Parameter(name="damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.01, binding=JointDamping("Hinge 3")),
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for number in range(len(self.watched)):
            world.joint(f"Hinge {number}").place(rng.uniform(-0.5, 0.5))


class Weld(Watching):
    """A pendulum of an arm and a bob swings."""

    scene = "zoo.scenes.weld"
    substeps = 20
    observation_space = everything_about(2)
    watched = ("Arm", "Bob")
    parameters = ParameterSpace(
        Parameter(name="bob.mass", unit="kg", nominal=1.5, low=0.5, high=3.0, binding=Mass("Bob"))
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        world.joint("Hinge").place(rng.uniform(0.1, 0.3))


class Swing(Watching):
    """A load swings on a spring."""

    scene = "zoo.scenes.spring"
    control_rate = 100.0
    parameters = ParameterSpace(
        Parameter(
            name="stiffness", unit="N/m", nominal=50.0, low=10.0, high=200.0, binding=SpringStiffness("Spring", "z")
        ),
        Parameter(name="drag", unit="1", nominal=0.0, low=0.0, high=0.9, binding=LinearDamping("Body")),
    )

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._bodies[0].place(Pose((0.0, 0.0, rng.uniform(0.1, 0.3))))


class Lever(Watching):
    """A motor pushes the tip of a lever; the action is its force, in newtons."""

    scene = "zoo.scenes.lever"

    def bind(self, world: World) -> None:
        super().bind(world)
        self._hinge, self._motor = world.joint("Hinge"), world.motor("Push")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._hinge.place(rng.uniform(-3.0, 3.0))

    def apply(self, action: NDArray[Any]) -> None:
        self._motor.force = float(action[0])


class Conveyor(Watching):
    """A belt moves, and takes a parcel along."""

    scene = "zoo.scenes.conveyor"
    observation_space = everything_about(2)
    watched = ("Belt", "Parcel")
    parameters = ParameterSpace(
        Parameter(name="friction", unit="1", nominal=0.4, low=0.05, high=1.0, binding=Friction("Parcel")),
        Parameter(name="speed", unit="m/s", nominal=1.0, low=0.2, high=2.0, binding=TaskAttribute("speed")),
    )
    speed = 1.0  # m/s

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._belt, parcel = self._bodies
        self._period, self._way = world.period, 0.0
        parcel.place(Pose(np.add(parcel.position, (rng.uniform(-1.0, 1.0), 0.0, 0.0))))

    def apply(self, action: NDArray[Any]) -> None:
        self._way += self.speed * self._period
        self._belt.move_to(Pose((self._way, 0.0, self._belt.position[2])))


class Pile(Watching):
    """Thirty things fall on a heap. Also observed: how many pairs touch, and how deep the deepest overlap is, in m."""

    scene = "zoo.scenes.pile"
    observation_space = Box(-math.inf, math.inf, shape=(30 * NUMBERS + 2,), dtype="float64")
    watched = tuple(f"Thing {number:02}" for number in range(30))
    parameters = ParameterSpace(
        Parameter(name="friction", unit="1", nominal=0.5, low=0.1, high=1.0, binding=Friction("Ground"))
    )

    def bind(self, world: World) -> None:
        super().bind(world)
        self._world = world

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for number, body in enumerate(self._bodies):
            layer, place = divmod(number, 9)
            x, y = 0.31 * (place % 3 - 1), 0.31 * (place // 3 - 1)
            turn = rng.normal(size=4)
            body.place(Pose((x, y, 0.2 + 0.32 * layer), turn / np.linalg.norm(turn)))

    def observe(self) -> NDArray[np.float64]:
        distances = [contact.distance for contact in self._world.contacts()]
        return np.array([*super().observe(), len(distances), -min([0.0, *distances])])
