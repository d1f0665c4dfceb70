"""Blender's own window, whose 3D view follows the simulation.

Here Blender's main loop runs, so that the window answers to its user and to the desktop, and the server has turns in
it, as a timer. What a turn has moved is drawn after it: Blender draws whatever a change of the frame has touched.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from typing import NoReturn

import addon_utils
import bpy

from blendgym.blender.render.shot import apply
from blendgym.blender.render.viewport.engine import STUDIO_SHADING
from blendgym.errors import SceneError
from blendgym.server.server import Server, spare_the_garbage_collector

LONGEST_TURN = 0.05  # seconds, after which the window answers at the latest


def serve_in_window(server: Server, camera: str, period: float) -> None:
    """Lets the server serve as soon as Blender's main loop runs, which is when the start-up script has ended.

    Args:
        server: To be served.
        camera: Name of the camera through which the window looks at first.
        period: Of control, in s: the window is drawn no more often, unless its user moves it.

    Raises:
        SceneError: If the scene has no such camera.
    """
    seen_through = bpy.context.scene.objects.get(camera)
    if seen_through is None or seen_through.type != "CAMERA":
        raise SceneError(f"The scene has no camera {camera!r}, through which the window could look.")
    preferences = bpy.context.preferences
    preferences.view.show_splash = False
    preferences.view.use_save_prompt = False
    preferences.filepaths.use_auto_save_temporary_files = False
    spare_the_garbage_collector()
    # Blender calls this when it quits, and crashes in it (3.4). It is the first that Python hears of the closed window.
    addon_utils.disable_all = lambda: _end("The window was closed.")
    turns = _turns(server, _window(), seen_through, min(period, LONGEST_TURN))
    bpy.app.timers.register(lambda: _next(turns), persistent=True)


def _turns(server: Server, window: bpy.types.Window, camera: bpy.types.Object, seconds: float) -> Iterator[float]:
    """Says after each turn when the next is due: at once. Blender's events and drawing come between them."""
    _fill_with_view(window)
    yield 0.0
    _look_through(window, camera)
    while not server.is_closed:
        # A timer need not have a window in its context, by which scenes and cameras go.
        with bpy.context.temp_override(window=window):
            server.serve_for(seconds)
        yield 0.0
    _end("The session was closed.")


def _window() -> bpy.types.Window:
    # The context has lost its window once a file is loaded (3.4).
    return bpy.context.window_manager.windows[0]


def _next(turns: Iterator[float]) -> float:
    try:
        return next(turns)
    except Exception:  # Blender would drop the timer, and the trainer would wait in vain.
        _end(traceback.format_exc(), code=1)


def _fill_with_view(window: bpy.types.Window) -> None:
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    with bpy.context.temp_override(window=window, area=area):
        bpy.ops.screen.screen_full_area(use_hide_panels=True)


def _look_through(window: bpy.types.Window, camera: bpy.types.Object) -> None:
    (area,) = window.screen.areas
    space, region = area.spaces.active, next(region for region in area.regions if region.type == "WINDOW")
    apply([(space.shading, STUDIO_SHADING | {"color_type": "TEXTURE"})])
    space.overlay.show_overlays = space.show_gizmo = False
    space.use_local_camera, space.camera = True, camera
    space.region_3d.view_perspective = "CAMERA"
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.view3d.view_center_camera()


def _end(why: str, code: int = 0) -> NoReturn:
    """Ends the process, before Blender tears down its static objects, in which it may hang or crash."""
    sys.stdout.write(f"{why}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
