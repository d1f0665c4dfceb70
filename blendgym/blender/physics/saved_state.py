"""What a file brings along beside its scene: the frame it was saved at, caches of the physics, keys on bodies."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from blendgym.blender import compat
from blendgym.errors import SceneError


def forget_playback(scene: bpy.types.Scene) -> int:
    """Forgets what was played or baked, and goes to the frame in which the simulation of the scene begins.

    Returns:
        That frame.
    """
    physics = scene.rigidbody_world
    if physics is None:
        return int(scene.frame_current)
    cache = physics.point_cache
    if cache.is_baked:
        with bpy.context.temp_override(scene=scene, point_cache=cache):
            bpy.ops.ptcache.free_bake()
    first_frame = int(cache.frame_start)
    rewind(scene, first_frame)
    return first_frame


def rewind(scene: bpy.types.Scene, first_frame: int) -> None:
    """Goes to the frame in which the simulation of a file begins: there bodies are where the file has them."""
    if scene.rigidbody_world:
        scene.rigidbody_world.point_cache.frame_start = first_frame
    scene.frame_set(first_frame)


def refuse_animated_physics(obj: bpy.types.Object, name: str) -> None:
    """Makes sure that the physics of a body or constraint is the same in all frames.

    Raises:
        SceneError: If properties of it have keys or drivers.
    """
    if any(path.startswith("rigid_body") for path in compat.animated_paths(obj)):
        raise SceneError(
            f"The physics of {name!r} is animated, as by keys that switch 'Animated' off; clear its keys and drivers. "
            "A body that is let go in motion is what place(pose, velocity) is for."
        )


def free_from_animation(obj: bpy.types.Object) -> None:
    """Takes away what moves a body or constraint beside the physics: keys, drivers, object constraints, its parent.

    As in Blender, none of this has an effect any more once the physics has begun. The pose has to be set afterwards.
    """
    obj.animation_data_clear()
    obj.constraints.clear()
    make_root(obj)


def keep_followed(empty: bpy.types.Object, scene: bpy.types.Scene) -> None:
    """Makes sure that Blender follows the pose of an empty: of what is hidden it does not (4.5)."""
    empty.hide_viewport = empty.hide_render = False
    if not empty.visible_get(view_layer=scene.view_layers[0]) and empty.name not in scene.collection.objects:
        scene.collection.objects.link(empty)


def make_root(obj: bpy.types.Object) -> None:
    """Takes an object away from its parent, and clears delta transforms: its own properties are its pose then."""
    obj.parent = None
    obj.delta_location = obj.delta_rotation_euler = (0.0, 0.0, 0.0)
    obj.delta_rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    obj.delta_scale = obj.scale = (1.0, 1.0, 1.0)
    obj.rotation_mode = "QUATERNION"


def set_pose(obj: bpy.types.Object, pose: Matrix) -> None:
    """Puts a root somewhere."""
    obj.location = pose.to_translation()
    obj.rotation_quaternion = pose.to_quaternion()


def is_moved_by_file(obj: bpy.types.Object) -> bool:
    """Whether keys, drivers, object constraints or a moving parent move an object."""
    data, parent = obj.animation_data, obj.parent
    if obj.constraints or (data and (data.action or data.drivers or data.nla_tracks)):
        return True
    return parent is not None and (is_free(parent) or is_moved_by_file(parent))


def is_free(obj: bpy.types.Object) -> bool:
    """Whether an object is a body that the physics moves."""
    body = obj.rigid_body
    return body is not None and body.type == "ACTIVE" and body.enabled and not body.kinematic


def keep_time(scene: bpy.types.Scene, first_frame: int, stretch: float) -> None:
    """Moves the keys of a scene, so that they come after as many seconds as in the file.

    Args:
        scene: Whose frame rate changes.
        first_frame: Keeps its time.
        stretch: New frame rate, as a multiple of the former.
    """
    for action in _actions(scene):
        for curve in compat.curves_of(action):
            _stretch(curve, first_frame, stretch)


def _actions(scene: bpy.types.Scene) -> set[Any]:
    owners = [*scene.objects, *(obj.data for obj in scene.objects if obj.data), scene, scene.world]
    animated = [owner.animation_data for owner in owners if owner is not None]
    return {data.action for data in animated if data and data.action}


def _stretch(curve: Any, first_frame: int, stretch: float) -> None:
    points = curve.keyframe_points
    for part in ("co", "handle_left", "handle_right"):
        values = np.empty(2 * len(points), np.float32)
        points.foreach_get(part, values)
        values[::2] = first_frame + (values[::2] - first_frame) * stretch
        points.foreach_set(part, values)
    curve.update()
