"""The scene as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from numpy.typing import ArrayLike

from blendgym.world.actuators import Motor, Servo, Wrench
from blendgym.world.body import Body
from blendgym.world.camera import Camera
from blendgym.world.contacts import Contact, Hit
from blendgym.world.joint import Joint
from blendgym.world.mesh import Mesh

if TYPE_CHECKING:
    from blendgym.images.captures import SeenObject


class World(Protocol):
    """A scene and its time.

    Attributes:
        gravity: Gravitational acceleration along -z, in m/s², as the solver has it. Setting it, in ``Task.reset``,
            leaves what the scene has along x and y; the next episode begins with that of the scene again.
    """

    gravity: float

    @property
    def period(self) -> float:
        """Simulated time in one control period, in s."""

    @property
    def time(self) -> float:
        """Simulated time since the episode began, in s; 0 at its first observation. It means nothing before."""

    @property
    def bodies(self) -> Mapping[str, Body]:
        """All rigid bodies, by the names of their objects; a compound is one."""

    @property
    def joints(self) -> Mapping[str, Joint]:
        """All joints, by the names of their objects."""

    def body(self, name: str) -> Body:
        """The rigid body of that name.

        Raises:
            SceneError: If there is none, or the object is none or part of a compound.
        """

    def joint(self, name: str) -> Joint:
        """The joint of that name.

        Raises:
            SceneError: If there is none, or the object is none.
        """

    def motor(self, name: str) -> Motor:
        """The motor of that name.

        Raises:
            SceneError: If there is none, or the object is none.
        """

    def camera(self, name: str) -> Camera:
        """The camera of that name.

        Raises:
            SceneError: If there is none, or the object is none.
        """

    def mesh(self, name: str) -> Mesh:
        """The mesh of the object of that name.

        Raises:
            SceneError: If there is no such object, or it has none.
        """

    def look(self, camera: str, width: int, height: int, visibility: bool = False) -> dict[str, SeenObject]:
        """What is in sight of a camera at this moment: everything whose projection meets its image, hidden or not.

        Args:
            camera: Name of the camera.
            width: Of the image, in pixels.
            height: Of the image, in pixels.
            visibility: Whether it tells how much of each thing others hide, too; this draws each alone.

        Returns:
            By the name of the object, what a capture of that size tells of it: pixels, boxes, pose, and its
            ``visibility`` from 0 to 1, or ``None`` if that is not asked for.

        Raises:
            SceneError: In ``Task.reset``, before bodies are where they are placed.
            RenderError: If there is no such camera, or no image can be of that size.
        """

    def contacts(self, bodies: Iterable[str] = (), within: float = ...) -> list[Contact]:
        """Bodies that touch: one contact for each pair that the solver lets collide and whose surfaces are near.

        Args:
            bodies: Names; only pairs with one of them are looked at. All pairs if there are none.
            within: Largest distance between surfaces, in m; a millimetre unless you say otherwise.

        Raises:
            SceneError: If there is no such body, or the distance is negative or no number.
        """

    def cast_ray(self, origin: ArrayLike, direction: ArrayLike, distance: float = ...) -> Hit | None:
        """What is first met on a ray, ``None`` for nothing. Rays meet what is seen: meshes, not collision shapes.

        Args:
            origin: Where it begins, (3,), in m.
            direction: Of any length, (3,).
            distance: How far it reaches, in m; without end unless you say otherwise.

        Raises:
            SceneError: In ``Task.reset``, before bodies are where they are placed; or if a number is not finite, or
                the direction has no length.
        """

    def servo(self, joint: str, max_force: float) -> Servo:
        """A servo on a hinge or slider, to be made in ``Task.bind``.

        Args:
            joint: Name of the joint.
            max_force: In N for a slider, in N·m for a hinge.

        Raises:
            SceneError: If the joint is neither, the force is negative, or it is made elsewhere.
        """

    def wrench(self, body: str) -> Wrench:
        """What pushes and turns a body, to be made in ``Task.bind``.

        Args:
            body: Name of the body.

        Raises:
            SceneError: If the physics does not move the body, or it is made elsewhere.
        """

    def settle(self, seconds: float, speed: float = ...) -> bool:
        """Simulates, in ``Task.reset``, until everything rests. Then the episode begins at rest, and its time at 0.

        What is placed afterwards begins as it is placed; all else stays where it has settled.

        Args:
            seconds: To wait at most.
            speed: In m/s and rad/s, below which everything has to stay for a tenth of a second; 0.02 unless you say
                otherwise.

        Returns:
            Whether everything came to rest in time.

        Raises:
            SceneError: If the time is not finite, a number is negative or NaN, or it settles elsewhere than in
                ``Task.reset``.
        """
