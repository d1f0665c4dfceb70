"""What is said of an error that a request has met."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from blendgym.errors import BlendgymError, TaskError
from blendgym.task import Task
from blendgym.wire.messages import Fault

BASES = ("blendgym.task", "blendgym.scenario")
"""Modules of the classes that authors derive theirs from."""


def fault_of(error: BaseException) -> Fault:
    """What is said of an error: ours with the line of the task that it came from, others with all lines of code."""
    if isinstance(error, BlendgymError):
        return Fault(error.code, _encodable(str(error) + _line_of_task(error)), error.details)
    trace = "".join(traceback.format_exception(error))
    return Fault(TaskError.code, _encodable(f"{type(error).__name__} inside Blender: {error}\n{trace}"), {})


@contextlib.contextmanager
def with_lines() -> Iterator[None]:
    """Adds the line of the task that it came from to the message of an error that is collected with others."""
    try:
        yield
    except BlendgymError as error:
        raise type(error)(str(error) + _line_of_task(error), **error.details) from error


def _line_of_task(error: BaseException) -> str:
    """The last line of a task that an error has passed, in brackets after a space; empty if there is none."""
    frames = [frame for frame in traceback.walk_tb(error.__traceback__) if _is_of_task(frame[0])]
    if not frames:
        return ""
    frame, line = frames[-1]
    method = f"{type(_self_of(frame)).__name__}.{frame.f_code.co_name}()"
    return f" ({method}, {Path(frame.f_code.co_filename).name}, line {line})"


def _is_of_task(frame: FrameType) -> bool:
    """Whether it runs a method that the author of a task has written."""
    return isinstance(_self_of(frame), Task) and frame.f_globals.get("__name__") not in BASES


def _self_of(frame: FrameType) -> object:
    return frame.f_locals.get("self")


def _encodable(text: str) -> str:
    """The same; names of files that are no text have characters which no message can hold."""
    return text.encode(errors="backslashreplace").decode()
