"""What the rebuilt scenes are built with, and what builders have no argument for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import bpy

CARTPOLE = {
    "cart.mass": 2.0, "pole.mass": 0.25, "pole.length": 1.5, "gravity": 4.0, "track.damping": 1.5,
    "hinge.damping": 0.001,
}  # fmt: skip
LOOK = {
    "sun.strength": 4.0, "sun.elevation": 0.5, "sun.azimuth": -1.0, "sky.strength": 0.6, "camera.distance": 8.0,
    "camera.height": 2.5, "camera.field_of_view": 0.9,
}  # fmt: skip
PENDULUM = {"pole.mass": 0.75, "pole.length": 1.25, "gravity": 4.0, "hinge.damping": 0.05}
ACROBOT = {
    "upper.mass": 0.75, "lower.mass": 1.5, "upper.length": 1.4, "lower.length": 1.0, "gravity": 6.0,
    "upper.damping": 0.05, "lower.damping": 0.03,
}  # fmt: skip

PUSH_T = {
    "table.friction": 0.3, "finger.friction": 0.8, "finger.radius": 0.03, "block.restitution": 0.4, "gravity": 6.0,
}  # fmt: skip


def finish(scene: bpy.types.Scene, values: dict[str, float]) -> None:
    """Gives bodies and scene what they are built without: masses, damping and gravity."""
    scene.gravity = (0.0, 0.0, -values["gravity"])
    pole = scene.objects["Pole"]
    pole.rigid_body.mass = values["pole.mass"]
    width, _, length = pole.dimensions
    damp(pole, values["hinge.damping"], values["pole.mass"] * (width**2 + length**2) / 12.0)
    if "cart.mass" in values:
        cart = scene.objects["Cart"].rigid_body
        cart.mass = values["cart.mass"]
        cart.linear_damping = _share(values["track.damping"], values["cart.mass"])


def damp(obj: bpy.types.Object, damping: float, inertia: float) -> None:
    """Gives a body on a hinge damping (N·m·s/rad); its inertia is in kg·m²."""
    obj.rigid_body.angular_damping = _share(damping, inertia)


def _share(damping: float, inertia: float) -> float:
    """Of its speed, what Bullet takes from a body in a second."""
    return 1.0 - math.exp(-damping / inertia)
