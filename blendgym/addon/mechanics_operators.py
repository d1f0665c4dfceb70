"""The buttons that make bodies, joints and motors."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty

from blendgym.addon.acting import Asking, OnActive, active_of, exact, properties, selected_of
from blendgym.addon.marking import mark_motor
from blendgym.addon.mechanics import make_body, make_joint, make_motor
from blendgym.errors import InvalidMarks

SHAPES = tuple(
    (shape, shape.replace("_", " ").title(), "")
    for shape in ("BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE", "CONVEX_HULL", "MESH", "COMPOUND")
)
JOINTS = (
    ("HINGE", "Hinge", "Turns about an axis"),
    ("SLIDER", "Slider", "Slides along an axis"),
    ("FIXED", "Weld", "Holds both together"),
    ("POINT", "Ball joint", "Turns about a point"),
)
PLACED = {
    "axis": EnumProperty(name="Axis", items=[(axis, axis, "") for axis in "XYZ"], description="Of the world"),
    "at_cursor": BoolProperty(name="At the 3D cursor", description="Or else at the origin of the active object"),
}


@properties(
    shape=EnumProperty(name="Shape", items=SHAPES, description="Of what touches"),
    moves=BoolProperty(name="Moves", default=True, description="Whether the physics moves it"),
    mass=FloatProperty(name="Mass / kg", default=1.0, min=0.001),
)
class MakeBody(OnActive, Asking, bpy.types.Operator):
    """Makes the selected meshes rigid bodies."""

    bl_idname = "blendgym.make_body"
    bl_label = "Make a Body"
    shape: Any
    moves: bool
    mass: float

    def act(self, context: bpy.types.Context) -> None:
        """Makes all of them bodies."""
        mass = exact(self.mass, 1.0) if self.moves else None
        for obj in selected_of(context):
            make_body(context.scene, obj, self.shape, mass)


@properties(kind=EnumProperty(name="Kind", items=JOINTS), **PLACED)
class MakeJoint(OnActive, Asking, bpy.types.Operator):
    """Joins two bodies: the active one hangs on the other that is selected."""

    bl_idname = "blendgym.make_joint"
    bl_label = "Join Two Bodies"
    kind: Any
    axis: Any
    at_cursor: bool

    def act(self, context: bpy.types.Context) -> None:
        """Joins them."""
        make_joint(context.scene, self.kind, _ends(context), self.axis, _place(context, self.at_cursor))


@properties(
    drives=EnumProperty(name="Drives", items=(("force", "Force", "Along the axis"), ("torque", "Torque", "About it"))),
    most=FloatProperty(name="At most", description="Of the strongest action, in N or N·m", default=1.0, min=0.0),
    **PLACED,
)
class MakeMotor(OnActive, Asking, bpy.types.Operator):
    """Drives the active body against the other that is selected, and lets this act in the task."""

    bl_idname = "blendgym.make_motor"
    bl_label = "Put a Motor Between"
    drives: Any
    most: float
    axis: Any
    at_cursor: bool

    def act(self, context: bpy.types.Context) -> None:
        """Makes and marks it."""
        place = _place(context, self.at_cursor)
        made = make_motor(context.scene, _ends(context), self.drives, self.axis, place)
        mark_motor(context.scene, made, self.drives, exact(self.most, 1.0))


def _ends(context: bpy.types.Context) -> tuple[bpy.types.Object, bpy.types.Object]:
    """What carries, and what hangs on it.

    Raises:
        InvalidMarks: If not exactly two objects are selected, one of them active.
    """
    active, selected = active_of(context), list(context.view_layer.objects.selected)
    others = [obj for obj in selected if obj != active]
    if active not in selected or len(others) != 1:
        raise InvalidMarks(
            f"{len(selected)} objects are selected. Select two bodies: first what carries, then, with Shift, what "
            "hangs on it."
        )
    return others[0], active


def _place(context: bpy.types.Context, at_cursor: bool) -> tuple[float, float, float]:
    _, active = _ends(context)
    x, y, z = context.scene.cursor.location if at_cursor else active.matrix_world.translation
    return x, y, z


MECHANICS_OPERATORS = (MakeBody, MakeJoint, MakeMotor)
