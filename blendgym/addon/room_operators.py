"""The buttons that check the scene and make an environment of it."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar

import bpy
from bpy.props import StringProperty

from blendgym.addon.acting import ROOM_SETTING, Acting, properties
from blendgym.addon.checking import Finding, check_scene, inspected, save_copy
from blendgym.blender.marks.keeping import marks_of
from blendgym.errors import InvalidMarks, InvalidOption
from blendgym.marks.room import write_room
from blendgym.names import missing
from blendgym.scaffold import title_of

NOTHING = "Nothing is in the way of using it."


class CheckScene(Acting, bpy.types.Operator):
    """Looks into the scene as blendgym inspect does; it takes a few seconds."""

    bl_idname = "blendgym.check"
    bl_label = "Check the Scene"
    bl_options: ClassVar[set[str]] = {"REGISTER"}
    found: ClassVar[list[Finding] | None] = None  # By the last check. It is about a moment, so no file keeps it.

    def act(self, context: bpy.types.Context) -> None:
        """Checks it."""
        found = CheckScene.found = check_scene(context.scene)
        if found:
            self.report({"WARNING"}, f"{len(found)} findings: {found[0].text}")
        else:
            self.report({"INFO"}, NOTHING)


@properties(name=StringProperty(options={"HIDDEN"}))
class SelectFound(Acting, bpy.types.Operator):
    """Selects the object that this is about."""

    bl_idname = "blendgym.select"
    bl_label = "Select"
    name: str

    def act(self, context: bpy.types.Context) -> None:
        """Selects it, and nothing else."""
        things = context.view_layer.objects
        if self.name not in things:
            raise InvalidMarks(missing("object", self.name, things.keys()))
        for obj in things:
            obj.select_set(obj.name == self.name)
        things.active = things[self.name]


@properties(
    directory=StringProperty(subtype="DIR_PATH", options={"HIDDEN"}),
    filepath=StringProperty(subtype="FILE_PATH", options={"HIDDEN"}),
    name=StringProperty(name="Name", default="my_env", description="Of the folder, which is a package of Python"),
)
class WriteRoom(Acting, bpy.types.Operator):
    """Makes an environment of the marked scene, as a folder that runs at once."""

    bl_idname = "blendgym.write_room"
    bl_label = "Write an Environment"
    bl_options: ClassVar[set[str]] = {"REGISTER"}
    directory: str
    name: str

    def invoke(self, context: bpy.types.Context, event: Any) -> set[str]:  # noqa: ARG002 (Blender's signature)
        """Asks for the folder; Blender calls."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context) -> None:
        """Writes it."""
        parent = Path(bpy.path.abspath(self.directory))
        if not (self.directory and parent.is_dir()):
            raise InvalidOption(f"There is no folder {self.directory!r} to write {self.name!r} to.")
        inspect = cache(partial(inspected, context.scene))
        write_room(parent / self.name, marks_of(context.scene), inspect, save_copy)
        setattr(context.window_manager, ROOM_SETTING, str(parent / self.name))
        if faults := inspect().faults:
            self.report({"WARNING"}, f"{self.name} is written, but {len(faults)} things cannot be used: {faults[0]}")
        else:
            self.report({"INFO"}, f"In {parent}: blendgym train {self.name}:{title_of(self.name)}-v0")


ROOM_OPERATORS = (CheckScene, SelectFound, WriteRoom)
