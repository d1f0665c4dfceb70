"""Learned teachers as files, and what is kept of their training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_positive
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written
from blendgym.meta.policies import Policy, policy_class
from blendgym.teachers.plain_states import UNREADABLE


@contextmanager
def read_again(file: Path) -> Iterator[None]:
    """Says of a file that an earlier call has kept, and that cannot be gone on with, what to do.

    Args:
        file: That is read meanwhile.

    Raises:
        InvalidOption: If it is damaged.
    """
    try:
        yield
    except OSError:  # It is the machine that fails, and the file may be whole.
        raise
    except (*UNREADABLE, EOFError, RuntimeError, BadZipFile) as error:
        raise InvalidOption(
            f"{file} is damaged ({error!r:.200}); remove it, and the same call makes it anew."
        ) from error


class TeacherFile(NamedTuple):
    """What is in the file of a learned teacher.

    Args:
        policy: How it acts.
        steps_per_action: Environment steps between two actions.
        actions: How many of them the training of a student is long.
    """

    policy: Policy
    steps_per_action: int
    actions: int

    def save(self, file: Path) -> None:
        """Writes it as ``.npz``, as a whole or not at all."""
        arrays: dict[str, NDArray[np.float64]] = {}
        for number, (weights, biases) in enumerate(self.policy.layers):
            arrays |= {f"weights_{number}": weights, f"biases_{number}": biases}
        pace = {"steps_per_action": self.steps_per_action, "actions": self.actions}
        with atomically_written(file) as part, part.open("wb") as opened:
            np.savez(opened, action=np.array(self.policy.action), **pace, **arrays)

    @classmethod
    def load(cls, file: Path) -> TeacherFile:
        """Reads what ``save`` wrote.

        Raises:
            InvalidOption: If there is no teacher in the file.
        """
        try:
            with np.load(file, allow_pickle=False) as arrays:
                count = sum(name.startswith("weights_") for name in arrays.files)
                layers = [(arrays[f"weights_{number}"], arrays[f"biases_{number}"]) for number in range(count)]
                pace = {name: int(arrays[name]) for name in ("steps_per_action", "actions")}
                policy = policy_class(str(arrays["action"]))(layers)
            check_positive(**pace)
        except (*UNREADABLE, EOFError, BadZipFile) as error:
            raise InvalidOption(f"{file} holds no learned teacher ({error}); `dr train-teacher` makes one.") from error
        return cls(policy, **pace)
