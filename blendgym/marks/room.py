"""A room of a marked scene: the task, or the scenario if nothing acts in it, that declares what is marked."""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from blendgym.errors import InvalidMarks, InvalidOption
from blendgym.marks.marks import Marks
from blendgym.wire.inspection import InspectedJoint, Inspection

TEMPLATE = Path(__file__).parent / "template" / "my_env"
"""A room under names which those of the new one take the place of."""

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
    _check_name(folder)
    inspection = inspect()
    camera = _camera(inspection)
    facts = {**_mechanics(inspection, marks), 'camera = "Camera"': f"camera = {camera!r}"}
    if not marks.motors:
        facts["CONFORMANCE_CHECKS"] = "SCENARIO_CHECKS"
    folder.mkdir(parents=True)
    try:
        save_scene(folder / "scene.blend")
        return [folder / "scene.blend", *(_written(file, folder, facts) for file in _templates(bool(marks.motors)))]
    except BaseException:
        shutil.rmtree(folder)
        raise


def title_of(name: str) -> str:
    """The name of the class of a room: ``MyEnv`` for ``my_env``."""
    return "".join(part.capitalize() for part in name.split("_"))


def _check_name(folder: Path) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", folder.name) or keyword.iskeyword(folder.name):
        raise InvalidOption(
            f"{folder.name!r} cannot be the name of a package of Python; expected small letters, digits and "
            "underscores, such as my_env."
        )
    if folder.exists():
        raise InvalidOption(f"{folder} exists already, and is not overwritten. Choose another name.")


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


def _templates(acts: bool) -> list[Path]:
    other = {"scenario.py"} if acts else {"task.py", "recipe.py"}
    return sorted(file for file in TEMPLATE.rglob("*.py") if file.name not in other)


def _written(template: Path, folder: Path, facts: dict[str, str]) -> Path:
    inside = str(template.relative_to(TEMPLATE)).replace("my_env", folder.name)
    file = folder / inside.replace("scenario.py", "task.py")
    file.parent.mkdir(exist_ok=True)
    text = template.read_text().replace("my_env", folder.name).replace("MyEnv", title_of(folder.name))
    for line, own in facts.items():
        text = text.replace(line, own)
    file.write_text(text)
    return file
