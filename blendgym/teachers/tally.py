"""What a run has spent its episodes on, and how they ended, kept apart by where their tasks came from.

Success among a teacher's own tasks says more about the teacher than about the student; success among uniform ones is
unbiased. So nothing here adds the two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from blendgym.parameters.episodes import PLAIN, UNIFORM, Episodes
from blendgym.teachers.forms import LARGEST_COUNT, ArrayOf, Form
from blendgym.teachers.pass_rates.running import PassRates

ORIGINS = ("uniform", "plain", "special")
"""Uniform tasks, a teacher's plain ones, and those with a tag that it knows, such as a boundary."""

BINS = 5
"""Along each dimension."""


class Tally:
    """Counts episodes and steps by origin; keeps running pass rates, also of uniform ones along each dimension.

    Args:
        dimensions: Of the cube.
    """

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self.episodes = np.zeros(len(ORIGINS), np.int64)
        self.steps = np.zeros(len(ORIGINS), np.int64)
        self.by_origin = PassRates(len(ORIGINS), discount=0.99)
        self.by_bin = PassRates(dimensions * BINS, discount=0.95)

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes that have ended."""
        origins = np.clip(episodes.tags, UNIFORM, PLAIN + 1) - UNIFORM
        self.episodes += np.bincount(origins, minlength=len(ORIGINS))
        np.add.at(self.steps, origins, episodes.lengths)
        self.by_origin.observe(origins, episodes.successes)
        uniform = episodes.chosen(episodes.tags == UNIFORM)
        bins = np.minimum((uniform.unit * BINS).astype(np.int64), BINS - 1) + BINS * np.arange(self.dimensions)
        self.by_bin.observe(bins.ravel(), np.repeat(uniform.successes, self.dimensions))

    def state_dict(self) -> dict[str, Any]:
        """All that changes."""
        return {
            "episodes": self.episodes.copy(),
            "steps": self.steps.copy(),
            "by_origin": self.by_origin.state_dict(),
            "by_bin": self.by_bin.state_dict(),
        }

    def state_form(self) -> Form:
        """What a state may be."""
        counts = ArrayOf(np.int64, (len(ORIGINS),), 0, LARGEST_COUNT)
        return {
            "episodes": counts,
            "steps": counts,
            "by_origin": PassRates.state_form(len(ORIGINS)),
            "by_bin": PassRates.state_form(self.dimensions * BINS),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        self.episodes, self.steps = state["episodes"].copy(), state["steps"].copy()
        self.by_origin.load_state_dict(state["by_origin"])
        self.by_bin.load_state_dict(state["by_bin"])

    def describe(self) -> dict[str, float]:
        """Figures for logs, by name; pass rates only of what has been played."""
        figures: dict[str, float] = {}
        for number, origin in enumerate(ORIGINS):
            figures[f"episodes/{origin}"] = float(self.episodes[number])
            figures[f"steps/{origin}"] = float(self.steps[number])
        return figures | self._rates(self.by_origin, list(ORIGINS)) | self._rates(self.by_bin, self._names_of_bins())

    def _rates(self, running: PassRates, names: list[str]) -> dict[str, float]:
        rows = zip(names, running.rates, running.played, strict=True)
        return {f"success/{name}": float(rate) for name, rate, played in rows if played > 0}

    def _names_of_bins(self) -> list[str]:
        return [f"{dimension}/{number}" for dimension in range(self.dimensions) for number in range(BINS)]
