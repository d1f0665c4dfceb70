"""The pendulum with other dynamics."""

from __future__ import annotations

import bpy

from blendgym.envs.pendulum import scene as pendulum
from rebuilt.values import PENDULUM, finish


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    pendulum.POLE_SIZE = (*pendulum.POLE_SIZE[:2], PENDULUM["pole.length"])
    pendulum.build(scene)
    finish(scene, PENDULUM)
