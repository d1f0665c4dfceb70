"""How an episode begins: every body and joint where it is placed, at its velocity, or where all has come to rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import bpy

from blendgym.blender.physics.actuators import Actuators
from blendgym.blender.physics.body import Body
from blendgym.blender.physics.clock import Clock
from blendgym.blender.physics.fields import silenced
from blendgym.blender.physics.kinematics import Kinematics
from blendgym.blender.physics.limits import require_slow
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.poses import Motion, earlier

QUIET = 0.1  # s


class Beginning:
    """Lets the physics of a scene begin.

    Args:
        physics: Blender's rigid-body world; ``None`` if the scene has none.
        kinematics: How bodies and joints are placed.
        motors: All motors of the scene.
        actuators: Those that the task has made.
        clock: Of the scene.

    Attributes:
        has_begun: Whether there has been an episode.
    """

    def __init__(
        self,
        physics: bpy.types.RigidBodyWorld | None,
        kinematics: Kinematics,
        motors: Collection[Motor],
        actuators: Actuators,
        clock: Clock,
    ) -> None:
        self._physics, self._kinematics, self._motors = physics, kinematics, motors
        self._actuators, self._clock = actuators, clock
        self.has_begun = False

    def start(self) -> None:
        """Initializes the physics, for an episode that begins at once.

        Raises:
            SceneError: If bodies and joints are placed in contradiction, or too fast to be simulated.
        """
        kinematics = self._kinematics
        for joint in kinematics.joints:
            joint.apply_damping()
        built, motions = kinematics.trees.motions(built=True), kinematics.trees.motions()
        for body, motion in motions.items():
            require_slow(motion.velocity, motion.rate, kinematics.period, kinematics.substeps, f"Body {body.name!r}")
        for joint in kinematics.joints:
            joint.follow(built[joint.parent])
        for motor in self._motors:
            motor.follow(built[motor.base], built[motor.carrier])
        self._actuators.follow(built)
        self._run_up(built, motions)
        kinematics.begin(motions)
        self.has_begun = True

    def settle(self, seconds: float, speed: float) -> bool:
        """Simulates until everything rests, for an episode that begins from there.

        Args:
            seconds: To wait at most.
            speed: In m/s and rad/s, below which everything has to stay for a tenth of a second.

        Returns:
            Whether everything came to rest in time.
        """
        self.start()
        clock, resting = self._clock, 0.0
        while clock.time < seconds and resting < QUIET:
            clock.tick()
            self._kinematics.measure()
            resting = resting + clock.period if self._kinematics.fastest() < speed else 0.0
        self._kinematics.settle()
        return resting >= QUIET

    def _run_up(self, built: Mapping[Body, Motion], motions: Mapping[Body, Motion]) -> None:
        """Simulates the frames before the episode, in which bodies go where they are put.

        Args:
            built: Where the constraints are to be built.
            motions: How the bodies begin.
        """
        self._clock.rewind()
        for body in self._kinematics.bodies:
            body.follow_poses()
        try:
            with silenced(self._physics):
                # Blender builds bodies and constraints in the second frame, where they are then.
                self._tick(built)
                self._tick(built)
                # Bullet takes the velocity of a body from a frame in which it is moved.
                self._tick({body: earlier(motion, self._clock.period) for body, motion in motions.items()})
                self._tick(motions)
        finally:
            for body in self._kinematics.bodies:
                body.follow_physics()

    def _tick(self, motions: Mapping[Body, Motion]) -> None:
        for body, motion in motions.items():
            body.put(motion.pose)
        self._clock.tick()
