"""What all operators have in common: they say what went wrong where a person sees it, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import bpy

from blendgym.errors import BlendgymError

Operator = TypeVar("Operator", bound=type)

ROOM_SETTING = "blendgym_room"
"""What of the window's settings names the folder of the environment that is played. No file keeps it."""

PLAYGROUND = "blendgym_playground"
"""The custom property of a scene that is a copy to play in, where nothing is marked: it goes with the play."""


def properties(**declared: Any) -> Callable[[Operator], Operator]:
    """Declares the properties of an operator; Blender takes them from annotations, which are no types here."""

    def declare(operator: Operator) -> Operator:
        operator.__annotations__ = declared
        return operator

    return declare


class Acting:
    """A mixin for operators: ``act`` does what they do, and may raise any error of blendgym."""

    bl_options: ClassVar[set[str]] = {"REGISTER", "UNDO"}
    report: Callable[[set[str], str], None]

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether it can be done now; Blender asks, and otherwise the button is grey."""
        return PLAYGROUND not in context.scene

    def act(self, context: bpy.types.Context) -> None:
        """Does it."""
        raise NotImplementedError

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Does it; Blender calls."""
        try:
            self.act(context)
        except BlendgymError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class Asking(Acting):
    """The same for operators that ask for their properties first."""

    def invoke(self, context: bpy.types.Context, event: Any) -> set[str]:  # noqa: ARG002 (Blender's signature)
        """Shows them in a dialog; Blender calls when a button is pressed."""
        self.suggest(context)
        return context.window_manager.invoke_props_dialog(self)

    def suggest(self, context: bpy.types.Context) -> None:
        """Fills in what the dialog shows at first."""


class OnActive(Acting):
    """The same for operators about the active object."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is one."""
        return super().poll(context) and active_of(context) is not None


def active_of(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active object, also without a window."""
    return context.view_layer.objects.active


def selected_of(context: bpy.types.Context) -> set[bpy.types.Object]:
    """All that is selected, and the active object."""
    return {active_of(context), *context.view_layer.objects.selected} - {None}


def exact(shown: float, kept: float) -> float:
    """A number of double precision for one that Blender has shown in single precision."""
    return kept if abs(shown - kept) <= 1e-6 * abs(kept) else float(f"{shown:.6g}")
