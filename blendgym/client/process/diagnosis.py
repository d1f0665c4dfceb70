"""Why a server process does not answer: what can be seen from outside, and what it says when it is asked by a signal.

Nothing here may make things worse: it ends within two seconds, and whatever cannot be found out is left out.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

from blendgym.client.process.folder import LOG_FILE
from blendgym.wire.pulse import PULSE_FILE, Beat, read_pulse

STACK_SECONDS = 2.0
SETTLE_SECONDS = 0.2  # A dump that has not grown for so long is complete, even on a busy machine.
POLL_SECONDS = 0.01
MOST_FRAMES = 12
MOST_BYTES = 1 << 20  # A task may be writing into the log, too.

STATES = {
    "R": "computes",
    "S": "sleeps",
    "D": "waits for a disk or a driver and cannot be interrupted",
    "T": "is stopped (SIGSTOP); SIGCONT lets it go on",
    "t": "is stopped by a debugger",
    "Z": "has ended",
}
"""Linux's letters for the state of a process, which is that of its main thread."""

SILENT_STATES = frozenset("DTtZ")
FRAME = re.compile(r'File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)')


class Frame(NamedTuple):
    """A line of a Python stack.

    Args:
        file: Path.
        line: Number.
        function: In which it is.
    """

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


def diagnose(pid: int, folder: Path, task: str) -> str:
    """Whether the process of a server is alive, what its main loop is doing, and where; ready to end a message.

    Args:
        pid: Of the server.
        folder: The server's own.
        task: As ``module:Class``, to find its lines in the stack.
    """
    state, beat = _state(pid), _beat(folder)
    stack: list[Frame] = []
    if beat is not None and state not in SILENT_STATES and hasattr(signal, "SIGUSR1"):
        with contextlib.suppress(OSError):
            stack = _ask_for_stack(pid, folder)
    return _told(state, beat, stack, task)


def _told(state: str, beat: Beat | None, stack: list[Frame], task: str) -> str:
    facts = [f"The process {STATES[state]}." if state in STATES else "", _told_of(beat)]
    own = _frame_in_task(stack, task)
    if own:
        facts.append(f"In the task it is at {own}.")
    if stack:
        facts.append("Its Python stack, innermost first:\n  " + "\n  ".join(map(str, stack[:MOST_FRAMES])))
    return "".join(f" {fact}" for fact in facts if fact)


def _told_of(beat: Beat | None) -> str:
    if beat is None:
        return "Its main loop has not come to life yet."
    if beat.is_starting:
        return f"It has been starting for {beat.seconds:.1f} s: its imports or its scene take that long."
    after = f"after {beat.answered} answers"
    if beat.request:
        return f"The main loop has been in {beat.request} for {beat.seconds:.1f} s, {after}."
    return f"The main loop has been waiting for a request for {beat.seconds:.1f} s, {after}: this one has got lost."


def _frame_in_task(stack: list[Frame], task: str) -> Frame | None:
    """The innermost line in the module of the task."""
    file = getattr(sys.modules.get(task.partition(":")[0]), "__file__", None)
    return next((frame for frame in stack if frame.file == file), None)


def _state(pid: int) -> str:
    """Linux's letter; empty on other systems."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return status.rpartition(")")[2].split()[0]  # The name before it may hold anything.


def _beat(folder: Path) -> Beat | None:
    try:
        return read_pulse(folder / PULSE_FILE)
    except (OSError, ValueError):  # Not there yet, or cut off.
        return None


def _ask_for_stack(pid: int, folder: Path) -> list[Frame]:
    """The frames of the server's main thread, innermost first; none if it does not say.

    The signal is safe: whoever has a pulse has a handler for it.
    """
    log = folder / LOG_FILE
    before = log.stat().st_size
    os.kill(pid, signal.SIGUSR1)
    limit = time.monotonic() + STACK_SECONDS
    grown_at, size = time.monotonic(), before
    while (now := time.monotonic()) < limit and (size == before or now - grown_at < SETTLE_SECONDS):
        time.sleep(POLL_SECONDS)
        if (latest := log.stat().st_size) != size:
            grown_at, size = now, latest
    with log.open("rb") as file:
        file.seek(before)
        dump = file.read(MOST_BYTES).decode(errors="replace")
    # Threads stand in the order in which they began, the latest first.
    _, _, main_thread = dump.rpartition("(most recent call first):")
    return [Frame(found["file"], int(found["line"]), found["function"]) for found in FRAME.finditer(main_thread)]
