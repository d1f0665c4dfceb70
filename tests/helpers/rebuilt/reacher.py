"""The reacher with other dynamics."""

from __future__ import annotations

import math

import bpy

from blendgym.envs.reacher import scene as reacher
from rebuilt.rooms import REACHER


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    reacher.FOREARM = REACHER["forearm.length"]
    reacher.build(scene)
    for name, link in (("Upper arm", "upper_arm"), ("Forearm", "forearm")):
        scene.objects[name].rigid_body.mass = REACHER[f"{link}.mass"]
    _damp(scene.objects["Upper arm"], REACHER["shoulder.damping"])
    _damp(scene.objects["Forearm"], REACHER["elbow.damping"])


def _damp(link: bpy.types.Object, damping: float) -> None:
    """Viscous friction, as a share of the spin that is lost in a second."""
    length, width, _ = link.dimensions
    inertia = link.rigid_body.mass * (length**2 + width**2) / 12.0
    link.rigid_body.angular_damping = 1.0 - math.exp(-damping / inertia)
