"""Writes files with one odd thing each, among what every engine can show: ``python odd.py FOLDER``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parents[1]))

from sights import making
from sights.grid import VISIBLE
from sights.making import collection, cube, instance_of, nodes, put, square

Scene = bpy.types.Scene

PLACE = len(VISIBLE) // 2
"""Number of the cell of the odd thing."""


def holdout(scene: Scene) -> None:
    """A holdout before a wall."""
    put(scene, square("Wall", 0.8), PLACE)
    held = put(scene, square("Hole", 0.4), PLACE)
    held.location.y, held.is_holdout = -0.01, True


def holdout_instancer(scene: Scene) -> None:
    """An instance that is held out by its instancer."""
    put(scene, instance_of("Hole", collection("Parts", cube("Part"))), PLACE).is_holdout = True


def invisible_instancer(scene: Scene) -> None:
    """An instance that is invisible to cameras by its instancer."""
    put(scene, instance_of("Ghost", collection("Parts", cube("Part"))), PLACE).visible_camera = False


def invisible_source(scene: Scene) -> None:
    """An instance of what is invisible to cameras."""
    part = cube("Part")
    part.visible_camera = False
    put(scene, instance_of("Ghost", collection("Parts", part)), PLACE)


def hair(scene: Scene) -> None:
    """Hair curves."""
    curves = bpy.data.hair_curves.new("Hair")
    curves.add_curves([3])
    put(scene, bpy.data.objects.new("Hair", curves), PLACE)


def particle_hair(scene: Scene) -> None:
    """Hair of a particle system, rendered as paths."""
    head = put(scene, square("Head", 0.4), PLACE)
    head.modifiers.new("Hair", "PARTICLE_SYSTEM")
    head.particle_systems[0].settings.type = "HAIR"


def halos(scene: Scene) -> None:
    """Particles that are only points, as they are by default."""
    head = put(scene, square("Emitter", 0.4), PLACE)
    head.modifiers.new("Particles", "PARTICLE_SYSTEM")
    head.particle_systems[0].settings.render_type = "HALO"


def points(scene: Scene) -> None:
    """A point cloud made by geometry nodes."""
    tree, start, end = nodes(put(scene, square("Points", 0.4), PLACE))
    made = tree.nodes.new("GeometryNodeMeshToPoints")
    tree.links.new(start, made.inputs[0])
    tree.links.new(made.outputs[0], end)


def volume(scene: Scene) -> None:
    """A volume."""
    put(scene, bpy.data.objects.new("Cloud", bpy.data.volumes.new("Cloud")), PLACE)


def strokes(scene: Scene) -> None:
    """A grease pencil."""
    kinds = (getattr(bpy.data, name, None) for name in ("grease_pencils_v3", "grease_pencils"))
    drawing = next(kind for kind in kinds if kind is not None).new("Strokes")
    put(scene, bpy.data.objects.new("Strokes", drawing), PLACE)


def displaced(scene: Scene) -> None:
    """A material that moves the surface."""
    _displaced(scene, "DISPLACEMENT")


def bumpy(scene: Scene) -> None:
    """A material that only looks as if."""
    _displaced(scene, "BUMP")


def _displaced(scene: Scene, method: str) -> None:
    rough = put(scene, cube("Rough"), PLACE)
    material = bpy.data.materials.new("Rock")
    material.use_nodes, material.displacement_method = True, method
    tree = material.node_tree
    made = tree.nodes.new("ShaderNodeDisplacement")
    tree.links.new(made.outputs[0], tree.get_output_node("ALL").inputs["Displacement"])
    rough.data.materials.append(material)


def hidden_hair(scene: Scene) -> None:
    """Hair curves that are not rendered."""
    hair(scene)
    bpy.data.objects["Hair"].hide_render = True


def keyed(scene: Scene) -> None:
    """A thing that is hidden by keys."""
    blinking = put(scene, cube("Blinking"), PLACE)
    for frame, hidden in ((1, False), (5, True)):
        blinking.hide_render = hidden
        blinking.keyframe_insert("hide_render", frame=frame)


def driven(scene: Scene) -> None:
    """A modifier whose levels have a driver."""
    refined = put(scene, cube("Refined"), PLACE).modifiers.new("Levels", "SUBSURF")
    refined.driver_add("levels").driver.expression = "2"


def swollen(scene: Scene) -> None:
    """A body whose bounds are others in renders."""
    _body(scene, "SPHERE", "FINAL")


def hull(scene: Scene) -> None:
    """A body that collides as it is without its subdivision."""
    _body(scene, "CONVEX_HULL", "BASE")


def _body(scene: Scene, shape: str, source: str) -> None:
    body = put(scene, cube("Ball"), PLACE)
    levels = body.modifiers.new("Levels", "SUBSURF")
    levels.levels, levels.render_levels = 0, 3
    scene.rigidbody_world.collection.objects.link(body)
    body.rigid_body.type, body.rigid_body.collision_shape, body.rigid_body.mesh_source = "PASSIVE", shape, source


KINDS: tuple[Callable[[Scene], None], ...] = (
    holdout, holdout_instancer, invisible_instancer, invisible_source, hair, particle_hair, halos, points, volume,
    strokes, hidden_hair, keyed, driven, swollen, hull, displaced, bumpy,
)  # fmt: skip


def main(folder: Path) -> None:
    """Writes a file for each kind."""
    for kind in KINDS:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        bpy.ops.rigidbody.world_add()
        scene.rigidbody_world.collection = bpy.data.collections.new("Bodies")
        making.light_and_camera(scene)
        put(scene, cube("Plain"), 0)
        kind(scene)
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / f"{kind.__name__}.blend"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)
