"""What a Blender does instead of serving: one thing, whose answer is in its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from blendgym.blender.export import save_elsewhere, save_for_playback
from blendgym.blender.inspection import inspect
from blendgym.blender.scenes import load_scenes
from blendgym.scene_places import ScenePlace, find_scene, read_scene
from blendgym.task import make_task
from blendgym.wire.launch import LaunchOrder


def export(order: LaunchOrder) -> None:
    """Saves the scene of a task as a ``.blend``, which plays as the task's environment moves without actions."""
    task = make_task(order.entry_point, order.options)
    (loaded,) = load_scenes(find_scene(task), 1, order.trust)
    frame_rate = task.control_rate * task.frames_per_step
    save_for_playback(loaded, Path(order.output), frame_rate, task.substeps, task.camera)


def copy(order: LaunchOrder) -> None:
    """Saves a ``.blend`` elsewhere, as it is."""
    save_elsewhere(Path(order.scene), Path(order.output))


def look_into(order: LaunchOrder) -> Any:
    """What is seen in a scene: an ``Inspection`` in plain dicts and lists."""
    place = _place(order)
    (loaded,) = load_scenes(place, 1, order.trust)
    return msgspec.to_builtins(inspect(loaded, str(place.file) if place.file else place.module))


def _place(order: LaunchOrder) -> ScenePlace:
    if not order.scene:
        return find_scene(make_task(order.entry_point, order.options))
    return read_scene(order.scene) if order.scene.endswith(".blend") else ScenePlace(None, order.scene)


ERRANDS: dict[str, Callable[[LaunchOrder], Any]] = {"copy": copy, "export": export, "inspect": look_into}
"""By name."""
