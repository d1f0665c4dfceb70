"""The sidebar of the 3D view: what is selected, what is marked."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import bpy

from blendgym.addon.acting import PLAYGROUND, ROOM_SETTING, active_of
from blendgym.addon.episodes import ServedPlay
from blendgym.addon.play_operators import POLICIES, Play
from blendgym.addon.room_operators import NOTHING, CheckScene
from blendgym.blender.marks.catalogue import is_motor
from blendgym.blender.marks.keeping import CATEGORY, marks_of
from blendgym.blender.render.keypoints import PROPERTY as KEYPOINT
from blendgym.errors import InvalidMarks
from blendgym.marks import MarkedParameter, Marks

ICONS = {"body": "RIGID_BODY", "joint": "CONSTRAINT", "light": "LIGHT", "material": "MATERIAL", "camera": "CAMERA_DATA"}


BORDER_PIXELS, LETTER_PIXELS = 80, 6.5
"""Of a line with an icon in the sidebar, at the scale of 1."""


class Section:
    """A mixin for the sections of the panel."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "blendgym"
    layout: bpy.types.UILayout


class MarkingSection(Section):
    """The same for what is hidden while the scene is played."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the section is shown; Blender asks."""
        return PLAYGROUND not in context.scene


class SelectedSection(MarkingSection, bpy.types.Panel):
    """What the active object is to an environment."""

    bl_idname = "BLENDGYM_PT_selected"
    bl_label = "Selected"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        obj, layout = active_of(context), self.layout
        if obj is None:
            layout.label(text="Select an object.", icon="INFO")
            return
        layout.label(text=f"{obj.name}: {role_of(obj)}", icon="OBJECT_DATA")
        category = layout.operator("blendgym.mark_category", text=f"Category: {obj.get(CATEGORY, 'by its name')}")
        category.category = str(obj.get(CATEGORY, ""))
        if obj.type == "EMPTY":
            is_keypoint = bool(obj.get(KEYPOINT))
            text, icon = ("A keypoint", "CHECKBOX_HLT") if is_keypoint else ("No keypoint", "CHECKBOX_DEHLT")
            layout.operator("blendgym.mark_keypoint", text=text, icon=icon).is_keypoint = not is_keypoint
        column = layout.column(align=True)
        column.operator("blendgym.make_body", icon="RIGID_BODY")
        column.operator("blendgym.make_joint", icon="CONSTRAINT")
        column.operator("blendgym.make_motor", icon="FORCE_TURBULENCE")
        if is_motor(obj):
            column.operator("blendgym.mark_motor", icon="PLAY")


class ParametersSection(MarkingSection, bpy.types.Panel):
    """What may differ between episodes."""

    bl_idname = "BLENDGYM_PT_parameters"
    bl_label = "Parameters"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        marks = _marks(self.layout, context.scene)
        if marks is None:
            return
        for marked in marks.parameters:
            _draw_parameter(self.layout.box(), context.scene, marked)
        row, obj = self.layout.row(align=True), active_of(context)
        if obj is not None:
            row.operator("blendgym.mark_parameter", text=f"Of {obj.name}", icon="ADD").of_scene = False
        row.operator("blendgym.mark_parameter", text="Of the Scene", icon="ADD").of_scene = True


class MotorsSection(MarkingSection, bpy.types.Panel):
    """What acts."""

    bl_idname = "BLENDGYM_PT_motors"
    bl_label = "Motors That Act"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        marks = _marks(self.layout, context.scene)
        for motor in marks.motors if marks else ():
            row, unit = self.layout.row(), "N" if motor.drives == "force" else "N·m"
            is_there = motor.name in context.scene.objects
            row.label(text=f"{motor.name}: ±{motor.most:g} {unit}", icon="PLAY" if is_there else "ERROR")
            row.operator("blendgym.remove_motor", text="", icon="X").name = motor.name
        if marks and not marks.motors:
            self.layout.label(text="None: select two bodies.", icon="INFO")


class RoomSection(MarkingSection, bpy.types.Panel):
    """What cannot be used, and an environment of all that can."""

    bl_idname = "BLENDGYM_PT_room"
    bl_label = "Environment"

    def draw(self, context: bpy.types.Context) -> None:  # noqa: ARG002 (Blender's signature)
        """Draws it."""
        self.layout.operator("blendgym.check", icon="VIEWZOOM")
        if CheckScene.found == []:
            self.layout.label(text=NOTHING, icon="CHECKMARK")
        for finding in CheckScene.found or ():
            box = self.layout.box()
            draw_text(box, finding.text, "ERROR")
            if finding.thing:
                _button(box, "blendgym.select", "RESTRICT_SELECT_OFF", finding.thing, f"Select {finding.thing}")
        self.layout.operator("blendgym.write_room", icon="FILE_NEW")


