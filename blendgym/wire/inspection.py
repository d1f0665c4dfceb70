"""What blendgym sees in a scene. Lengths are in m, masses in kg, angles in rad."""

from __future__ import annotations

import msgspec

Limits = dict[str, tuple[float, float]]
"""Least and greatest position along axes (``"lin_x"``) or about them (``"ang_z"``), as Blender calls them."""


class InspectedBody(msgspec.Struct, frozen=True):
    """A rigid body.

    Args:
        name: Of its object.
        kind: ``"active"``, which the physics moves; ``"animated"``, which keys or the task move; ``"passive"``.
        shape: Of what touches, as Blender calls it.
        mass: In kg.
        friction: Coulomb's coefficient.
        restitution: Share of the speed that is left after an impact.
    """

    name: str
    kind: str
    shape: str
    mass: float
    friction: float
    restitution: float


class InspectedJoint(msgspec.Struct, frozen=True):
    """A constraint that holds two bodies together.

    Args:
        name: Of its object.
        kind: As Blender calls it.
        parent: The body that carries the other.
        child: The other.
        limits: That it has.
    """

    name: str
    kind: str
    parent: str
    child: str
    limits: Limits


class InspectedMotor(msgspec.Struct, frozen=True):
    """What a task can drive.

    Args:
        name: Of its object.
        drives: Some of ``"force"`` and ``"torque"``.
        first: The body that feels the opposite.
        second: The body that is pushed along, or turned about, the x axis.
    """

    name: str
    drives: tuple[str, ...]
    first: str
    second: str


class InspectedCamera(msgspec.Struct, frozen=True):
    """A camera.

    Args:
        name: Of its object.
        lens: ``"persp"``, ``"ortho"`` or ``"pano"``.
        field_of_view: Horizontal angle of a perspective lens, in rad; ``None`` for others.
    """

    name: str
    lens: str
    field_of_view: float | None


class InspectedLight(msgspec.Struct, frozen=True):
    """A light.

    Args:
        name: Of its object.
        kind: As Blender calls it.
        strength: W/m² of a sun, W of any other.
    """

    name: str
    kind: str
    strength: float


class InspectedMaterial(msgspec.Struct, frozen=True):
    """A material.

    Args:
        name: Of it.
        objects: That have it.
        parameters: What a parameter of the kind ``Material`` can change of it.
        why_none: Why it can change nothing; empty if it can.
    """

    name: str
    objects: tuple[str, ...]
    parameters: tuple[str, ...]
    why_none: str


class Inspection(msgspec.Struct, frozen=True):
    """All that is seen in a scene.

    Args:
        scene: Its file or module.
        saved_by: Version of the Blender that has saved the file; empty for a module.
        blender: Version of the Blender that looks at it.
        bodies: Rigid bodies.
        joints: Constraints that hold them together.
        motors: What tasks can drive.
        cameras: Cameras.
        lights: Lights.
        materials: Materials.
        background: What can be said of the background: empty if parameters can change it.
        categories: Names of what segmentations show, by category.
        faults: What cannot be used and why, each with its cure.
    """

    scene: str
    saved_by: str
    blender: str
    bodies: tuple[InspectedBody, ...]
    joints: tuple[InspectedJoint, ...]
    motors: tuple[InspectedMotor, ...]
    cameras: tuple[InspectedCamera, ...]
    lights: tuple[InspectedLight, ...]
    materials: tuple[InspectedMaterial, ...]
    background: str
    categories: dict[str, tuple[str, ...]]
    faults: tuple[str, ...]
