"""Motion blur of simulated bodies, for Cycles.

Blender cannot look back in an unfinished simulation: to evaluate bodies in an earlier frame disturbs where it shows
them in later ones (4.5). So a blurred picture is taken of another scene, without physics: it shares everything that
stands still, and has doubles of what moves, animated over the shutter's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import bpy
from mathutils import Matrix

from blendgym.blender import compat
from blendgym.blender.render.visibility import is_shown, rendered_objects
from blendgym.blender.scenes import LoadedScene

Sweep = Callable[[float], Mapping[str, tuple[Matrix, Matrix]]]
"""Poses of bodies some seconds ago and now, by name."""


class MotionBlur:
    """The scene of the doubles.

    Args:
        loaded: What is rendered.
        sweep: Where its bodies were. Objects that are parented to a body move with it.
    """

    def __init__(self, loaded: LoadedScene, sweep: Sweep) -> None:
        self._loaded, self._scene, self._sweep = loaded, loaded.scene, sweep
        self._doubles: dict[bpy.types.Object, bpy.types.Object] = {}
        self._stage: bpy.types.Scene | None = None

    def scene(self, shutter: float) -> bpy.types.Scene:
        """A scene that shows this moment, blurred.

        Args:
            shutter: How long it is open, in frames; it closes now.
        """
        render = self._scene.render
        moving = dict(self._moving(shutter * render.fps_base / render.fps))
        stage = self._stage = self._stage or self._make_stage(moving)
        stage.world = self._scene.world
        stage.render.use_motion_blur, stage.render.motion_blur_shutter = True, shutter
        # Blender renders another scene at the frame of the active one.
        closes = self._scene.frame_current
        for obj, (before, now) in moving.items():
            self._doubles[obj].hide_render = obj.hide_render
            _animate(self._doubles[obj], ((before, closes - shutter), (now, closes)))
        return stage

    def camera(self, camera: bpy.types.Object) -> bpy.types.Object:
        """The camera in that scene: its double, if it rides on a body."""
        return self._doubles.get(camera, camera)

    def _moving(self, seconds: float) -> Iterator[tuple[bpy.types.Object, tuple[Matrix, Matrix]]]:
        for name, (before, now) in self._sweep(seconds).items():
            body = self._loaded.objects[name]
            yield body, (before, now)
            back = before @ now.inverted()
            for child in body.children_recursive:
                pose = self._loaded.evaluated(child).matrix_world
                yield child, (back @ pose, pose.copy())

    def _make_stage(self, moving: Mapping[bpy.types.Object, tuple[Matrix, Matrix]]) -> bpy.types.Scene:
        stage = bpy.data.scenes.new(f"{self._scene.name} in motion")
        # The shutter closes at this moment: what comes later has not been simulated.
        compat.motion_blur_settings(stage).motion_blur_position = "END"
        stage.render.use_compositing = stage.render.use_sequencer = False
        rendered = rendered_objects(self._loaded)
        for obj in self._scene.objects:
            shown = obj
            if obj in moving:
                shown = self._doubles[obj] = _double(obj)
            if obj in rendered or not is_shown(obj):
                stage.collection.objects.link(shown)
        return stage


def _double(obj: bpy.types.Object) -> bpy.types.Object:
    """The same thing, that nothing moves."""
    double = obj.copy()
    double.name = f"{obj.name} in motion"
    double.parent = None
    double.animation_data_clear()
    double.constraints.clear()
    double.delta_location, double.delta_scale = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    double.rotation_mode, double.delta_rotation_quaternion = "QUATERNION", (1.0, 0.0, 0.0, 0.0)
    return double


def _animate(double: bpy.types.Object, poses: Iterable[tuple[Matrix, float]]) -> None:
    if double.animation_data:
        bpy.data.actions.remove(double.animation_data.action)
    for pose, at in poses:
        double.location, double.rotation_quaternion, double.scale = pose.decompose()
        double.keyframe_insert("location", frame=at)
        double.keyframe_insert("rotation_quaternion", frame=at)
