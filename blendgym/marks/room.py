"""A room of a marked scene: the task, or the scenario if nothing acts in it, that declares what is marked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from blendgym.errors import InvalidMarks
from blendgym.marks.marks import Marks
from blendgym.scaffold import check_new, new_folder, write_files
from blendgym.wire.inspection import InspectedJoint, Inspection

SPREAD = 0.1
"""In rad or m: how far from where it was drawn a joint begins."""


def write_room(
    folder: Path, marks: Marks, inspect: Callable[[], Inspection], save_scene: Callable[[Path], None]
) -> list[Path]:
    """Writes a room that runs at once. Nothing is overwritten, and what fails leaves nothing behind.

    Args:
        folder: The new folder, whose name is that of the package, such as ``my_env``.
        marks: Of the scene.
        inspect: Looks into the scene.
        save_scene: Saves the scene to a file.

    Returns:
        The files of the room.

    Raises:
        InvalidOption: If a package cannot be called so, or the folder exists.
        InvalidMarks: If a motor that is to act is not there, or the scene has no camera to look through.
    """
    check_new(folder)
    inspection = inspect()
    facts = {**_mechanics(inspection, marks), 'camera = "Camera"': f"camera = {_camera(inspection)!r}"}
    parts = ["every", "marked", "acting", "marked_task"]
    if not marks.motors:
        parts = ["every", "marked", "marked_scenario"]
        facts["CONFORMANCE_CHECKS"] = "SCENARIO_CHECKS"
    with new_folder(folder):
        save_scene(folder / "scene.blend")
        return [folder / "scene.blend", *write_files(folder, parts, facts)]


def _camera(inspection: Inspection) -> str:
    names = [camera.name for camera in inspection.cameras]
    if not names:
        raise InvalidMarks("The scene has no camera, so there would be no pictures. Add one, and write the room again.")
    return "Camera" if "Camera" in names else names[0]


def _mechanics(inspection: Inspection, marks: Marks) -> dict[str, str]:
    """What of the template differs: its lines, and what takes their place."""
    known = {motor.name: motor.drives for motor in inspection.motors}
    for motor in marks.motors:
        if motor.drives not in known.get(motor.name, ()):
            raise InvalidMarks(
                f"Motor {motor.name!r} is to act by a {motor.drives}, which the scene has not. Mark another motor, or "
                "take the mark off."
            )
    joints = {joint.name: joint for joint in inspection.joints if joint.kind in ("hinge", "slider")}
    carried = {joint.child for joint in joints.values()}
    bodies = tuple(body.name for body in inspection.bodies if body.kind == "active" and body.name not in carried)
    return {
        "MOTORS = {}": f"MOTORS = { {motor.name: (motor.drives, motor.most) for motor in marks.motors} }",
        "JOINTS = {}": f"JOINTS = { {name: _range(joint) for name, joint in joints.items()} }",
        "BODIES = ()": f"BODIES = {bodies}",
    }


def _range(joint: InspectedJoint) -> tuple[float, float]:
    """Where a joint may begin, near to where it was drawn and within its limits."""
    low, high = joint.limits.get("ang_z" if joint.kind == "hinge" else "lin_x", (-SPREAD, SPREAD))
    return round(min(max(low, -SPREAD), 0.0), 6), round(max(min(high, SPREAD), 0.0), 6)
