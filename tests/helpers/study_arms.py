"""Arms of studies that go wrong."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

from blendgym.errors import StudentDiverged
from blendgym.teachers.uniform import Uniform


class Diverges(Uniform):
    """Has a student that does not survive its third portion."""

    portions = 0

    def update(self):
        self.portions += 1
        if self.portions == 3:
            raise StudentDiverged("the student is not finite")


class Raises(Uniform):
    """Raises an error in the middle of training."""

    def update(self):
        raise ArithmeticError("the teacher has lost its way")


class Dies(Uniform):
    """Kills the process of its run."""

    def update(self):
        os.kill(os.getpid(), signal.SIGKILL)


class LosesItsServer(Uniform):
    """Kills the Blender that its student trains in, but only the first time."""

    def update(self):
        killed = Path(os.environ["KILLED"])
        if killed.exists():
            return
        (server,) = psutil.Process().children()
        killed.write_text(" ".join(server.cmdline()), encoding="utf-8")
        server.kill()


class Sleeps(Uniform):
    """Says which process it is in, and takes its time."""

    def update(self):
        Path(os.environ["ASLEEP"]).write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(0.5)
