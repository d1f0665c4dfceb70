"""A rigid body of a scene."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.physics.guide import Guide
from blendgym.blender.physics.inertia import moments_of_inertia
from blendgym.blender.physics.observer import Observer
from blendgym.blender.physics.phases import Phase
from blendgym.blender.physics.poses import (
    Motion,
    is_rigid,
    is_upright,
    matrix_of,
    unscaled,
    vector_of,
)
from blendgym.blender.physics.saved_state import (
    free_from_animation,
    is_free,
    is_moved_by_file,
    make_root,
    refuse_animated_physics,
    set_pose,
)
from blendgym.blender.physics.shapes import vertices
from blendgym.errors import SceneError
from blendgym.world import ZERO, Pose

AXES = {"x": 0, "y": 1, "z": 2}


def _setting(name: str) -> property:
    """A number of Blender's rigid body."""

    def read(body: Body) -> float:
        return float(getattr(body.object.rigid_body, name))

    def write(body: Body, value: float) -> None:
        body.set(name, value)

    return property(read, write)


class Body:
    """A rigid body, by the object that carries it. Lengths in m, masses in kg, poses in the frame of the world.

    Args:
        obj: An object with a rigid body.
        name: Of the body.
        matrix: From the object's frame to the world's, as the scene was built.
        observer: Who knows where it is.

    Attributes:
        rest_pose: From the body's frame to the world's, as the scene was built, without the object's scale.
        is_free: Whether the physics moves it.
        is_kinematic: Whether something else moves it, and it pushes what it meets.
        is_animated: Whether it is the file that moves it: keys, drivers, object constraints or a moving parent.
        guide: What moves it if the physics does not: as the task says, if it is kinematic or held.
        located: Its pose as it was read last, where a joint needs it.
        is_scaled: Whether its object has a scale.
        scale: Of its object, in the scene as it was built; the solver has the shape with it, and the inertia without.
        mass: In kg.
        friction: Coulomb's coefficient, of two bodies that touch the product of theirs.
        restitution: Share of the speed that is left after an impact, of two bodies the product of theirs.
        linear_damping: Share of the velocity that is lost in a second.
        angular_damping: Share of the angular velocity that is lost in a second.
        placed: How the task lets it begin the coming episode; ``None`` if it does not say.
        settled: Where it has come to rest before the coming episode, if the task has let it settle.

    Raises:
        SceneError: If it is sheared or mirrored, or properties of its physics are animated.
    """

    mass, friction, restitution = map(_setting, ("mass", "friction", "restitution"))
    linear_damping, angular_damping = map(_setting, ("linear_damping", "angular_damping"))

    def __init__(self, obj: bpy.types.Object, name: str, matrix: Matrix, observer: Observer) -> None:
        self.object, self.name = obj, name
        self.rest_pose = self.located = self._seen = unscaled(matrix)
        self._observer = observer
        _require_upright(obj, name, matrix)
        refuse_animated_physics(obj, name)
        self.is_free = is_free(obj)
        self.is_kinematic = obj.rigid_body.kinematic
        self.is_animated = not self.is_free and is_moved_by_file(obj)
        self.guide = Guide(obj, self.rest_pose)
        self.placed: Motion | None = None
        self.settled: Motion | None = None
        self._as_built: dict[str, float] = {}
        self.is_scaled, self.scale = not is_rigid(matrix), matrix.to_scale()
        self._stretch = Vector((1.0, 1.0, 1.0))
        # Bullet does not restore its sleep state on reset, so a sleeping body would depend on the last episode.
        obj.rigid_body.use_deactivation = False
        self._rest_vertices: Any = vertices(obj.data) if obj.type == "MESH" else None

    def set(self, setting: str, value: float) -> None:
        """Sets a number of Blender's rigid body until ``rest``.

        Raises:
            SceneError: If Blender does not take the value, or no episode is about to begin.
        """
        self.require(f"The {setting} of body {self.name!r} is set", Phase.RESET)
        solver = self.object.rigid_body
        allowed = solver.bl_rna.properties[setting]
        if not allowed.hard_min <= value <= allowed.hard_max:
            raise SceneError(
                f"The {setting} of body {self.name!r} cannot be {value}; Blender takes {allowed.hard_min:g} to "
                f"{allowed.hard_max:g}."
            )
        self._as_built.setdefault(setting, getattr(solver, setting))
        setattr(solver, setting, value)

    def rest(self) -> None:
        """Lets it begin where the scene has it, and with the numbers that the scene gives it."""
        self.placed = self.settled = None
        if self.guide.is_holding:
            self.guide.end()
        for setting, value in self._as_built.items():
            if getattr(self.object.rigid_body, setting) != value:
                setattr(self.object.rigid_body, setting, value)

    @property
    def pose(self) -> NDArray[np.float64]:
        """(4, 4) where it is at the end of the last control period; in ``Task.reset`` where it is going to begin."""
        return self._observer.pose_of(self)

    @property
    def position(self) -> NDArray[np.float64]:
        """(3,) of its origin, at the same moment."""
        return self._observer.pose_of(self)[:3, 3].copy()

    @property
    def orientation(self) -> NDArray[np.float64]:
        """(4,) unit quaternion (w, x, y, z), at the same moment."""
        return np.array(Matrix(self._observer.pose_of(self).tolist()).to_quaternion())

    @property
    def velocity(self) -> NDArray[np.float64]:
        """(3,) of its centre of mass, in m/s, at the same moment."""
        return self._observer.velocities_of(self)[:3].copy()

    @property
    def angular_velocity(self) -> NDArray[np.float64]:
        """(3,) in rad/s, at the same moment."""
        return self._observer.velocities_of(self)[3:].copy()

    def place(self, pose: Pose | ArrayLike, velocity: ArrayLike = ZERO, angular_velocity: ArrayLike = ZERO) -> None:
        """Sets the state in which the episode begins. What hangs on the body by joints comes along.

        Args:
            pose: A ``Pose``, or a 4×4 matrix such as ``pose``.
            velocity: Of the centre of mass, in m/s.
            angular_velocity: In rad/s.

        Raises:
            SceneError: If a number is not finite, the quaternion is zero, the physics does not move the body and it is
                given a velocity, its file moves it, or an episode is under way.
        """
        whose = f"body {self.name!r}"
        motion = Motion(
            matrix_of(pose, whose),
            vector_of(velocity, f"The velocity of {whose}"),
            vector_of(angular_velocity, f"The angular velocity of {whose}"),
        )
        if self.is_animated:
            raise SceneError(f"Body {self.name!r} cannot be placed: keys, drivers or a parent move it in its file.")
        if not self.is_free and (motion.velocity.length or motion.rate.length):
            raise SceneError(
                f"Body {self.name!r} is passive or animated, so it cannot begin with a velocity; move_to() moves it."
            )
        self.require(f"Body {self.name!r} is placed", Phase.RESET)
        self.placed = motion

    def require(self, what: str, *phases: Phase) -> None:
        """Raises an error that begins with ``what`` if it is done in another phase than those where it belongs."""
        self._observer.schedule.require(what, *phases)

    def move_to(self, pose: Pose | ArrayLike) -> None:
        """Moves the body evenly over the coming control period, in ``Task.apply``; it pushes what it meets.

        Args:
            pose: A ``Pose``, or a 4×4 matrix.

        Raises:
            SceneError: If it is not kinematic ('Animated' in Blender), or its file moves it; if the pose is none where
                anything can be; or if no episode is under way.
        """
        self.require(f"Body {self.name!r} is moved", Phase.EPISODE)
        if self.is_animated or not (self.is_kinematic or self.guide.is_holding):
            raise SceneError(
                f"Body {self.name!r} cannot be moved: hold() it, or switch on Physics > Rigid Body > Animated, and "
                "give it no keys, drivers or moving parent."
            )
        self.guide.move_to(matrix_of(pose, f"body {self.name!r}"))

    def hold(self) -> None:
        """Keeps the body from the physics: it stays where it is, and moves as ``move_to`` says, until ``release``.

        Raises:
            SceneError: If the physics does not move the body, or a joint holds it.
        """
        self.require(f"Body {self.name!r} is held", Phase.RESET, Phase.EPISODE)
        if not self.is_free:
            raise SceneError(f"Body {self.name!r} cannot be held: it is passive or animated, so nothing else moves it.")
        self._observer.lead(self)
        if not self.guide.is_holding:
            self._observer.forget_motion(self)
        self.guide.hold(Matrix(self.pose.tolist()))

    def release(self, pose: Pose | ArrayLike | None = None) -> None:
        """Gives a held body back to the physics, at rest, in ``Task.apply``.

        Args:
            pose: Where, a ``Pose`` or a 4×4 matrix; it touches nothing on the way. ``None`` for where it is.

        Raises:
            SceneError: If it is not held, a number is not finite, or no episode is under way.
        """
        self.require(f"Body {self.name!r} is released", Phase.EPISODE)
        if not self.guide.is_holding:
            raise SceneError(f"Body {self.name!r} cannot be released: it is not held.")
        where = None if pose is None else matrix_of(pose, f"body {self.name!r}")
        self.guide.release(where, lambda: self._observer.forget_motion(self))

    def extent(self, axis: str) -> float:
        """Length of the body along one of its own axes, in m."""
        column = vertices(self._mesh())[:, AXES[axis]] * self.scale[AXES[axis]]
        return float(column.max() - column.min())

    def set_extent(self, axis: str, value: float) -> None:
        """Stretches the mesh along one of the body's own axes to a length in m.

        The centre of mass stays in the middle; the body's joint moves it so that the end at the joint stays.
        """
        self.require(f"The length of body {self.name!r} is set", Phase.RESET)
        mesh = self._mesh()
        rest = self._rest_vertices
        column = rest[:, AXES[axis]] * self.scale[AXES[axis]]
        factor = value / float(column.max() - column.min())
        if factor == self._stretch[AXES[axis]]:
            return
        self._stretch[AXES[axis]] = factor
        mesh.vertices.foreach_set("co", (rest * np.array(self._stretch, np.float32)).ravel())
        mesh.update()

    @property
    def inertia(self) -> NDArray[np.float64]:
        """(3,) moments of inertia about the body's own axes through its centre of mass, as the solver has them."""
        return self.mass * moments_of_inertia(self._observer.shape_of(self))

    def stretched(self, offset: Vector) -> Vector:
        """An offset in the body's own frame, stretched like the mesh."""
        return Vector(offset[i] * self._stretch[i] for i in range(3))

    def take_over(self) -> None:
        """Frees the body from all that moves it in its file, unless that is what should move it."""
        if self.is_animated:
            return
        if self.is_free:
            free_from_animation(self.object)
        else:
            make_root(self.object)
        if self.is_scaled:
            self.object.scale = self.scale
        set_pose(self.object, self.rest_pose)

    def watch(self, depsgraph: bpy.types.Depsgraph) -> None:
        """Looks at where it is from now on; until the next episode begins, Blender keeps that in one place."""
        # Blender writes poses back to the objects only in the scene of its window. This matrix is no copy: it says
        # where the body is whenever it is read.
        self.located = self._seen = self.object.evaluated_get(depsgraph).matrix_world

    def locate(self) -> None:
        """Reads the pose that a frame has led to; only a scaled body needs that."""
        self.located = unscaled(self._seen)

    def put(self, pose: Matrix) -> None:
        """Puts the body somewhere; a free one stays there only while it is held."""
        if self.is_animated:
            return
        if self.is_free or self.is_kinematic or not self.guide.is_at(pose):
            self.guide.put(pose)

    def follow_poses(self) -> None:
        """Lets the body follow ``put`` instead of the physics."""
        if self.is_free:
            self.object.rigid_body.kinematic = True

    def follow_physics(self) -> None:
        """Gives the body back to the physics, with the velocity that it was moved with, unless the task holds it."""
        if self.is_free and not self.guide.is_holding:
            self.object.rigid_body.kinematic = False

    def _mesh(self) -> Any:
        if self._rest_vertices is None:
            raise SceneError(f"Body {self.name!r} is no mesh, so it has no extent.")
        return self.object.data


def _require_upright(obj: bpy.types.Object, name: str, matrix: Matrix) -> None:
    if is_upright(matrix):
        return
    scale = ", ".join(f"{value:.4g}" for value in matrix.to_scale())
    first = f" Begin with its parent {obj.parent.name!r}, whose scale it inherits." if obj.parent else ""
    raise SceneError(
        f"Body {name!r} is sheared, mirrored or flattened, as the world sees it, with a scale of ({scale}); Blender's "
        f"physics cannot show that. Apply it: select the object, Object > Apply > Scale.{first}"
    )
