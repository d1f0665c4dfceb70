"""Saving a scene as a ``.blend`` that a person opens, plays and edits."""

from __future__ import annotations

from pathlib import Path

import bpy

from blendgym.blender.physics.clock import Clock
from blendgym.blender.saving import save_blend
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError

SECONDS = 20.0
"""That the playback of a saved scene takes."""


def save_for_playback(loaded: LoadedScene, file: Path, frame_rate: float, substeps: int, camera: str) -> None:
    """Saves a scene so that playing it in Blender moves it as an environment does in which nobody acts.

    Args:
        loaded: The only scene of this Blender, as it was built.
        file: Where to save it.
        frame_rate: Frames per simulated second, in Hz.
        substeps: Physics steps in one frame.
        camera: Name of the camera to look through, if there is one.

    Raises:
        SceneError: If the file cannot be written.
    """
    scene, first = loaded.scene, loaded.first_frame
    Clock(scene, first, frame_rate, substeps)
    scene.frame_start, scene.frame_end = first, first + round(SECONDS * frame_rate)
    if scene.rigidbody_world:
        cache = scene.rigidbody_world.point_cache
        cache.frame_start, cache.frame_end = scene.frame_start, scene.frame_end
    for obj in filter(lambda each: each.rigid_body, scene.objects):
        obj.rigid_body.use_deactivation = False
    scene.camera = loaded.objects.get(camera, scene.camera)
    scene.frame_set(first)
    bpy.data.batch_remove([other for other in bpy.data.scenes if other != scene and not other.objects])
    _look_through_camera()
    save_blend(file, compress=True)


def save_elsewhere(scene: Path, file: Path) -> None:
    """Saves a ``.blend`` as it is, to where its paths, if they are relative, lead to the same files.

    Args:
        scene: The file.
        file: Where to save it.

    Raises:
        SceneError: If it cannot be read or written.
    """
    try:
        bpy.ops.wm.open_mainfile(filepath=str(scene), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        raise SceneError(f"Scene file {str(scene)!r} cannot be opened: {error}".rstrip()) from None
    save_blend(file, compress=True)


def _look_through_camera() -> None:
    """Lets the 3D views of Blender's window show what the camera sees."""
    areas = [area for screen in bpy.data.screens for area in screen.areas if area.type == "VIEW_3D"]
    for area in areas:
        area.spaces.active.region_3d.view_perspective = "CAMERA"
        area.spaces.active.shading.type = "MATERIAL"
