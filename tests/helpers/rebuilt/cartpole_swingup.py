"""The swing-up with other dynamics."""

from __future__ import annotations

import bpy

from blendgym.envs.cartpole import scene as cartpole
from blendgym.envs.cartpole_swingup import scene as cartpole_swingup
from rebuilt.values import CARTPOLE, finish


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    cartpole.POLE_SIZE = (*cartpole.POLE_SIZE[:2], CARTPOLE["pole.length"])
    cartpole_swingup.build(scene)
    finish(scene, CARTPOLE)
