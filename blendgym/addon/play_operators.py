"""The buttons that play the open scene, live in Blender's window."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from blendgym.addon.acting import Acting, properties
from blendgym.addon.checking import inspected, save_copy
from blendgym.addon.episodes import Played, SelfPlay, ServedPlay, task_in
from blendgym.addon.playground import Playground
from blendgym.blender.marks.keeping import marks_of
from blendgym.errors import BlendgymError, InvalidOption, TaskError
from blendgym.marks.room import write_room
from blendgym.task import Task

POLICIES = (
    ("random", "At Random", "All actions alike"),
    ("zero", "Nobody Acts", "The action that is nearest to zero"),
    ("outside", "A Trainer", "A trainer of another process connects and plays, such as a policy of stable-baselines3"),
)
ENDINGS = ("load_pre", "save_pre", "undo_pre", "redo_pre")
"""What of Blender's a play does not outlive: the copy is saved with no file, and undo would take it away."""


class Play:
    """What is played at this moment: one play at a time, in the first window.

    Args:
        scene: The open scene.
        room: Folder of the environment whose task it is; empty for the one that would be written.
        policy: Who acts, by its name in ``POLICIES``.
        is_randomized: Whether episodes draw the parameters.
        address: At which a trainer plays.
    """

    current: ClassVar[Play | None] = None
    why_ended: ClassVar[str] = ""

    def __init__(self, scene: bpy.types.Scene, room: str, policy: Any, is_randomized: bool, address: str) -> None:
        if policy == "outside" and not room:
            raise InvalidOption("A trainer has to know the task: write an environment, or choose its folder.")
        with tempfile.TemporaryDirectory(prefix="blendgym-play-") as folder:
            entry_point, task = _task(scene, room, Path(folder) / "playing")
            copy = Path(folder) / "scene.blend"
            save_copy(copy)
            self._ground = Playground(scene, copy)
        try:
            loaded = self._ground.loaded
            self.episodes: SelfPlay | ServedPlay = (
                ServedPlay(entry_point, task, loaded, address)
                if policy == "outside"
                else SelfPlay(task, loaded, policy, is_randomized)
            )
        except BaseException:
            self._ground.close()
            raise

    @property
    def played(self) -> Played:
        """What a person is told."""
        return self.episodes.played

    def close(self) -> None:
        """Ends it, and shows what has been drawn."""
        self.episodes.close()
        self._ground.close()


def _task(scene: bpy.types.Scene, room: str, new: Path) -> tuple[str, Task]:
    """The task of an environment, or of the one that would be written of the scene, by its name."""
    folder = Path(bpy.path.abspath(room)) if room else new
    if not room:
        write_room(new, marks_of(scene), lambda: inspected(scene), save_copy)
    try:
        return task_in(folder)
    finally:
        sys.path[:] = [path for path in sys.path if path != str(new.parent)]


def start(scene: bpy.types.Scene, *arguments: Any) -> None:
    """Begins to play, in the window.

    Args:
        scene: The open scene.
        arguments: The others of ``Play``.

    Raises:
        BlendgymError: If that is not possible; nothing has changed then.
    """
    try:
        Play.current, Play.why_ended = Play(scene, *arguments), ""
    except BlendgymError:
        raise
    except Exception as error:  # The task is the user's code.
        raise TaskError(f"{type(error).__name__}: {error}") from error
    for ending in ENDINGS:
        getattr(bpy.app.handlers, ending).append(_end)
    bpy.app.timers.register(_turn)


def stop(why: str = "") -> None:
    """Ends what is played, if anything is."""
    play, Play.current, Play.why_ended = Play.current, None, why
    if play is None:
        return
    for ending in ENDINGS:
        getattr(bpy.app.handlers, ending).remove(_end)
    play.close()
    _redraw()


def _end(*_: Any) -> None:
    stop()


def _turn() -> float | None:
    """The timer's: after how many seconds the next turn is due."""
    if Play.current is None:
        return None
    try:
        # A timer need not have a window in its context, by which scenes go.
        with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
            due = Play.current.episodes.turn()
    except Exception as error:  # The task is the user's code, and Blender's errors have no common base.
        stop(f"{type(error).__name__}: {error}")
        return None
    _redraw()
    return due


def _redraw() -> None:
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


@properties(
    room=StringProperty(name="Environment", subtype="DIR_PATH", options={"SKIP_SAVE"}),
    policy=EnumProperty(name="Who Acts", items=POLICIES),
    is_randomized=BoolProperty(name="Draw Parameters", default=True, description="Anew for each episode"),
    address=StringProperty(name="Address", default="tcp://127.0.0.1:5555", description="At which a trainer plays"),
)
class StartPlay(Acting, bpy.types.Operator):
    """Plays a copy of the scene, live in the window."""

    bl_idname = "blendgym.play"
    bl_label = "Play"
    bl_options: ClassVar[set[str]] = {"REGISTER"}
    room: str
    policy: str
    is_randomized: bool
    address: str

    def act(self, context: bpy.types.Context) -> None:
        """Begins."""
        start(context.scene, self.room, self.policy, self.is_randomized, self.address)


class StopPlay(Acting, bpy.types.Operator):
    """Ends the play and shows what has been drawn."""

    bl_idname = "blendgym.stop"
    bl_label = "Stop"
    bl_options: ClassVar[set[str]] = {"REGISTER"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:  # noqa: ARG003 (Blender's signature)
        """Whether anything is played."""
        return Play.current is not None

    def act(self, context: bpy.types.Context) -> None:  # noqa: ARG002 (Blender's signature)
        """Ends it."""
        stop()


PLAY_OPERATORS = (StartPlay, StopPlay)
