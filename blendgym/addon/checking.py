"""Looking into the open scene as ``blendgym inspect`` does: another Blender does, so that nothing here is touched."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import bpy
import msgspec

from blendgym.blender.marks.faults import faults_of_marks
from blendgym.blender.saving import save_blend
from blendgym.client.process.errands import run_errand
from blendgym.errors import SceneError, SceneNotFound
from blendgym.wire.inspection import Inspection

QUOTED = re.compile(r"'([^']+)'")


class Finding(NamedTuple):
    """Something that cannot be used.

    Args:
        text: What, and its cure.
        thing: The name of the object that it is about; empty if it is about none.
    """

    text: str
    thing: str


def check_scene(scene: bpy.types.Scene) -> list[Finding]:
    """All that cannot be used in the open scene, as it is now, saved or not."""
    faults = dict.fromkeys(faults_of_marks(scene))
    try:
        faults |= dict.fromkeys(inspected(scene).faults)
    except (SceneError, SceneNotFound) as error:
        faults[str(error)] = None
    return [Finding(fault, next(_named_in(fault, scene), "")) for fault in faults]


def inspected(scene: bpy.types.Scene) -> Inspection:
    """What is seen in a copy of the open file.

    Raises:
        SavingFailed: If the copy cannot be written.
        SceneError: If it cannot be opened as it is.
        ServerStartError: If no other Blender can be launched.
    """
    with tempfile.TemporaryDirectory(prefix="blendgym-check-") as folder:
        copy = Path(folder) / f"{Path(bpy.data.filepath).stem or scene.name}.blend"
        save_copy(copy)
        return msgspec.convert(run_errand("inspect", scene=copy, blender=this_blender()), Inspection)


def save_copy(file: Path) -> None:
    """Saves a copy of the open file as it is now; the open one stays what it is.

    Raises:
        SavingFailed: If it cannot be written.
    """
    save_blend(file, copy=True, compress=True)


def this_blender() -> str:
    """The program that this is, to be launched once more."""
    return str(bpy.app.binary_path) or sys.executable  # The bpy module has none.


def _named_in(fault: str, scene: bpy.types.Scene) -> Iterator[str]:
    """Objects that a fault names, or that show a material which it names."""
    for name in QUOTED.findall(fault):
        if name in scene.objects:
            yield name
        for obj in scene.objects:
            if any(slot.material and slot.material.name == name for slot in obj.material_slots):
                yield obj.name
