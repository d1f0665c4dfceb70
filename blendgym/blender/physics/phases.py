"""Which of the methods of a task may do what."""

from __future__ import annotations

from enum import Enum

from blendgym.errors import SceneError


class Phase(Enum):
    """Where a task is, in words for messages."""

    BIND = "Task.bind"
    RESET = "Task.reset"
    EPISODE = "a running episode"


class Schedule:
    """What a task is doing at present, and what may be done then.

    Attributes:
        phase: The present one.
    """

    def __init__(self) -> None:
        self.phase = Phase.BIND

    @property
    def is_running(self) -> bool:
        """Whether an episode is under way."""
        return self.phase is Phase.EPISODE

    def require(self, what: str, *phases: Phase) -> None:
        """Makes sure that something is done where it belongs.

        Args:
            what: Begins the message, such as "A world settles".
            phases: Where it belongs.

        Raises:
            SceneError: If it is done elsewhere.
        """
        if self.phase not in phases:
            where = " or ".join(phase.value for phase in phases)
            raise SceneError(f"{what} in {where}, not in {self.phase.value}.")
