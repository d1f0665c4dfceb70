"""Whether a teacher adapts at all: one that never does is fixed randomization, and looks like a bad method."""

from __future__ import annotations

import warnings
from typing import ClassVar

from blendgym.teachers.forms import Form, Integer


class Gate:
    """Counts the updates that adapted something and those that did not, and warns once if the first keeps away.

    Args:
        waits_for: What has to happen before the teacher adapts, for the warning.
        patience: Number of episodes without an adaptation before it warns.

    Attributes:
        applied: Number of updates that adapted the distribution.
        skipped: Number of updates that left the distribution as it was.
        waited: Number of episodes before the first update that adapted it.
    """

    state_form: ClassVar[Form] = {"applied": Integer(), "skipped": Integer(), "waited": Integer()}

    def __init__(self, waits_for: str, patience: int) -> None:
        self.waits_for, self.patience = waits_for, patience
        self.applied = self.skipped = self.waited = 0

    def count(self, applied: bool, episodes: int) -> None:
        """Takes note of an update.

        Args:
            applied: Whether the update adapted the distribution.
            episodes: Number of episodes on which the update was decided.
        """
        self.applied += applied
        self.skipped += not applied
        if self.applied:
            return
        silent = self.waited < self.patience
        self.waited += episodes
        if silent and self.waited >= self.patience:
            warnings.warn(
                f"In {self.waited} episodes there was not {self.waits_for}, so the teacher has not adapted anything: "
                "this is fixed randomization. Begin with an easier task, or lower the threshold.",
                stacklevel=3,
            )

    def state_dict(self) -> dict[str, int]:
        """All that changes."""
        return {"applied": self.applied, "skipped": self.skipped, "waited": self.waited}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Takes back what ``state_dict`` gave."""
        self.applied, self.skipped, self.waited = state["applied"], state["skipped"], state["waited"]

    def describe(self) -> dict[str, float]:
        """Figures for logs, by name."""
        return {
            "gate_reached": float(self.applied > 0),
            "updates_applied": float(self.applied),
            "updates_skipped": float(self.skipped),
        }
