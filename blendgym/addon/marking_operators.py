"""The buttons that mark: parameters, motors that act, categories and keypoints."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, StringProperty

from blendgym.addon.acting import Acting, Asking, OnActive, active_of, exact, properties, selected_of
from blendgym.addon.marking import (
    change_parameter,
    mark_category,
    mark_keypoint,
    mark_motor,
    mark_parameter,
    marked_parameter,
    move_parameter,
    remove_motor,
    remove_parameter,
    take_nominal,
)
from blendgym.blender.marks.catalogue import key_of, quantities_of, quantities_of_scene
from blendgym.blender.marks.quantities import Quantity
from blendgym.errors import InvalidMarks
from blendgym.marks import MarkedParameter
from blendgym.names import missing
from blendgym.parameters import LogUniform, Normal, Uniform

PRIORS = (
    ("UNIFORM", "Uniform", "All values alike"),
    ("LOG_UNIFORM", "Log-uniform", "All orders of magnitude alike; for positive scales, such as masses"),
    ("NORMAL", "Normal", "A normal distribution, cut off at the bounds"),
)
BOUNDS = {
    "low": FloatProperty(name="Low", description="Lowest value, in the unit of the parameter", precision=4),
    "high": FloatProperty(name="High", description="Highest value, in the unit of the parameter", precision=4),
    "prior": EnumProperty(name="Prior", items=PRIORS, description="How values are spread between the bounds"),
    "mean": FloatProperty(name="Mean", description="Of a normal prior, before it is cut off", precision=4),
    "deviation": FloatProperty(name="Deviation", description="Standard deviation of a normal prior", precision=4),
}

_menus: dict[str, list[tuple[str, str, str]]] = {}
"""What menus show. Blender does not keep the texts of dynamic menus, so they have to stay somewhere (4.5)."""


class Bounded(Asking):
    """A dialog for bounds and prior."""

    properties: Any
    layout: bpy.types.UILayout
    low: float
    high: float
    prior: str
    mean: float
    deviation: float

    def draw_bounds(self) -> None:
        """Draws them."""
        for name in ("low", "high", "prior", *(("mean", "deviation") if self.prior == "NORMAL" else ())):
            self.layout.prop(self, name)

    def chosen(self, marked: MarkedParameter) -> dict[str, Any]:
        """What has been set, for ``mark_parameter`` and ``change_parameter``; what a script leaves out stays."""
        is_set = self.properties.is_property_set
        changed: dict[str, Any] = {name: getattr(self, name) for name in ("low", "high") if is_set(name)}
        # Single precision of a value that was shown and has not been touched is the value.
        changed = {name: exact(value, getattr(marked, name)) for name, value in changed.items()}
        if is_set("prior"):
            normal = Normal(exact(self.mean, 0.0), exact(self.deviation, 0.0))
            changed["prior"] = {"UNIFORM": Uniform(), "LOG_UNIFORM": LogUniform(), "NORMAL": normal}[self.prior]
        return changed


def _show(operator: Any, marked: MarkedParameter) -> None:
    """Lets a dialog show the bounds and the prior of a parameter."""
    operator.low, operator.high = marked.low, marked.high
    operator.prior = {Uniform: "UNIFORM", LogUniform: "LOG_UNIFORM", Normal: "NORMAL"}[type(marked.prior)]
    around = Normal(marked.nominal, (marked.high - marked.low) / 4)
    normal = marked.prior if isinstance(marked.prior, Normal) else around
    operator.mean, operator.deviation = normal.mean, normal.standard_deviation


def _choices(operator: Any, context: bpy.types.Context) -> list[tuple[str, str, str]]:
    found = [(key, each.label, each.suggestion.name) for key, each in _quantities(operator, context).items()]
    _menus["quantity"] = found or [("", "Nothing", "It has no rigid body, joint, light, camera or plain material")]
    return _menus["quantity"]


def _quantities(operator: Any, context: bpy.types.Context) -> dict[str, Quantity]:
    obj = active_of(context)
    found = quantities_of_scene(context.scene) if operator.of_scene or obj is None else quantities_of(obj)
    return {key_of(quantity.suggestion): quantity for quantity in found}


def _show_suggestion(operator: Any, context: bpy.types.Context) -> None:
    quantity = _quantities(operator, context).get(operator.quantity)
    if quantity and operator.is_asked:  # What a script says stays.
        operator.name = quantity.suggestion.name
        _show(operator, quantity.suggestion)


@properties(
    of_scene=BoolProperty(name="Of the scene", description="Gravity and sky", options={"HIDDEN"}),
    quantity=EnumProperty(name="What", items=_choices, update=_show_suggestion, description="What differs"),
    name=StringProperty(name="Name", description="Of the parameter, such as cart.mass"),
    is_asked=BoolProperty(options={"HIDDEN", "SKIP_SAVE"}),
    **BOUNDS,
)
class MarkParameter(Bounded, bpy.types.Operator):
    """Marks what may differ between episodes."""

    bl_idname = "blendgym.mark_parameter"
    bl_label = "Mark a Parameter"
    quantity: str
    name: str
    is_asked: bool

    def suggest(self, context: bpy.types.Context) -> None:
        """Shows the first quantity."""
        self.is_asked = True
        _show_suggestion(self, context)

    def draw(self, context: bpy.types.Context) -> None:  # noqa: ARG002 (Blender's signature)
        """Draws the dialog."""
        self.layout.prop(self, "quantity")
        self.layout.prop(self, "name")
        self.draw_bounds()

    def act(self, context: bpy.types.Context) -> None:
        """Marks it."""
        known = _quantities(self, context)
        if self.quantity not in known:
            raise InvalidMarks(missing("quantity", self.quantity, known, "What is selected"))
        quantity = known[self.quantity]
        mark_parameter(context.scene, quantity, self.name, **self.chosen(quantity.suggestion))


@properties(name=StringProperty(options={"HIDDEN"}), **BOUNDS)
class ChangeParameter(Bounded, bpy.types.Operator):
    """Changes the bounds or the prior of a marked parameter."""

    bl_idname = "blendgym.change_parameter"
    bl_label = "Change the Parameter"
    name: str

    def suggest(self, context: bpy.types.Context) -> None:
        """Shows it as it is."""
        _show(self, marked_parameter(context.scene, self.name))

    def draw(self, context: bpy.types.Context) -> None:  # noqa: ARG002 (Blender's signature)
        """Draws the dialog."""
        self.draw_bounds()

    def act(self, context: bpy.types.Context) -> None:
        """Changes it."""
        change_parameter(context.scene, self.name, **self.chosen(marked_parameter(context.scene, self.name)))


@properties(name=StringProperty(options={"HIDDEN"}))
class RemoveParameter(Acting, bpy.types.Operator):
    """Takes the mark off this parameter."""

    bl_idname = "blendgym.remove_parameter"
    bl_label = "Remove the Parameter"
    name: str

    def act(self, context: bpy.types.Context) -> None:
        """Removes it."""
        remove_parameter(context.scene, self.name)


@properties(name=StringProperty(options={"HIDDEN"}))
class MoveParameter(OnActive, bpy.types.Operator):
    """Lets the parameter change the active object, such as one that has been renamed."""

    bl_idname = "blendgym.move_parameter"
    bl_label = "Point at the Active Object"
    name: str

    def act(self, context: bpy.types.Context) -> None:
        """Points at it."""
        move_parameter(context.scene, self.name, active_of(context))


@properties(name=StringProperty(options={"HIDDEN"}))
class TakeNominal(Acting, bpy.types.Operator):
    """Takes the value that the scene has as the nominal one."""

    bl_idname = "blendgym.take_nominal"
    bl_label = "Take the Value of the Scene"
    name: str

    def act(self, context: bpy.types.Context) -> None:
        """Takes it."""
        take_nominal(context.scene, self.name)


@properties(
    drives=EnumProperty(
        name="Drives", items=(("force", "Force", "Along its x axis, in N"), ("torque", "Torque", "About it, in N·m"))
    ),
    most=FloatProperty(name="At most", description="Of the strongest action, in N or N·m", default=1.0, min=0.0),
)
class MarkMotor(OnActive, Asking, bpy.types.Operator):
    """Lets the active motor act in the task that is made of the scene."""

    bl_idname = "blendgym.mark_motor"
    bl_label = "Let it Act"
    drives: str
    most: float

    def act(self, context: bpy.types.Context) -> None:
        """Marks it."""
        mark_motor(context.scene, active_of(context), self.drives, exact(self.most, 1.0))


@properties(name=StringProperty(options={"HIDDEN"}))
class RemoveMotor(Acting, bpy.types.Operator):
    """Takes the mark off this motor, which itself stays."""

    bl_idname = "blendgym.remove_motor"
    bl_label = "Let it Rest"
    name: str

    def act(self, context: bpy.types.Context) -> None:
        """Removes it."""
        remove_motor(context.scene, self.name)


@properties(category=StringProperty(name="Category", description="Empty for the name of the object without a number"))
class MarkCategory(OnActive, Asking, bpy.types.Operator):
    """Says what segmentations and boxes call the selected objects."""

    bl_idname = "blendgym.mark_category"
    bl_label = "Category"
    category: str

    def act(self, context: bpy.types.Context) -> None:
        """Marks all that is selected."""
        for obj in selected_of(context):
            mark_category(obj, self.category)


@properties(is_keypoint=BoolProperty(name="Keypoint", default=True))
class MarkKeypoint(OnActive, bpy.types.Operator):
    """Says whether the active empty marks a keypoint where it is."""

    bl_idname = "blendgym.mark_keypoint"
    bl_label = "Keypoint"
    is_keypoint: bool

    def act(self, context: bpy.types.Context) -> None:
        """Marks it."""
        mark_keypoint(active_of(context), self.is_keypoint)


MARKING_OPERATORS = (
    MarkParameter,
    ChangeParameter,
    RemoveParameter,
    MoveParameter,
    TakeNominal,
    MarkMotor,
    RemoveMotor,
    MarkCategory,
    MarkKeypoint,
)
