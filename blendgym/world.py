"""All that the author of a task sees of a scene: bodies, joints, actuators, contacts, rays, time. No ``bpy`` here.

These are protocols: ``blendgym.blender.physics`` is what stands behind them. Lengths are in m, masses in kg, angles in
rad, times in s; positions and vectors are in the frame of the world unless it says otherwise, z up, as in Blender.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from blendgym.images.captures import SeenObject

Vector = NDArray[np.float64]
"""Three numbers: float64 (3,)."""

ZERO = (0.0, 0.0, 0.0)


class Pose(NamedTuple):
    """Where something is, and how it is turned.

    Args:
        position: Of its origin, (3,), in m.
        orientation: Unit quaternion (w, x, y, z), from its own frame to the world's.
    """

    position: Any
    orientation: Any = (1.0, 0.0, 0.0, 0.0)


def about_z(angle: float) -> tuple[float, float, float, float]:
    """The orientation of what is turned about the vertical, counterclockwise from above, by an angle in rad."""
    return math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)


def about_x_then_z(about_x: float, about_z: float) -> tuple[float, float, float, float]:
    """The orientation of what is turned about the world's x axis, and then about the vertical, by angles in rad."""
    a, b = about_z / 2.0, about_x / 2.0
    return math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a) * math.sin(b), math.sin(a) * math.cos(b)


class Body(Protocol):
    """A rigid body. Its centre of mass is the origin of its object, as Blender has it.

    Attributes:
        name: Of its object in the scene.
        mass: In kg; may be set in ``Task.reset``, as may the following. Elsewhere, or to what Blender does not take,
            that is a ``SceneError``. The next episode begins with the numbers of the scene again.
        friction: Coulomb's coefficient. Of two bodies that touch, Blender takes the product of theirs.
        restitution: Share of the speed that is left after an impact, of two bodies the product of theirs.
        linear_damping: Share of the velocity that is lost in a second, from 0 to 1.
        angular_damping: Share of the angular velocity that is lost in a second, from 0 to 1.
    """

    name: str
    mass: float
    friction: float
    restitution: float
    linear_damping: float
    angular_damping: float

    @property
    def pose(self) -> NDArray[np.float64]:
        """From the body's frame to the world's, float64 (4, 4), at the end of the last control period.

        In ``Task.reset`` this is where the episode is going to begin, as are the following.
        """

    @property
    def position(self) -> Vector:
        """Of its origin, float64 (3,), in m, at the same moment."""

    @property
    def orientation(self) -> NDArray[np.float64]:
        """Unit quaternion (w, x, y, z), float64 (4,), at the same moment."""

    @property
    def velocity(self) -> Vector:
        """Of its centre of mass, float64 (3,), in m/s, at the same moment."""

    @property
    def angular_velocity(self) -> Vector:
        """Float64 (3,), in rad/s, at the same moment."""

    @property
    def inertia(self) -> Vector:
        """Moments of inertia about its own axes through its centre of mass, float64 (3,), in kg·m².

        They are those of the solver, which takes the bounding box for capsules, cones, hulls and compounds.
        """

    def place(self, pose: Pose | ArrayLike, velocity: ArrayLike = ZERO, angular_velocity: ArrayLike = ZERO) -> None:
        """Sets the state in which the episode begins, in ``Task.reset``. What hangs on the body by joints comes along.

        Args:
            pose: A ``Pose``, or a 4×4 matrix such as the ``pose`` of a body.
            velocity: Of its centre of mass, (3,), in m/s.
            angular_velocity: (3,), in rad/s.

        Raises:
            SceneError: If a number is not finite, the quaternion is zero, the body is passive and given a velocity, it
                is placed further than 10 km from the origin, or elsewhere than in ``Task.reset``. What is faster than
                frames and physics steps can show is refused when the episode begins.
        """

    def move_to(self, pose: Pose | ArrayLike) -> None:
        """Moves a kinematic or held body evenly over the coming control period, in ``Task.apply``.

        It pushes what it meets.

        Raises:
            SceneError: If the body is neither, the pose is none where a body can be placed, or no episode is under way.
        """

    def hold(self) -> None:
        """Keeps the body from the physics, in ``Task.reset`` or ``Task.apply``, until it is released.

        It stays where it is, or is placed, and goes where ``move_to`` says, as a kinematic one. The next episode begins
        without it being held.

        Raises:
            SceneError: If the body is passive or kinematic, a joint holds it, or it is held in ``Task.bind``.
        """

    def release(self, pose: Pose | ArrayLike | None = None) -> None:
        """Gives a held body back to the physics, at rest, in ``Task.apply``.

        It stands still for one frame of Blender, and falls from the next one on.

        Args:
            pose: Where it is let go of, a ``Pose`` or a 4×4 matrix. It is there after one frame more, and touches
                nothing on the way. ``None`` for where it is.

        Raises:
            SceneError: If the body is not held, a number is not finite, or no episode is under way.
        """


