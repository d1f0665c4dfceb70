"""Looking into a scene: what blendgym sees in it, and what it cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import bpy

from blendgym.blender.image_files import faults_of_images
from blendgym.blender.looks.materials import require_plain
from blendgym.blender.looks.sky import Sky
from blendgym.blender.marks.faults import faults_of_marks
from blendgym.blender.physics.assembly import AXIS_JOINTS, Assembly
from blendgym.blender.physics.body import Body
from blendgym.blender.physics.clock import Clock
from blendgym.blender.physics.joint import LIMITED, Joint
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.tree import Trees
from blendgym.blender.render.instances import Instances
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.faults import Faults
from blendgym.parameters.visual_bindings import Material
from blendgym.task import Task
from blendgym.wire.inspection import (
    InspectedBody,
    InspectedCamera,
    InspectedJoint,
    InspectedLight,
    InspectedMaterial,
    InspectedMotor,
    Inspection,
    Limits,
)

ANY_RATE = 50.0  # Hz; nothing is simulated
ANY_SUBSTEPS = 10
ALL_AXES = [f"{motion}_{axis}" for motion in ("lin", "ang") for axis in "xyz"]
NOBODY: Any = None
"""Who knows where bodies are, where nothing moves."""


def inspect(loaded: LoadedScene, source: str) -> Inspection:
    """All that is seen in a scene, which cannot be simulated afterwards.

    Args:
        loaded: The scene.
        source: Its file, or the name of its module.
    """
    # Of how it was built: taking the physics over changes objects.
    cameras = tuple(_camera(name, obj.data) for name, obj in loaded.of_type("CAMERA").items())
    lights = tuple(
        InspectedLight(name, obj.data.type.lower(), obj.data.energy) for name, obj in loaded.of_type("LIGHT").items()
    )
    faults = Faults("The scene", SceneError)
    left_out, untrusted = _left_out(loaded), _untrusted(loaded)
    seen = left_out, faults_of_images(loaded), _without_camera(cameras), untrusted, faults_of_marks(loaded.scene)
    for fault in chain.from_iterable(seen):
        faults.add(fault)
    materials, categories = _materials(loaded), _categories(loaded)
    loaded.updated_depsgraph()
    assembly = Assembly(loaded, NOBODY, faults)
    assembly.take_over(Clock(loaded.scene, loaded.first_frame, ANY_RATE, ANY_SUBSTEPS), faults)
    Trees(assembly.bodies.values(), assembly.joints.values())  # Says which body carries which.
    return Inspection(
        scene=source,
        saved_by=".".join(map(str, bpy.data.version[:2])) if source.endswith(".blend") else "",
        blender=bpy.app.version_string,
        bodies=tuple(map(_body, assembly.bodies.values())),
        joints=tuple(map(_joint, assembly.joints.values())),
        motors=tuple(map(_motor, assembly.motors.values())),
        cameras=cameras,
        lights=lights,
        materials=materials,
        background=_background(loaded.scene.world),
        categories=categories,
        faults=faults.found,
    )


def _body(body: Body) -> InspectedBody:
    kind = "active" if body.is_free else "animated" if body.is_kinematic or body.is_animated else "passive"
    shape = str(body.object.rigid_body.collision_shape).lower()
    return InspectedBody(body.name, kind, shape, body.mass, body.friction, body.restitution)


def _joint(joint: Joint) -> InspectedJoint:
    return InspectedJoint(joint.name, joint.kind.lower(), joint.parent.name, joint.child.name, _limits(joint))


def _limits(joint: Joint) -> Limits:
    constraint = bpy.data.objects[joint.name].rigid_body_constraint
    if joint.kind in ("FIXED", "POINT"):
        return {}
    axes = [LIMITED[joint.kind]] if joint.kind in AXIS_JOINTS else ALL_AXES
    return {
        axis: (getattr(constraint, f"limit_{axis}_lower"), getattr(constraint, f"limit_{axis}_upper"))
        for axis in axes
        if getattr(constraint, f"use_limit_{axis}")
    }


def _motor(motor: Motor) -> InspectedMotor:
    constraint = bpy.data.objects[motor.name].rigid_body_constraint
    switches = {"force": constraint.use_motor_lin, "torque": constraint.use_motor_ang}
    drives = tuple(name for name, is_on in switches.items() if is_on)
    return InspectedMotor(motor.name, drives, motor.base.name, motor.child.name)


def _camera(name: str, lens: bpy.types.Camera) -> InspectedCamera:
    return InspectedCamera(name, lens.type.lower(), lens.angle_x if lens.type == "PERSP" else None)


def _materials(loaded: LoadedScene) -> tuple[InspectedMaterial, ...]:
    users: dict[str, dict[str, None]] = {name: {} for name in loaded.materials}
    for name, obj in loaded.objects.items():
        for slot in filter(lambda each: each.material, obj.material_slots):
            users[slot.material.name][name] = None
    return tuple(_material(name, tuple(users[name]), material) for name, material in loaded.materials.items())


def _material(name: str, users: tuple[str, ...], material: bpy.types.Material) -> InspectedMaterial:
    try:
        require_plain(material, name)
    except SceneError as error:
        return InspectedMaterial(name, users, (), str(error))
    return InspectedMaterial(name, users, tuple(Material.numbers), "")


def _background(world: bpy.types.World | None) -> str:
    try:
        Sky(world)
    except SceneError as error:
        return str(error)
    return ""


def _categories(loaded: LoadedScene) -> dict[str, tuple[str, ...]]:
    categories: dict[str, list[str]] = {}
    for entry in Instances(loaded).entries():
        categories.setdefault(entry.category, []).append(entry.name)
    return {name: tuple(categories[name]) for name in sorted(categories)}


def _without_camera(cameras: tuple[InspectedCamera, ...]) -> Iterator[str]:
    if not cameras:
        yield "The scene has no camera, so there will be no pictures. Add one, and call it 'Camera'."
    elif not any(camera.name == Task.camera for camera in cameras):
        first = cameras[0].name
        yield f"No camera is called {Task.camera!r}. Name the one to look through in the task: camera = {first!r}."


def _left_out(loaded: LoadedScene) -> Iterator[str]:
    """Physics that objects have, and that does not take part."""
    physics = loaded.scene.rigidbody_world
    for kind, collection in (("rigid_body", "collection"), ("rigid_body_constraint", "constraints")):
        members = getattr(physics, collection, None)
        taking_part = set(members.all_objects) if members else set()
        for name, obj in loaded.objects.items():
            if getattr(obj, kind) and obj not in taking_part:
                yield (
                    f"Object {name!r} has a {kind.replace('_', ' ')}, but the scene's rigid-body world does not have "
                    "it. Remove it and add it again (Physics), or put it into that collection (Scene > Rigid Body "
                    "World > Settings)."
                )
    constraints = getattr(physics, "constraints", None)
    for obj in constraints.all_objects if constraints else ():
        if obj.rigid_body_constraint and not obj.rigid_body_constraint.enabled:
            yield f"Rigid-body constraint {loaded.name_of(obj)!r} is switched off. Switch on Enabled if it is to hold."


def _untrusted(loaded: LoadedScene) -> Iterator[str]:
    """What would run only where files are trusted."""
    scripts = [text.name for text in bpy.data.texts if text.use_module]
    driven = [
        name
        for name, obj in loaded.objects.items()
        if obj.animation_data and any(curve.driver.type == "SCRIPTED" for curve in obj.animation_data.drivers)
    ]
    for kind, names in (("Scripts", scripts), ("Scripted drivers of", driven)):
        if names:
            yield f"{kind} {', '.join(names)} do not run. If you trust the file, make environments with trust=True."
