"""What there is to draw at this moment, shared by everything that draws by itself."""

from __future__ import annotations

from typing import NamedTuple

import bpy
import gpu
from mathutils import Matrix

from blendgym.blender.render.instances import Instance, Instances
from blendgym.blender.render.meshes import Meshes, Part


class Drawable(NamedTuple):
    """One instance of an object.

    Args:
        id: Its own, or ``HOLDOUT``.
        pose: From its frame to the world's.
        parts: Its triangles, by material slot.
        materials: Its material slots.
        front: 1 if triangles that are seen from their front are drawn counterclockwise, otherwise -1.
    """

    id: int
    pose: Matrix
    parts: list[Part]
    materials: tuple[bpy.types.Material | None, ...]
    front: float


class Stage:
    """The drawables of a scene.

    Args:
        instances: Whose objects are drawn.
    """

    def __init__(self, instances: Instances) -> None:
        self._instances = instances
        self._meshes = Meshes()

    def drawables(self) -> list[Drawable]:
        """Everything that is seen in renders, as it is now."""
        parts: dict[int, list[Part]] = {}  # Instances share their mesh.
        return [self._drawable(instance, parts) for instance in self._instances.visible()]

    def _drawable(self, instance: Instance, known: dict[int, list[Part]]) -> Drawable:
        number, obj, pose = instance
        mesh = obj.data
        pointer = mesh.as_pointer()
        if pointer not in known:
            known[pointer] = self._meshes.parts(mesh)
        materials = tuple(slot.material for slot in obj.material_slots)
        # Row 0 first turns the image upside down for the graphics stack, and with it the sense of rotation.
        front = -1.0 if pose.determinant() > 0 else 1.0
        return Drawable(number, pose, known[pointer], materials, front)


def prepare_to_draw(width: int, height: int) -> None:
    """Sets what Blender's own drawing may have left in another state."""
    gpu.state.viewport_set(0, 0, width, height)
    gpu.state.depth_mask_set(True)
    gpu.state.depth_test_set("LESS_EQUAL")
    gpu.state.face_culling_set("NONE")
    gpu.state.blend_set("NONE")
