"""The ball on the plate with other dynamics."""

from __future__ import annotations

import bpy

from blendgym.envs.ball_plate import scene as ball_plate
from rebuilt.rooms import BALL_PLATE


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    ball_plate.build(scene)
    scene.gravity = (0.0, 0.0, -BALL_PLATE["gravity"])
    ball = scene.objects["Ball"].rigid_body
    ball.friction = BALL_PLATE["ball.friction"]
    ball.angular_damping = BALL_PLATE["ball.rolling_loss"]
    ball.linear_damping = BALL_PLATE["ball.drag"]
