"""What is known about every object in sight: boxes, visibility, pose."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bpy
import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym import geometry
from blendgym.blender.physics.body import vertices
from blendgym.blender.render.instances import Instance, Instances
from blendgym.blender.render.shot import Shot
from blendgym.blender.scenes import LoadedScene
from blendgym.images.captures import SeenObject

PixelsAlone = Callable[[Shot, Sequence[int]], dict[int, int]]


def objects_in_sight(
    shot: Shot, loaded: LoadedScene, instances: Instances, segmentation: NDArray[np.int32], pixels_alone: PixelsAlone
) -> tuple[SeenObject, ...]:
    """Every object whose projection meets the image, hidden or not, by id.

    Args:
        shot: What is looked at.
        loaded: The scene.
        instances: The objects.
        segmentation: Of the shot.
        pixels_alone: Counts the pixels that objects would cover alone.
    """
    boxes: dict[int, geometry.Box] = {}
    of_id: dict[int, bpy.types.Object] = {}
    corners: dict[int, NDArray[np.float64]] = {}
    for instance in instances.visible():
        box = _amodal_box(shot, instance)
        if box and geometry.truncation(box, *shot.size) < 1.0:
            boxes[instance.id] = _joined(boxes.get(instance.id, box), box)
            of_id[instance.id] = instance.object.original
            corners[instance.id] = geometry.transform(np.array(instance.object.bound_box), np.array(instance.pose))
    visible = dict(zip(*(each.tolist() for each in np.unique(segmentation, return_counts=True)), strict=True))
    alone = pixels_alone(shot, sorted(boxes))
    return tuple(
        SeenObject(
            **msgspec.structs.asdict(instances.entry(loaded.name_of(of_id[number]))),
            pixels=visible.get(number, 0),
            visibility=visible.get(number, 0) / alone[number] if alone[number] else 0.0,
            box=geometry.box_of_mask(segmentation == number) if number in visible else None,
            amodal_box=boxes[number],
            truncation=geometry.truncation(boxes[number], *shot.size),
            pose=np.array(loaded.evaluated(of_id[number]).matrix_world),
            corners=corners[number],
        )
        for number in sorted(boxes)
    )


def _amodal_box(shot: Shot, instance: Instance) -> geometry.Box | None:
    obj = instance.object
    mesh = obj.data if obj.type == "MESH" else obj.to_mesh()
    if not mesh or not len(mesh.vertices):
        return None
    edges = np.empty(2 * len(mesh.edges), np.int32)
    mesh.edges.foreach_get("vertices", edges)
    seen = geometry.transform(vertices(mesh), shot.world_to_camera @ np.array(instance.pose))
    return geometry.box_of_mesh(seen, edges.reshape(-1, 2), shot.intrinsics, shot.near)


def _joined(one: geometry.Box, other: geometry.Box) -> geometry.Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
