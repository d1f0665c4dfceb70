"""What is seen, by one rule for all engines: what Blender's renders show.

Cycles goes by the render values of a scene; all other engines draw what Blender evaluates for a viewport. So at the
beginning the viewport's visibility is made that of renders, for every kind of switch. Blender then decides in both by
the same logic, instances included, and bodies take part in the physics whether they are shown or not.
"""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from blendgym.blender.render.shot import apply
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError

VISIBLE_TYPES = ("MESH", "CURVE", "SURFACE", "META", "FONT")
"""Types of objects that have surfaces."""

UNDRAWN_TYPES = ("CURVES", "POINTCLOUD", "VOLUME", "GREASEPENCIL", "GPENCIL")
"""Types of objects that only Cycles or EEVEE can show."""

HIDING_INSTANCERS = ("VERTS", "FACES")
"""Renders show what they multiply only where it is multiplied; a viewport shows the original, too."""


def objects_of(loaded: LoadedScene) -> Iterator[bpy.types.Object]:
    """Objects of the scene, and those that are in no scene, but may be instanced."""
    yield from loaded.scene.objects
    in_scenes = {obj for scene in bpy.data.scenes for obj in scene.objects}
    yield from (obj for obj in bpy.data.objects if obj not in in_scenes)


class Visibility:
    """Makes the viewport show what renders show.

    Args:
        loaded: The scene.
    """

    def __init__(self, loaded: LoadedScene) -> None:
        self._loaded = loaded
        self._followed = b""
        _keep_evaluated(loaded.scene)
        for collection in [loaded.scene.collection, *bpy.data.collections]:
            collection.hide_viewport = collection.hide_render
        for layer in _layers(loaded.view_layer.layer_collection):
            layer.hide_viewport = False
        loaded.view_layer.update()
        for obj in loaded.view_layer.objects:
            _take_from_collections(obj, loaded.view_layer)
        for obj in objects_of(loaded):
            _show_as_rendered(obj)
        self.follow()

    def follow(self) -> None:
        """Shows and hides what a task has shown or hidden in renders since."""
        objects = bpy.data.objects
        switches = np.empty(len(objects), bool)
        objects.foreach_get("hide_render", switches)
        hidden = switches.tobytes()
        if hidden != self._followed:
            self._followed = hidden
            self._show()

    def _show(self) -> None:
        view_layer = self._loaded.view_layer
        # Blender draws instances of what is hidden by its eye, but not of what is hidden in viewports. In a collection
        # that is instanced, it is the other way round for both.
        instanced = {obj for each in bpy.data.collections if each.users > 1 for obj in each.all_objects}
        with_eye = set(view_layer.objects)
        for obj in objects_of(self._loaded):
            hidden = obj.hide_render and is_shown(obj)
            in_viewport = hidden and (obj in instanced or obj not in with_eye)
            if obj.hide_viewport != in_viewport:
                obj.hide_viewport = in_viewport
            if obj in with_eye and obj.hide_get(view_layer=view_layer) != (hidden or _is_multiplied(obj)):
                obj.hide_set(hidden or _is_multiplied(obj), view_layer=view_layer)


def rendered_objects(loaded: LoadedScene) -> set[bpy.types.Object]:
    """Objects of the scene in collections that are rendered."""
    return set(_in_rendered_layers(loaded.view_layer.layer_collection))


def _in_rendered_layers(layer: bpy.types.LayerCollection) -> Iterator[bpy.types.Object]:
    if layer.exclude or layer.collection.hide_render:
        return
    yield from layer.collection.objects
    for child in layer.children:
        yield from _in_rendered_layers(child)


def is_shown(obj: bpy.types.Object) -> bool:
    """Whether it has anything to show. Others stay evaluated, so that cameras and targets are where they are."""
    return obj.type in (*VISIBLE_TYPES, *UNDRAWN_TYPES, "LIGHT") or obj.instance_type == "COLLECTION"


def _is_multiplied(obj: bpy.types.Object) -> bool:
    return obj.parent is not None and obj.parent.instance_type in HIDING_INSTANCERS


def _layers(layer: bpy.types.LayerCollection) -> Iterator[bpy.types.LayerCollection]:
    yield layer
    for child in layer.children:
        yield from _layers(child)


def _keep_evaluated(scene: bpy.types.Scene) -> None:
    """What has nothing to show is in no hidden collection alone, where Blender would not evaluate it."""
    hidden = [each for each in scene.collection.children_recursive if each.hide_render]
    nested = {obj for each in hidden for obj in each.all_objects if not is_shown(obj)}
    for obj in nested.difference(scene.collection.objects):
        scene.collection.objects.link(obj)


def _take_from_collections(obj: bpy.types.Object, view_layer: bpy.types.ViewLayer) -> None:
    """What a collection is in a view layer (indirect only, a holdout), its objects are themselves, for all engines."""
    if obj.holdout_get(view_layer=view_layer):
        obj.is_holdout = True
    elif obj.indirect_only_get(view_layer=view_layer):
        obj.visible_camera = False


def _show_as_rendered(obj: bpy.types.Object) -> None:
    shown = {
        "show_instancer_for_viewport": obj.show_instancer_for_render,
        "show_in_front": False,
        # Workbench does not know what is invisible to cameras, but leaves out what is shown as bounds. EEVEE does the
        # reverse.
        "display_type": "TEXTURED" if obj.visible_camera else "BOUNDS",
    }
    apply([(obj, shown)])


def require_no_holdouts(loaded: LoadedScene) -> None:
    """Checks what Workbench can show.

    Raises:
        RenderError: If there is a holdout.
    """
    for obj, instancer in _shown(loaded):
        if obj.is_holdout or instancer.is_holdout:
            raise RenderError(f"{obj.name!r} is a holdout, which workbench cannot show; the other engines can.")


def require_own_visibility(loaded: LoadedScene) -> None:
    """Checks what EEVEE can show: it does not ask an instancer whether its instances are seen.

    Raises:
        RenderError: If an instancer is invisible to cameras or a holdout.
    """
    for obj, instancer in _shown(loaded):
        if (instancer.is_holdout and not obj.is_holdout) or (obj.visible_camera and not instancer.visible_camera):
            raise RenderError(
                f"{instancer.name!r} is a holdout or invisible to cameras, but eevee shows its instances. Set the same "
                f"for what is instanced, {obj.name!r}, or use another engine."
            )


def _shown(loaded: LoadedScene) -> Iterator[tuple[bpy.types.Object, bpy.types.Object]]:
    """Objects that are shown, each with what multiplies it, or itself."""
    for instance in loaded.updated_depsgraph().object_instances:
        if instance.object.type == "MESH" and instance.show_self:
            yield instance.object, instance.parent if instance.is_instance else instance.object
