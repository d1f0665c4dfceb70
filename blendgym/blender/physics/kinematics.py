"""Where the bodies of a scene are, how they move, and of what shape they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.joint import AxisJoint, Joint, gain_of
from blendgym.blender.physics.phases import Phase, Schedule
from blendgym.blender.physics.poses import Motion, array_of, earlier, unscaled
from blendgym.blender.physics.shapes import Shape, shape_of
from blendgym.blender.physics.tracker import Tracker
from blendgym.blender.physics.tree import Trees
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError


class Kinematics:
    """Tells how bodies and joints move: as they are placed, and in an episode as they are measured.

    Args:
        loaded: The scene.
        schedule: What the task is doing at present.
        period: Simulated seconds in one frame.
        substeps: Physics steps in one frame.

    Attributes:
        schedule: What the task is doing at present.
        period: Simulated seconds in one frame.
        substeps: Physics steps in one frame.
        bodies: All rigid bodies.
        joints: All joints.
        axis_joints: Those of them that have a position and a velocity.
        trees: Which body carries which.
        guides: Of the bodies that the task moves; they go on before every frame.
    """

    def __init__(self, loaded: LoadedScene, schedule: Schedule, period: float, substeps: int) -> None:
        self.schedule, self.period, self.substeps = schedule, period, substeps
        self._gain = gain_of(substeps)
        self._loaded, self._depsgraph = loaded, loaded.depsgraph
        self._shapes: dict[Body, Shape] = {}
        self.connect((), ())

    def connect(self, bodies: Collection[Body], joints: Collection[Joint]) -> None:
        """Finds out which body hangs on which, and which are to be measured.

        Args:
            bodies: All that there are from now on.
            joints: All that connect them.
        """
        self.bodies, self.joints = bodies, joints
        self._shapes.clear()
        self.trees = Trees(bodies, joints)
        self.axis_joints = [
            joint for joint in (*self.trees.ordered, *self.trees.closing) if isinstance(joint, AxisJoint)
        ]
        ends = dict.fromkeys(body for joint in self.axis_joints for body in joint.ends)
        self._jointed = [body for body in ends if body.is_free or body.is_kinematic]
        self._scaled = [body for body in self._jointed if body.is_scaled]
        self._led = [body.guide for body in bodies if body.is_kinematic and not body.is_animated]
        self.guides = list(self._led)
        tracked = [body for body in bodies if self._is_tracked(body)]
        collection = self._loaded.scene.rigidbody_world.collection if tracked else None
        self._tracker = Tracker(collection, tracked, self.period, self.substeps) if tracked else None

    def rest(self) -> None:
        """Sets every body and joint as the scene was built."""
        for body in self.bodies:
            body.rest()
        self.guides = list(self._led)
        for joint in self.joints:
            joint.rest()

    def begin(self, motions: Mapping[Body, Motion]) -> None:
        """Begins to measure an episode, now that bodies and joints are where it begins.

        Args:
            motions: How the bodies move.
        """
        self._depsgraph, self.schedule.phase = self._loaded.depsgraph, Phase.EPISODE
        for body, motion in motions.items():
            body.located = motion.pose
        for joint in self.axis_joints:
            joint.started()
        for body in self._jointed:
            body.watch(self._depsgraph)
        if self._tracker:
            self._tracker.start(motions, self._depsgraph)

    def measure(self) -> None:
        """Reads where bodies and joints are after a frame."""
        for body in self._scaled:
            body.locate()
        period, substeps, gain = self.period, self.substeps, self._gain
        for joint in self.axis_joints:
            joint.measure(period, substeps, gain)
        if self._tracker:
            self._tracker.record(self._depsgraph)

    def pose_of(self, body: Body) -> NDArray[np.float64]:
        """(4, 4) where a body is, or where it will be at the beginning of the coming episode."""
        if not self.schedule.is_running:
            return array_of(self.trees.motion_of(body).pose)
        if self._tracker and self._tracker.knows(body):
            return self._tracker.pose_of(body)
        return array_of(unscaled(body.object.evaluated_get(self._depsgraph).matrix_world))

    def velocities_of(self, body: Body) -> NDArray[np.float64]:
        """(6,) linear and angular velocity of a body, or those at the beginning of the coming episode."""
        if self.schedule.is_running and self._tracker and self._tracker.knows(body):
            return self._tracker.velocities_of(body)
        motion = self.trees.motion_of(body)
        return np.array((*motion.velocity, *motion.rate))

    def motion_of(self, body: Body) -> Motion:
        """How a body moves, or will move at the beginning of the coming episode."""
        velocities = self.velocities_of(body).tolist()
        return Motion(Matrix(self.pose_of(body).tolist()), Vector(velocities[:3]), Vector(velocities[3:]))

    def swept(self, seconds: float) -> dict[str, tuple[Matrix, Matrix]]:
        """The way of every body over the last moment: its poses some time ago and now, by name."""
        motions = {body.name: self.motion_of(body) for body in self.bodies if body.is_free}
        return {name: (earlier(motion, seconds).pose, motion.pose) for name, motion in motions.items()}

    def fastest(self) -> float:
        """The highest speed of a body or joint in the last frame, in m/s or rad/s."""
        speeds = [abs(joint.velocity) for joint in self.axis_joints]
        if self._tracker:
            speeds.append(float(self._tracker.speeds().max(initial=0.0)))
        return max(speeds, default=0.0)

    def settle(self) -> None:
        """Lets every body begin the coming episode where it is now, at rest."""
        for body in self.bodies:
            if not body.is_animated:
                body.placed, body.settled = None, Motion(Matrix(self.pose_of(body).tolist()))
        for joint in self.axis_joints:
            joint.velocity, joint.is_placed = 0.0, False
        self.schedule.phase = Phase.RESET

    def shape_of(self, body: Body) -> Shape:
        """What a body touches others with in the present episode, before it is scaled."""
        if body not in self._shapes:
            self._shapes[body] = shape_of(body.object, self._loaded.updated_depsgraph())
        return self._shapes[body]

    def forget_shapes(self) -> None:
        """Looks at all shapes anew, when they are next asked for."""
        self._shapes.clear()

    def lead(self, body: Body) -> None:
        """Lets the guide of a body go on before every frame of the episode.

        Raises:
            SceneError: If a joint holds it.
        """
        for joint in self.joints:
            if body in joint.ends:
                raise SceneError(f"Body {body.name!r} cannot be held: joint {joint.name!r} holds it. Use a servo.")
        if body.guide not in self.guides:
            self.guides.append(body.guide)

    def forget_motion(self, body: Body) -> None:
        """Takes a body to have rested until the end of the coming frame."""
        if self._tracker and self.schedule.is_running:
            self._tracker.restart(body)

    def _is_tracked(self, body: Body) -> bool:
        """Whether the velocity of a body does not follow from its joints."""
        if not body.is_free:
            return bool(body.is_kinematic)
        path = self.trees.path(body)
        return not path or not all(joint.holds_child for joint in path) or path[-1].parent.is_free