class PlaySection(Section, bpy.types.Panel):
    """Playing live."""

    bl_idname = "BLENDGYM_PT_play"
    bl_label = "Play"

    def draw(self, context: bpy.types.Context) -> None:
        """Draws it."""
        if Play.current is not None:
            _draw_played(self.layout, Play.current)
            return
        settings, column = context.window_manager, self.layout.column()
        column.prop(settings, ROOM_SETTING)
        for policy, title, _ in POLICIES:
            button = column.operator("blendgym.play", text=title, icon="PLAY")
            button.policy, button.room = policy, getattr(settings, ROOM_SETTING)
        if Play.why_ended:
            draw_text(self.layout, Play.why_ended, "ERROR")


def role_of(obj: bpy.types.Object) -> str:
    """What an object is to an environment, in a few words."""
    if obj.rigid_body_constraint:
        return f"{obj.rigid_body_constraint.type.replace('_', ' ').lower()} joint".replace("motor joint", "motor")
    if obj.rigid_body:
        body = obj.rigid_body
        return f"a body of {body.mass:.4g} kg" if body.type == "ACTIVE" else "a body that stands still"
    return f"no body, a {obj.type.lower()}"


def is_there(scene: bpy.types.Scene, marked: MarkedParameter) -> bool:
    """Whether the thing that a parameter changes has still its name."""
    kind, name = marked.thing or ("scene", "")
    return kind == "scene" or name in (bpy.data.materials if kind == "material" else scene.objects)


def _draw_played(layout: bpy.types.UILayout, play: Play) -> None:
    layout.operator("blendgym.stop", icon="SNAP_FACE")
    if isinstance(play.episodes, ServedPlay):
        layout.label(text=f"At {play.episodes.address}", icon="URL")
    played, column = play.played, layout.column(align=True)
    if played.number < 0:
        column.label(text="No episode has begun.")
        return
    column.label(text=f"Episode {played.number}, step {played.steps}")
    column.label(text=f"Return {played.total:.4g}" + ("" if played.last is None else f"; the last {played.last:.4g}"))
    for name, value in played.parameters.items():
        column.label(text=f"{name}: {value:.4g}")


def _draw_parameter(box: bpy.types.UILayout, scene: bpy.types.Scene, marked: MarkedParameter) -> None:
    kind, thing = marked.thing or ("scene", "")
    found = is_there(scene, marked)
    row = box.row()
    row.alert = not found
    row.label(text=marked.name, icon=ICONS.get(kind, "SCENE_DATA") if found else "ERROR")
    _button(row, "blendgym.change_parameter", "GREASEPENCIL", marked.name)
    _button(row, "blendgym.take_nominal", "FILE_REFRESH", marked.name)
    _button(row, "blendgym.remove_parameter", "X", marked.name)
    unit = "" if marked.unit == "1" else f" {marked.unit}"
    box.label(text=f"{marked.low:.4g} to {marked.high:.4g}{unit}; here {marked.nominal:.4g}")
    if not found:
        box.label(text=f"There is no {kind} {thing}.")
        _button(box, "blendgym.move_parameter", "EYEDROPPER", marked.name, text=None)


def _button(layout: bpy.types.UILayout, operator: str, icon: str, name: str, text: str | None = "") -> None:
    words: dict[str, Any] = {} if text is None else {"text": text}
    layout.operator(operator, icon=icon, **words).name = name


def _marks(layout: bpy.types.UILayout, scene: bpy.types.Scene) -> Marks | None:
    """What is marked; where that cannot be read, the panel says so."""
    try:
        return marks_of(scene)
    except InvalidMarks as error:
        draw_text(layout, str(error), "ERROR")
        return None


def draw_text(layout: bpy.types.UILayout, text: str, icon: str) -> None:
    """Draws a sentence in lines as long as the sidebar is wide; Blender would cut off a long one."""
    column = layout.column(align=True)
    for number, line in enumerate(wrap(text, _letters_in_a_line())):
        column.label(text=line, icon="BLANK1" if number else icon)


def _letters_in_a_line() -> int:
    width = bpy.context.region.width / bpy.context.preferences.system.ui_scale
    return max(20, int((width - BORDER_PIXELS) / LETTER_PIXELS))


PANELS = (SelectedSection, ParametersSection, MotorsSection, RoomSection, PlaySection)
