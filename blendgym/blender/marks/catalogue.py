"""What of a scene can be marked as a parameter: its quantities, as they are and within which bounds they make sense."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from itertools import chain
from typing import Any

import bpy
import numpy as np
from mathutils import Vector

from blendgym.blender.looks.cameras import CameraLens, CameraPose
from blendgym.blender.looks.lights import LightColour, LightDirection, LightStrength
from blendgym.blender.looks.materials import MaterialColour, MaterialRoughness, require_plain
from blendgym.blender.looks.sky import Sky
from blendgym.blender.marks.quantities import (
    ANY,
    SHARE,
    Quantity,
    angle,
    around,
    imaging,
    scaled,
    share,
    suggested,
)
from blendgym.blender.physics.joint import LIMITED
from blendgym.blender.physics.shapes import vertices
from blendgym.errors import SceneError
from blendgym.marks import MarkedParameter
from blendgym.parameters import TEXTURES

SPRINGS = dict.fromkeys("xyz", "N/m") | {f"ang_{axis}": "N·m/rad" for axis in "xyz"}
"""Units of stiffnesses, by axis."""

LENSES = {"k1": 0.2, "k2": 0.1, "p1": 0.01, "p2": 0.01, "k3": 0.05}
"""Coefficients of distortion, and how far from 0 they are at first."""


def quantities_of(obj: bpy.types.Object) -> list[Quantity]:
    """All that can be marked of an object: of its body, joint, light or camera, and of the materials that it shows."""
    makers = (_of_body, _of_joint, _of_light, _of_camera, _of_materials)
    return [quantity for maker in makers for quantity in maker(obj)]


def is_motor(obj: bpy.types.Object) -> bool:
    """Whether an object is a motor, which can be marked to act."""
    return obj.rigid_body_constraint is not None and obj.rigid_body_constraint.type == "MOTOR"


def quantities_of_scene(scene: bpy.types.Scene) -> list[Quantity]:
    """All that can be marked of the scene itself: gravity and sky."""
    return [*_of_gravity(scene), *_of_sky(scene)]


def quantities_by_key(scene: bpy.types.Scene) -> dict[str, Quantity]:
    """All that can be marked in a scene, once each by its ``key_of``: what several objects show has one material."""
    found = chain(quantities_of_scene(scene), *map(quantities_of, scene.objects))
    return {key_of(quantity.suggestion): quantity for quantity in found}


def key_of(marked: MarkedParameter) -> str:
    """What a parameter changes, as a text; the point at which a camera looks is not what it changes."""
    return " ".join([marked.binding, *(str(value) for name, value in marked.of.items() if name != "target")])


def _of_body(obj: bpy.types.Object) -> Iterator[Quantity]:
    body = obj.rigid_body
    if body is None:
        return
    of = {"body": obj.name}
    if body.type == "ACTIVE":
        yield scaled("Mass", of, "mass", "kg", body.mass)
    yield share("Friction", of, "friction", body.friction, (0.0, math.inf))
    yield share("Restitution", of, "restitution", body.restitution)
    if body.type == "ACTIVE":
        yield share("LinearDamping", of, "linear_damping", body.linear_damping)
        yield share("AngularDamping", of, "angular_damping", body.angular_damping)
    if obj.type == "MESH" and len(obj.data.vertices):
        for axis, length in zip("xyz", _extents(obj), strict=True):
            if length > 0:
                yield scaled("Length", {**of, "axis": axis}, f"length_{axis}", "m", length, f"Length along {axis}")


def _of_joint(obj: bpy.types.Object) -> Iterator[Quantity]:
    constraint = obj.rigid_body_constraint
    if constraint is None:
        return
    if constraint.type in LIMITED:
        yield from _of_axis(obj.name, constraint)
    if constraint.type == "GENERIC_SPRING":
        for axis, unit in SPRINGS.items():
            if getattr(constraint, f"use_spring_{axis}"):
                of, stiffness = {"joint": obj.name, "axis": axis}, getattr(constraint, f"spring_stiffness_{axis}")
                yield scaled("SpringStiffness", of, f"stiffness_{axis}", unit, stiffness, f"Spring stiffness, {axis}")


def _of_axis(name: str, constraint: bpy.types.RigidBodyConstraint) -> Iterator[Quantity]:
    of, is_hinge, axis = {"joint": name}, constraint.type == "HINGE", LIMITED[constraint.type]
    if not any(map(_is_damped, (constraint.object1, constraint.object2))):  # Or it would not be 0 as built.
        yield share("JointDamping", of, "damping", 0.0, (0.0, math.inf), "N·m·s/rad" if is_hinge else "N·s/m")
    if getattr(constraint, f"use_limit_{axis}"):
        for side in ("lower", "upper"):
            limit = getattr(constraint, f"limit_{axis}_{side}")
            reach = max(abs(limit) / 4, 0.01)
            yield around(f"{side.title()}Limit", of, f"{side}_limit", "rad" if is_hinge else "m", limit, reach)


def _of_light(obj: bpy.types.Object) -> Iterator[Quantity]:
    if obj.type != "LIGHT":
        return
    light, name = obj.data, obj.name

    def of(number: str) -> dict[str, Any]:
        return {"light": name, "number": number}

    strength = LightStrength(light).read("strength")
    yield scaled("Light", of("strength"), "strength", "W/m²" if light.type == "SUN" else "W", strength, "Strength")
    with contextlib.suppress(SceneError):
        kelvin = LightColour(light, name).read("temperature")
        yield scaled("Light", of("temperature"), "temperature", "K", kelvin, "Temperature", (2000.0, 25000.0))
    if light.type in ("SUN", "SPOT"):
        direction = LightDirection(obj)
        for number, reach in (("elevation", math.pi / 2), ("azimuth", math.tau)):
            yield angle("Light", of(number), number, direction, 0.5, (-reach, reach))


def _of_camera(obj: bpy.types.Object) -> Iterator[Quantity]:
    if obj.type != "CAMERA":
        return
    name, of = obj.name, {"camera": obj.name}
    with contextlib.suppress(SceneError):
        target = _looked_at(obj)
        pose = CameraPose(obj, target, name)

        def at(number: str) -> dict[str, Any]:
            return {**of, "number": number, "target": list(target)}

        yield scaled("Camera", at("distance"), "distance", "m", pose.read("distance"), "Distance from what it sees")
        yield around("Camera", at("height"), "height", "m", pose.read("height"), 0.5, label="Height", visual=True)
        for number in ("azimuth", "pan", "tilt", "roll"):
            yield angle("Camera", at(number), number, pose, 0.3 if number == "azimuth" else 0.1)
    if obj.data.type == "PERSP":
        seen_angle = CameraLens(obj.data).read("field_of_view")
        seen = {**of, "number": "field_of_view"}
        yield scaled("Camera", seen, "field_of_view", "rad", seen_angle, "Field of view", (0.01, 3.0), spread=1.2)
        for number, reach in LENSES.items():
            lens = {**of, "number": number}
            yield imaging("Lens", lens, f"Distortion {number}", 0.0, (-reach, reach), ANY)
    for kind, number, label, nominal, bounds, allowed in IMAGING:
        yield imaging(kind, {**of, "number": number}, label, nominal, bounds, allowed)


IMAGING = (
    ("Lens", "vignetting", "Vignetting", 0.0, (0.0, 1.0), (0.0, math.inf)),
    ("Lens", "blur", "Blur", 0.0, (0.0, 0.01), (0.0, 0.1)),
    ("Sensor", "exposure", "Exposure", 0.0, (-1.0, 1.0), (-32.0, 32.0)),
    ("Sensor", "shot_noise", "Noise of light", 0.0, (0.0, 0.05), (0.0, math.inf)),
    ("Sensor", "read_noise", "Noise in the dark", 0.0, (0.0, 0.02), (0.0, math.inf)),
    ("Sensor", "red_gain", "White balance, red", 1.0, (0.8, 1.25), (0.0, math.inf)),
    ("Sensor", "blue_gain", "White balance, blue", 1.0, (0.8, 1.25), (0.0, math.inf)),
    ("Sensor", "gamma", "Gamma", 1.0, (0.8, 1.25), (0.1, 10.0)),
    ("Sensor", "jpeg_quality", "Quality of JPEG", 100.0, (30.0, 100.0), (1.0, 100.0)),
)
"""What an ideal camera does not do: binding, number, label, nominal value, first bounds, and what is allowed."""


def _of_materials(obj: bpy.types.Object) -> Iterator[Quantity]:
    for material in {slot.material: None for slot in obj.material_slots if slot.material}:
        try:
            require_plain(material, material.name)
        except SceneError:
            continue
        yield from _of_material(material)


def _of_material(material: bpy.types.Material) -> Iterator[Quantity]:
    def of(number: str) -> dict[str, Any]:
        return {"material": material.name, "number": number}

    colour, label = MaterialColour(material), f"{material.name}: "
    if colour.read("saturation") > 0:
        yield angle("Material", of("hue"), "hue", colour, 0.5, (-math.tau, 2 * math.tau), f"{label}hue")
    for number in ("saturation", "brightness"):
        yield share("Material", of(number), number, colour.read(number), SHARE, label=f"{label}{number}", visual=True)
    roughness = MaterialRoughness(material).read("roughness")
    yield share("Material", of("roughness"), "roughness", roughness, label=f"{label}roughness", visual=True)
    last = float(len(TEXTURES) - 1)
    texture = suggested(
        "Material", of("texture"), "texture", "1", 0.0, (0.0, last), "visual", kind="categorical", choices=TEXTURES
    )
    yield Quantity(f"{label}texture", texture, (0.0, last))


def _of_gravity(scene: bpy.types.Scene) -> Iterator[Quantity]:
    if scene.use_gravity and scene.gravity.z < 0:
        yield scaled("Gravity", {}, "gravity", "m/s²", -scene.gravity.z, spread=1.2)


def _of_sky(scene: bpy.types.Scene) -> Iterator[Quantity]:
    with contextlib.suppress(SceneError):
        sky = Sky(scene.world)
        yield scaled("Sky", {"number": "strength"}, "strength", "1", sky.read("strength"), "Strength of the sky")
        if sky.read("saturation") > 0:
            yield angle("Sky", {"number": "hue"}, "hue", sky, 0.5, (-math.tau, 2 * math.tau), "Hue of the sky")
        saturation, label = sky.read("saturation"), "Saturation of the sky"
        yield share("Sky", {"number": "saturation"}, "saturation", saturation, label=label, visual=True)


def _extents(obj: bpy.types.Object) -> list[float]:
    corners = vertices(obj.data) * np.array(obj.matrix_world.to_scale())
    return [float(length) for length in np.ptp(corners, axis=0)]


def _is_damped(end: bpy.types.Object | None) -> bool:
    body = end and end.rigid_body
    return bool(body and (body.linear_damping or body.angular_damping))


def _looked_at(camera: bpy.types.Object) -> tuple[float, float, float]:
    """The point in a camera's line of sight that is nearest to the origin, or a metre ahead."""
    place, sight = camera.matrix_basis.to_translation(), -camera.matrix_basis.to_3x3().col[2].normalized()
    x, y, z = place + sight * max(Vector(-place) @ sight, 1.0)
    return round(x, 4) + 0.0, round(y, 4) + 0.0, round(z, 4) + 0.0  # Without minus zero.
