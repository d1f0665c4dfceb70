"""Motion blur of simulated bodies, for Cycles.

Blender cannot look back in an unfinished simulation: a body that it evaluates in an earlier frame lies where the
episode began (4.5). So the bodies are replaced by doubles without physics, which are animated over the shutter's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import bpy
from mathutils import Matrix

from blendgym.server import compat
from blendgym.server.cameras.shot import Changes, changed

Sweep = Callable[[float], Mapping[str, tuple[Matrix, Matrix]]]
"""Poses of bodies some seconds ago and now, by name."""

SUFFIX = " in motion"


class MotionBlur:
    """The doubles of a scene's bodies.

    Args:
        scene: What is rendered.
        sweep: Where its bodies were.
    """

    def __init__(self, scene: bpy.types.Scene, sweep: Sweep) -> None:
        self._scene, self._sweep = scene, sweep
        self._doubles: dict[str, bpy.types.Object] = {}

    @contextmanager
    def shown(self, shutter: float) -> Iterator[None]:
        """Blurs all that moves, for a while.

        Args:
            shutter: How long it is open, in frames; it closes now.
        """
        render = self._scene.render
        changes: Changes = []
        for name, (before, now) in self._sweep(render.fps_base / render.fps).items():
            body, double = self._scene.objects[name], self._double(name)
            _animate(double, before, now, self._scene.frame_current)
            changes += [(body, {"hide_render": True}), (double, {"hide_render": body.hide_render})]
        still = [obj for obj in self._scene.objects if obj not in self._doubles.values()]
        changes += [(obj.cycles, {"use_motion_blur": False}) for obj in still if hasattr(obj, "cycles")]
        changes.append((render, {"use_motion_blur": True, "motion_blur_shutter": shutter}))
        # What comes after this moment has not been simulated.
        changes.append((compat.motion_blur_settings(self._scene), {"motion_blur_position": "END"}))
        with changed(changes):
            yield

    def _double(self, name: str) -> bpy.types.Object:
        if name not in self._doubles:
            body = self._scene.objects[name]
            double = self._doubles[name] = bpy.data.objects.new(name + SUFFIX, body.data)
            double.hide_render = double.hide_viewport = True
            double.rotation_mode = "QUATERNION"
            self._scene.collection.objects.link(double)
        return self._doubles[name]


def _animate(double: bpy.types.Object, before: Matrix, now: Matrix, frame: int) -> None:
    double.animation_data_clear()
    bpy.context.preferences.edit.keyframe_new_interpolation_type = "LINEAR"
    for pose, at in ((before, frame - 1), (now, frame)):
        double.location, double.rotation_quaternion = pose.to_translation(), pose.to_quaternion()
        double.keyframe_insert("location", frame=at)
        double.keyframe_insert("rotation_quaternion", frame=at)
