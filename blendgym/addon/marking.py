"""Marking things of the open scene: parameters, motors that act, categories and keypoints."""

from __future__ import annotations

from typing import Any

import bpy
import msgspec

from blendgym.blender.marks.catalogue import is_motor, key_of, quantities_by_key, quantities_of
from blendgym.blender.marks.keeping import CATEGORY, keep_marks, marks_of, set_property
from blendgym.blender.marks.quantities import ANY, Quantity
from blendgym.blender.render.keypoints import PROPERTY as KEYPOINT
from blendgym.errors import InvalidMarks, InvalidParameter
from blendgym.marks import MarkedMotor, MarkedParameter, Marks
from blendgym.names import missing


def marked_parameter(scene: bpy.types.Scene, name: str) -> MarkedParameter:
    """The marked parameter of that name.

    Raises:
        InvalidMarks: If there is none.
    """
    known = {marked.name: marked for marked in marks_of(scene).parameters}
    if name not in known:
        raise InvalidMarks(missing("marked parameter", name, known))
    return known[name]


def mark_parameter(scene: bpy.types.Scene, quantity: Quantity, name: str = "", **changed: Any) -> MarkedParameter:
    """Marks a quantity as a parameter.

    Args:
        scene: That it is of.
        quantity: One of its catalogue.
        name: Of the parameter; empty for the one that is suggested.
        changed: What differs from the suggestion: ``low``, ``high``, ``prior``.

    Raises:
        InvalidMarks: If the name is taken, the same quantity is marked already, bounds are beyond what the quantity can
            be, or the scene is linked from another file.
    """
    marks, suggested = marks_of(scene), quantity.suggestion
    for other in marks.parameters:
        if key_of(other) == key_of(suggested):
            raise InvalidMarks(f"Parameter {other.name!r} changes this already. Change its bounds, or remove it.")
    made = _changed(suggested, quantity.range, name=name or suggested.name, **changed)
    _keep(scene, marks, parameters=(*marks.parameters, made))
    return made


def change_parameter(scene: bpy.types.Scene, name: str, **changed: Any) -> MarkedParameter:
    """Changes a marked parameter.

    Args:
        scene: In which it is marked.
        name: Of the parameter.
        changed: What of ``name``, ``low``, ``high``, ``prior`` and ``nominal`` becomes another.

    Raises:
        InvalidMarks: If there is no such parameter, or it cannot be like that; it stays as it is.
    """
    marked = marked_parameter(scene, name)
    quantity = quantities_by_key(scene).get(key_of(marked))
    made = _changed(marked, quantity.range if quantity else ANY, **changed)
    _replace(scene, name, [made])
    return made


def take_nominal(scene: bpy.types.Scene, name: str) -> MarkedParameter:
    """Gives a parameter the value of the scene as its nominal one, and bounds that hold it.

    Raises:
        InvalidMarks: If there is no such parameter, or what it changes is not there any more.
    """
    marked = marked_parameter(scene, name)
    quantity = quantities_by_key(scene).get(key_of(marked))
    if quantity is None:
        raise InvalidMarks(f"What parameter {name!r} changes is not there. Point it at another object, or remove it.")
    found = quantity.suggestion
    return change_parameter(scene, name, nominal=found.nominal, **_bounds(marked, found))


def remove_parameter(scene: bpy.types.Scene, name: str) -> None:
    """Takes the mark off a parameter.

    Raises:
        InvalidMarks: If there is no such parameter.
    """
    marked_parameter(scene, name)
    _replace(scene, name, [])


def move_parameter(scene: bpy.types.Scene, name: str, obj: bpy.types.Object) -> MarkedParameter:
    """Lets a parameter change another thing, such as the one that has been renamed. Its name stays.

    Args:
        scene: In which it is marked.
        name: Of the parameter.
        obj: What it is to change, or what shows the material that it is to change.

    Raises:
        InvalidMarks: If there is no such parameter, or the object has nothing that it could change.
    """
    marked = marked_parameter(scene, name)
    for quantity in quantities_of(obj):
        other = quantity.suggestion
        if _without_thing(other) == _without_thing(marked):
            kept = {"name": name, "prior": marked.prior, **_bounds(marked, other)}
            _replace(scene, name, [msgspec.structs.replace(other, **kept)])
            return marked_parameter(scene, name)
    raise InvalidMarks(f"Object {obj.name!r} has nothing that parameter {name!r} could change.")


