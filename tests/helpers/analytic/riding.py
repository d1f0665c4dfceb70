"""The cart-pole's scene, with its camera on the cart."""

from __future__ import annotations

import bpy

from blendgym.envs.cartpole import scene as cartpole


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    cartpole.build(scene)
    scene.objects["Camera"].parent = scene.objects["Cart"]
