"""Arms of studies that go wrong."""

from __future__ import annotations

import os
import signal

from blendgym.teachers.uniform import Uniform


class Raises(Uniform):
    """Raises an error in the middle of training."""

    def update(self):
        raise ArithmeticError("the teacher has lost its way")


class Dies(Uniform):
    """Kills the process of its run."""

    def update(self):
        os.kill(os.getpid(), signal.SIGKILL)
