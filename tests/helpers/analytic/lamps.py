"""A matt floor under a plain sky and several lamps."""

from __future__ import annotations

import bpy

from analytic import making
from analytic.known import ABOVE, ALBEDO, LAMPS, SKY, Place
from blendgym.scenes import materials, surroundings


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene. All lamps are on."""
    making.physics(scene)
    surroundings.sky(scene, SKY)
    making.camera(scene, "Above", ABOVE, sensor_fit="HORIZONTAL", lens=36.0)
    matt = materials.plain("Matt", ALBEDO, roughness=1.0)
    matt.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.0
    floor = making.block("Floor", (100.0, 100.0, 1.0))
    floor.materials.append(matt)
    making.put(scene, "Floor", floor, Place((0.0, 0.0, -0.5)))
    for name, lamp in LAMPS.items():
        light = bpy.data.lights.new(name, lamp.kind)
        light.energy = lamp.energy
        for attribute, value in lamp.more.items():
            setattr(light, attribute, value)
        making.put(scene, name, light, lamp.place)
