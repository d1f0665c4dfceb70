"""A copy of the open scene to play in: what has been drawn is not touched, and is there again when the play is over."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import bpy

from blendgym.addon.acting import PLAYGROUND
from blendgym.blender.scenes import LoadedScene, appended
from blendgym.errors import SceneError


class Playground:
    """Shows a copy of a scene in Blender's window.

    Args:
        scene: The open one.
        file: A copy of the file in which it is, as it is now.

    Attributes:
        loaded: The copy.

    Raises:
        SceneError: If something is linked from another file: it would be one and the same in both.
    """

    def __init__(self, scene: bpy.types.Scene, file: Path) -> None:
        self._drawn, self._before = scene, {thing.session_uid for thing in bpy.data.user_map()}
        if linked := next((thing for thing in bpy.data.user_map() if thing.library), None):
            raise SceneError(
                f"{linked.name!r} is linked from {linked.library.filepath}, and would be one and the same in the copy "
                "that is played in. Make it local (Object > Relations > Make Local > All), or write an environment "
                "and play that with window=True."
            )
        with _names_given_up():
            try:
                others = list(bpy.data.objects)
                self.loaded = LoadedScene(appended(file, scene.name), others)
                self.loaded.give_way(0)
                self.loaded.scene[PLAYGROUND] = True
            except BaseException:
                self._remove()
                raise
        self.loaded.activate()

    def close(self) -> None:
        """Shows what has been drawn again, and removes the copy."""
        window = bpy.context.window_manager.windows[0]
        if window.scene == self.loaded.scene:
            window.scene = self._drawn
        self._remove()

    def _remove(self) -> None:
        bpy.data.batch_remove([thing for thing in bpy.data.user_map() if thing.session_uid not in self._before])


@contextlib.contextmanager
def _names_given_up() -> Iterator[None]:
    """Lets copies have the names of what they are copies of, by which tasks know them, for a moment."""
    kept = {thing: thing.name for thing in (*bpy.data.objects, *bpy.data.materials)}
    try:
        for number, thing in enumerate(kept):
            thing.name = f"drawn {number}"
        yield
    finally:
        for thing, name in kept.items():
            thing.name = name
