"""The life of a process that does runs: it reads them from its standard input, and answers with how far they are."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from blendgym.processes import end_with_input

OVER = b"over"
"""Answer to a run that is finished or has failed."""

AnyJob = TypeVar("AnyJob")

Report = Callable[[int], None]


def work(
    read: Callable[[bytes], AnyJob], execute: Callable[[AnyJob, Report], None], fail: Callable[[AnyJob, str], None]
) -> None:
    """Does one run after the other. Ends with whoever asks for them, however far a run is.

    Args:
        read: The run that a line asks for.
        execute: Does it; reports how far it is.
        fail: Notes an error that has ended it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_input()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever Blender or a library prints is no answer
    for line in sys.stdin.buffer:
        job = read(line)
        try:
            execute(job, lambda done: _answer(answers, b"%d" % done))
        except Exception as error:
            fail(job, f"{type(error).__name__}: {error}")
        _answer(answers, OVER)
    # The teardown of Blender and torch takes its time and has nothing to do with results, which are written.
    os._exit(0)


def _answer(answers: BinaryIO, answer: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):  # the lifeline ends this process
        answers.write(answer + b"\n")
