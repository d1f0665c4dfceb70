"""A task whose server is watched: it writes down when its methods are under way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blendgym.benchmarks.anatomy.methods import BLENDER
from blendgym.benchmarks.anatomy.spans import Spans, watch
from blendgym.task import Task, task_class


class Watched(Task):
    """Makes another task. Inside Blender, the server is watched from then on; the trainer only reads declarations.

    Args:
        watched: The task, as ``module:Class``.
        record: File for the spans.
        trainer: The trainer's process, which may have ``bpy``, too.
        options: Keyword arguments of the task.
    """

    def __new__(cls, watched: str, record: str, trainer: int, **options: Any) -> Any:
        """Makes the task itself, which is none of this class."""
        if os.getpid() != trainer:
            watch(BLENDER, Spans(Path(record)))
        return task_class(watched)(**options)