def mark_motor(scene: bpy.types.Scene, obj: bpy.types.Object, drives: str, most: float) -> MarkedMotor:
    """Lets a motor act in the task that is made of the scene. One that is marked already is changed.

    Args:
        scene: Of the motor.
        obj: A rigid-body constraint of type Motor.
        drives: ``"force"`` along its x axis, or ``"torque"`` about it.
        most: Of the strongest action, in N or N·m.

    Raises:
        InvalidMarks: If it is no motor, does not drive that, or the number is not positive.
    """
    constraint = obj.rigid_body_constraint
    if not is_motor(obj):
        raise InvalidMarks(f"Object {obj.name!r} is no motor. Make one between two bodies first, and select it.")
    if not (constraint.use_motor_lin if drives == "force" else constraint.use_motor_ang):
        kind = "Linear" if drives == "force" else "Angular"
        raise InvalidMarks(f"Motor {obj.name!r} has no {drives}. Switch on Rigid Body Constraint > Motor > {kind}.")
    try:
        made = msgspec.convert({"name": obj.name, "drives": drives, "most": most}, MarkedMotor)
    except msgspec.ValidationError as error:
        raise InvalidMarks(f"{error}.") from None
    marks = marks_of(scene)
    others = [motor for motor in marks.motors if motor.name != obj.name]
    _keep(scene, marks, motors=(*others, made))
    return made


def remove_motor(scene: bpy.types.Scene, name: str) -> None:
    """Takes the mark off a motor; the motor itself stays.

    Raises:
        InvalidMarks: If none of that name is marked.
    """
    marks = marks_of(scene)
    left = tuple(motor for motor in marks.motors if motor.name != name)
    if left == marks.motors:
        raise InvalidMarks(missing("marked motor", name, (motor.name for motor in marks.motors)))
    _keep(scene, marks, motors=left)


def mark_category(obj: bpy.types.Object, category: str) -> None:
    """Says what annotations call an object; empty for its name without a number.

    Raises:
        InvalidMarks: If it is linked from another file.
    """
    set_property(obj, CATEGORY, category)


def mark_keypoint(obj: bpy.types.Object, is_keypoint: bool) -> None:
    """Says whether an empty marks a keypoint where it is.

    Raises:
        InvalidMarks: If it is no empty, or linked from another file.
    """
    if obj.type != "EMPTY":
        raise InvalidMarks(
            f"Object {obj.name!r} is no empty. Put an empty at the point and parent it to what it is on; a point of a "
            "mesh is a vertex group whose name begins with 'keypoint:'."
        )
    set_property(obj, KEYPOINT, is_keypoint)


def _changed(marked: MarkedParameter, range_: tuple[float, float], **changed: Any) -> MarkedParameter:
    try:
        made = msgspec.structs.replace(marked, **changed)
    except InvalidParameter as error:
        raise InvalidMarks(str(error)) from None
    if not range_[0] <= made.low < made.high <= range_[1]:
        raise InvalidMarks(
            f"Parameter {made.name!r} goes from {made.low:g} to {made.high:g} {made.unit}; what it changes can be from "
            f"{range_[0]:g} to {range_[1]:g}."
        )
    return made


def _replace(scene: bpy.types.Scene, name: str, by: list[MarkedParameter]) -> None:
    marks = marks_of(scene)
    place = [marked.name for marked in marks.parameters].index(name)
    _keep(scene, marks, parameters=(*marks.parameters[:place], *by, *marks.parameters[place + 1 :]))


def _keep(scene: bpy.types.Scene, marks: Marks, **changed: Any) -> None:
    try:
        keep_marks(scene, msgspec.structs.replace(marks, **changed))
    except (InvalidParameter, ValueError) as error:
        raise InvalidMarks(str(error)) from None


def _bounds(marked: MarkedParameter, other: MarkedParameter) -> dict[str, float]:
    """Those of a parameter, so far that they hold the nominal value of another."""
    return {"low": min(marked.low, other.nominal), "high": max(marked.high, other.nominal)}


def _without_thing(marked: MarkedParameter) -> tuple[str, dict[str, Any]]:
    kind, _ = marked.thing or ("", "")
    return marked.binding, {key: value for key, value in marked.of.items() if key not in (kind, "target")}