class Joint(Protocol):
    """A connection of two bodies: hinge, slider, fixed, point, generic, or one of these with springs.

    Its ``parent`` is the end that is nearer to what stands still, whichever end Blender calls the first.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def position(self) -> float:
        """Of a hinge (rad, not wrapped) or slider (m), at the end of the last control period.

        It is zero as the scene was built, and grows as the constraint's *second* object moves along (slider, x) or
        turns about (hinge, z) the constraint's axis relative to its *first*.

        Raises:
            SceneError: If the joint has no single degree of freedom.
        """

    @property
    def velocity(self) -> float:
        """Likewise, in rad/s or m/s.

        Raises:
            SceneError: If the joint has no single degree of freedom.
        """

    def place(self, position: float, velocity: float = 0.0) -> None:
        """Sets the state in which the episode begins, in ``Task.reset``.

        Args:
            position: In rad or m.
            velocity: In rad/s or m/s.

        Raises:
            SceneError: If the joint has no single degree of freedom; place its bodies instead. If a number is not
                finite, or it is placed elsewhere than in ``Task.reset``.
        """


class Motor(Protocol):
    """A force or torque between two bodies: a constraint of type Motor.

    Its axis is x of the constraint's object, and turns with the first of the two bodies. What acts on the second body
    acts on the first in the opposite direction. Set in ``Task.reset`` or ``Task.apply``, it acts until it is set again;
    an episode begins with what the scene was built with.

    Attributes:
        force: On the second body along +x, in N. To set it is a ``SceneError`` if the constraint's linear motor is off,
            or the number is not finite.
        torque: On the second body about +x, in N·m, right-handed. To set it is a ``SceneError`` if the constraint's
            angular motor is off, or the number is not finite.
    """

    force: float
    torque: float


class Servo(Protocol):
    """Drives a hinge or slider to a position or at a velocity, with a limited force; updated in every frame.

    Attributes:
        max_force: In N for a slider, in N·m for a hinge. May be set at any time; the next command goes by it. A
            negative one, or one that is not finite, is a ``SceneError``.
    """

    max_force: float

    def to_position(self, position: float, speed: float = ..., gain: float = ...) -> None:
        """Goes to a position and stays there.

        Args:
            position: In rad or m.
            speed: At most, in rad/s or m/s; any unless you say otherwise.
            gain: Speed for each rad or m that is left to go, in 1/s: what is left shrinks by ``gain`` times the time
                of a frame in each frame, as long as the force suffices. Unless you say otherwise the way is gone in one
                frame, and a servo with too little force for that overshoots.

        Raises:
            SceneError: If the position is not finite, or the speed or gain is negative or NaN.
        """

    def at_velocity(self, velocity: float) -> None:
        """Keeps a velocity (rad/s or m/s).

        Raises:
            SceneError: If it is not finite.
        """

    def release(self) -> None:
        """Lets the joint move freely."""


class Wrench(Protocol):
    """A force and a torque on one body, in the frame of the world.

    Set in ``Task.reset`` or ``Task.apply``, they act until they are set again; an episode begins without any.
    """

    @property
    def force(self) -> Vector:
        """On the centre of mass, float64 (3,), in N; takes three numbers.

        Raises:
            SceneError: If they are set to anything else, or are not finite.
        """

    @force.setter
    def force(self, value: ArrayLike) -> None: ...

    @property
    def torque(self) -> Vector:
        """About the centre of mass, float64 (3,), in N·m; takes three numbers.

        Raises:
            SceneError: If they are set to anything else, or are not finite.
        """

    @torque.setter
    def torque(self, value: ArrayLike) -> None: ...


class Camera(Protocol):
    """A camera. What a task does with it, the next episode forgets.

    A parameter that places the same camera cannot be in effect together with a task that places it in its reset.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def pose(self) -> NDArray[np.float64]:
        """From the camera's frame to the world's, float64 (4, 4), at this moment.

        x is to the right, y up, and the camera looks along -z, as in Blender.
        """

    def place(self, pose: Pose | ArrayLike) -> None:
        """Puts the camera somewhere, at once, in ``Task.reset`` or ``Task.apply``; the next image shows it.

        Args:
            pose: A ``Pose``, or a 4×4 matrix such as the ``pose`` of a camera.

        Raises:
            SceneError: If a number is not finite, or the file moves the camera, by a parent, keys, drivers or
                constraints.
        """

    def look_at(self, position: ArrayLike, target: ArrayLike) -> None:
        """Puts the camera somewhere, looking at a point, with its x axis level.

        Args:
            position: Where it is, (3,), in m.
            target: Where it looks, (3,), in m.

        Raises:
            SceneError: If a number is not finite, both are the same point, or the file moves the camera.
        """


class Mesh(Protocol):
    """The mesh of an object. What a task does with it, the next episode forgets.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def vertices(self) -> NDArray[np.float32]:
        """Float32 (vertices, 3) in the frame of the object, in m, before its scale and modifiers.

        May be set as a whole in ``Task.reset``, to as many; they stay connected as they are. Every engine shows it. A
        body with a hull or a mesh for its collision shape has the new one, other shapes follow the bounding box; its
        centre of mass stays the origin.

        Raises:
            SceneError: If they are set elsewhere, to other than as many finite numbers, or where the mesh has shape
                keys or is that of other objects, too.
        """

    @vertices.setter
    def vertices(self, places: ArrayLike) -> None: ...


class Contact(NamedTuple):
    """Two bodies that touch. Blender tells no impulses, so this is geometry: how near their surfaces are.

    Args:
        first: Name of a body.
        second: Name of the other.
        point: Where they are nearest or deepest, (3,), in the middle between their surfaces; one of many between faces.
        normal: Unit vector from the first to the second, (3,).
        distance: Between their surfaces, in m; negative if they interpenetrate.
    """

    first: str
    second: str
    point: Vector
    normal: Vector
    distance: float


class Hit(NamedTuple):
    """What a ray meets first.

    Args:
        object: Name.
        point: Where, (3,).
        normal: Of the surface there, (3,).
        distance: From the origin of the ray, in m.
    """

    object: str
    point: Vector
    normal: Vector
    distance: float


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
