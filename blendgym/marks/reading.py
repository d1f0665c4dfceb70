"""Reading the marks of a ``.blend``, without Blender and on both sides of the wire."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from blendgym.marks.blend_file import scene_text
from blendgym.marks.marks import PROPERTY, Marks, decode
from blendgym.parameters import ParameterSpace
from blendgym.scene_places import read_scene


def read_marks(scene: str | PathLike[str]) -> Marks:
    """What is marked in the scene that a file opens with; nothing in a file without marks.

    Args:
        scene: The ``.blend``. In a task: ``Path(__file__).with_name("scene.blend")``.

    Raises:
        SceneNotFound: If the file does not exist or cannot be read.
        InvalidMarks: If its marks have another format, or contradict themselves.
    """
    file = read_scene(scene).file or Path(scene)
    text = scene_text(file, PROPERTY)
    return Marks() if text is None else decode(text, str(file))


def marked_parameters(scene: str | PathLike[str]) -> ParameterSpace:
    """The parameters that are marked in a file, for the declaration of a task or scenario.

    Args:
        scene: The ``.blend``. In a task: ``Path(__file__).with_name("scene.blend")``.

    Raises:
        SceneNotFound: If the file does not exist or cannot be read.
        InvalidMarks: If its marks have another format, or contradict themselves.
    """
    return read_marks(scene).space
