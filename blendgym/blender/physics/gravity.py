"""The gravity of a scene, as the solver has it."""

from __future__ import annotations

import math

import bpy

from blendgym.errors import SceneError


class Gravity:
    """The gravitational acceleration along -z, in m/s². What a scene has along x and y stays.

    Args:
        scene: As it was built.
    """

    def __init__(self, scene: bpy.types.Scene) -> None:
        self._scene, self._physics = scene, scene.rigidbody_world
        weight = self._physics.effector_weights.gravity if self._physics else 1.0
        self._built = scene.use_gravity, tuple(scene.gravity), weight
        self._sideways = [part * weight * scene.use_gravity for part in scene.gravity[:2]]

    @property
    def value(self) -> float:
        """In m/s²; 0 if nothing falls."""
        if not (self._scene.use_gravity and self._physics):
            return 0.0
        return float(-self._scene.gravity[2] * self._physics.effector_weights.gravity)

    @value.setter
    def value(self, value: float) -> None:
        if not math.isfinite(value):
            raise SceneError(f"The gravity has to be a finite number, got {value}.")
        x, y = self._sideways
        self._scene.use_gravity = True
        self._scene.gravity = (x, y, -value)
        if self._physics:
            self._physics.effector_weights.gravity = 1.0

    def restore(self) -> None:
        """Lets bodies fall as the scene was built."""
        use_gravity, vector, weight = self._built
        self._scene.use_gravity = use_gravity
        if tuple(self._scene.gravity) != vector:
            self._scene.gravity = vector
        if self._physics and self._physics.effector_weights.gravity != weight:
            self._physics.effector_weights.gravity = weight
