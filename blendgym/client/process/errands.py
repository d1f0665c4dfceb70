"""Errands: what a Blender is launched for that does one thing and ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blendgym.client.process.launcher import ServerProcess


def run_errand(
    errand: str, task: str = "", options: Mapping[str, Any] | None = None, *, scene: Path | str | None = None,
    output: Path | None = None, blender: str | None = None,
) -> Any:  # fmt: skip
    """Lets a Blender do one thing, and waits for it.

    Args:
        errand: One of ``blendgym.server.errands``.
        task: The task, as ``module:Class``, if it is about one.
        options: Keyword arguments of the task.
        scene: What it is about without a task: a ``.blend``, or the name of a module with ``build(scene)``.
        output: The file that it writes.
        blender: See ``find_blender``.

    Returns:
        Its answer.

    Raises:
        BlenderNotFound: If there is no Blender.
        ServerStartError: If it ends, or does not come to an end.
        BlendgymError: Whatever it reports.
    """
    process = ServerProcess(task, dict(options or {}), scene=scene, errand=errand, output=output, blender=blender)
    try:
        return process.answer
    finally:
        process.stop()
