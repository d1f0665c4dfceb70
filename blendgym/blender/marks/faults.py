"""What is wrong with the marks of a scene: things that are gone, or are not what was marked any more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import bpy

from blendgym.blender.marks.catalogue import is_motor, key_of, quantities_by_key
from blendgym.blender.marks.keeping import marks_of
from blendgym.blender.marks.quantities import Quantity
from blendgym.errors import InvalidMarks
from blendgym.marks import MarkedMotor, MarkedParameter, Marks
from blendgym.names import did_you_mean

DAMPINGS = {"SLIDER": "LinearDamping", "HINGE": "AngularDamping"}
"""What of a body that hangs on a joint damps it."""

NEARLY = 5e-4
"""Relative: as near as the nominal value of a look has to be to what was built."""


def faults_of_marks(scene: bpy.types.Scene) -> Iterator[str]:
    """What is wrong with the marks of a scene as it is drawn, each with its cure."""
    try:
        marks = marks_of(scene)
    except InvalidMarks as error:
        yield str(error)
        return
    if marks == Marks():
        return
    yield from _same_names(scene)
    known = quantities_by_key(scene)
    for marked in marks.parameters:
        yield from _of_parameter(scene, marked, known.get(key_of(marked)))
    yield from _damped_twice(scene, marks.parameters)
    for motor in marks.motors:
        yield from _of_motor(scene, motor)


def _of_parameter(scene: bpy.types.Scene, marked: MarkedParameter, found: Quantity | None) -> Iterator[str]:
    value = found and found.suggestion.nominal
    if value is None:
        yield _why_missing(scene, marked)
    elif not math.isclose(value, marked.nominal, rel_tol=NEARLY, abs_tol=1e-6):
        whose = f" of {marked.thing[1]!r}" if marked.thing else ""
        yield (
            f"Parameter {marked.name!r}{whose} has the nominal value {marked.nominal:g} {marked.unit}, but the scene "
            f"has {value:g}; environments begin with the former. Take the value of the scene, or change the scene."
        )


def _why_missing(scene: bpy.types.Scene, marked: MarkedParameter) -> str:
    kind, name = marked.thing or ("scene", scene.name)
    known = [material.name for material in bpy.data.materials] if kind == "material" else list(scene.objects.keys())
    if kind != "scene" and name not in known:
        return (
            f"Parameter {marked.name!r} changes the {kind} {name!r}, which is not there: renamed, or deleted."
            f"{did_you_mean(name, known)} Select what it is to change and point the parameter at it, or remove it."
        )
    number = marked.of.get("number") or marked.of.get("axis") or ""
    return (
        f"Parameter {marked.name!r} changes {f'{marked.binding} {number}'.strip()} of {name!r}, which that has not any "
        "more. Give it back, or remove the parameter."
    )


def _damped_twice(scene: bpy.types.Scene, parameters: Iterable[MarkedParameter]) -> Iterator[str]:
    """Blender has no damping of joints: that of the body which hangs on one takes its place."""
    dampings = {(each.binding, each.of["body"]): each.name for each in parameters if each.binding in DAMPINGS.values()}
    for marked in parameters:
        joint = scene.objects.get(marked.of["joint"]) if marked.binding == "JointDamping" else None
        constraint = joint and joint.rigid_body_constraint
        if constraint is None or constraint.type not in DAMPINGS:
            continue
        for end in filter(None, (constraint.object1, constraint.object2)):
            if other := dampings.get((DAMPINGS[constraint.type], end.name)):
                yield (
                    f"Parameters {marked.name!r} and {other!r} set the same number of Blender, the damping of "
                    f"{end.name!r}, so only one of them can be in effect. Remove the other."
                )


def _of_motor(scene: bpy.types.Scene, motor: MarkedMotor) -> Iterator[str]:
    obj = scene.objects.get(motor.name)
    motors = [each.name for each in scene.objects if is_motor(each)]
    if obj is None or not is_motor(obj):
        yield (
            f"Motor {motor.name!r} is to act, but the scene has no such motor.{did_you_mean(motor.name, motors)} Mark "
            "the one that is meant, or take the mark off."
        )


def _same_names(scene: bpy.types.Scene) -> Iterator[str]:
    """Blender tells things of different files apart by their files; environments know them by their names."""
    local = {obj.name for obj in scene.objects if not obj.library}
    for obj in scene.objects:
        if obj.library and obj.name in local:
            yield (
                f"Two objects are called {obj.name!r}; the one that is linked from {obj.library.filepath} gets a "
                "number when the file is loaded, and marks are about the other. Rename one of them."
            )
