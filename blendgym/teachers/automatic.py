"""Automatic domain randomization (OpenAI et al. 2019, arXiv 1910.07113, section 5 and algorithm 1)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_positive
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import PLAIN, Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.boxes import UnitBox, box_around
from blendgym.teachers.forms import LARGEST_COUNT, ArrayOf, Integer
from blendgym.teachers.gate import Gate
from blendgym.teachers.teacher import Teacher

OUTWARDS = np.array([-1.0, 1.0])
"""Which way is out, at the lower and at the upper bound."""


class AutomaticDomainRandomization(Teacher):
    """Moves each bound of a box by how the student does with that parameter at that bound.

    Boundary tasks have the tag ``2 · dimension + side``, side 0 being the lower bound. Enough episodes at a bound
    decide: outwards if the student succeeds, inwards if it fails, but never into the initial box. A bound starts to
    count anew with every decision, also when it stays; episodes sampled before it last moved do not count.

    Bounds are tested one at a time, so nothing is known of the corners, where several parameters are extreme at once:
    a large box does not mean that the student succeeds in all of it.

    The values of a discrete parameter are equal shares of its dimension. A bound within a share tests its value, so a
    value once reached becomes more frequent as the bound passes through its share, as steadily as a range widens.

    The defaults are for students of a few thousand episodes, which hardly see a bound move with the paper's: those
    wait for 240 episodes at each bound, and then move it by a small step (table 15).

    Args:
        nominal_unit: The place of the nominal values, float64 (dimensions,).
        boundary_share: Mean share of boundary tasks among all tasks, from 0 to 1; p_b of the paper.
        episodes_per_decision: Episodes at one bound after which it may move; m of the paper.
        step: How far a bound moves, as a share of the whole range (Δ).
        low_threshold: Success rate at or below which a bound moves inwards (t_L).
        high_threshold: Success rate at or above which a bound moves outwards (t_H).
        initial_width: Width of the first box along each dimension, as a share of the whole range.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        boundary_share: float = 0.5,
        episodes_per_decision: int = 10,
        step: float = 0.2,
        low_threshold: float = 0.2,
        high_threshold: float = 0.6,
        initial_width: float = 0.2,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_between("The share of boundary tasks", boundary_share, 0.0, 1.0)
        check_between("The step of a bound", step, 0.0, 1.0)
        check_between("The initial width", initial_width, 1e-6, 1.0)
        check_positive(episodes_per_decision=episodes_per_decision)
        for name, threshold in (("low_threshold", low_threshold), ("high_threshold", high_threshold)):
            check_between(name, threshold, 0.0, 1.0)
        if low_threshold >= high_threshold:
            raise InvalidOption(
                "Thresholds are success rates, 0 <= low_threshold < high_threshold <= 1, "
                f"got {low_threshold} and {high_threshold}."
            )
        self.boundary_share, self.episodes_per_decision, self.step = boundary_share, episodes_per_decision, step
        self.low_threshold, self.high_threshold = low_threshold, high_threshold
        self.initial = box_around(nominal, initial_width)
        self.bounds = np.stack(self.initial, axis=1)  # (dimensions, sides), as everything that is counted at bounds
        self.moved_in = np.zeros((self.dimensions, 2), np.int64)
        self.played = np.zeros((self.dimensions, 2), np.int64)
        self.passed = np.zeros((self.dimensions, 2), np.int64)
        self.stale = 0
        self.gate = Gate(f"one bound with a success rate of {high_threshold:g}", patience=20 * episodes_per_decision)

    @property
    def box(self) -> UnitBox:
        """The box from which tasks are sampled."""
        return UnitBox(self.bounds[:, 0], self.bounds[:, 1])

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        tasks = plain_tasks(self.box.places(generator, count), self.version)
        at_boundary = generator.random(count) < self.boundary_share
        drawn = generator.integers(2 * self.dimensions, size=count)
        tasks.tags[:] = np.where(at_boundary, drawn, PLAIN)
        rows = np.flatnonzero(at_boundary)
        dimensions, sides = np.divmod(drawn[rows], 2)
        tasks.unit[rows, dimensions] = self.bounds[dimensions, sides]
        return tasks

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        at_boundary = episodes.chosen((episodes.tags >= 0) & (episodes.tags < 2 * self.dimensions))
        current = at_boundary.versions >= self.moved_in.ravel()[at_boundary.tags]
        counted = at_boundary.chosen(current)
        self.stale += int(np.sum(~current))
        self.played += self._at_bounds(counted.tags)
        self.passed += self._at_bounds(counted.tags[counted.successes])

    def update(self) -> None:
        decided = self.played >= self.episodes_per_decision
        if not decided.any():
            return
        episodes = int(self.played[decided].sum())
        rates = self.passed / np.maximum(self.played, 1)
        self.played[decided] = self.passed[decided] = 0
        widened = self._move(decided & (rates >= self.high_threshold), OUTWARDS)
        narrowed = self._move(decided & (rates <= self.low_threshold), -OUTWARDS)
        moved = widened | narrowed
        self.version += bool(moved.any())
        self.moved_in[moved] = self.version
        self.gate.count(bool(widened.any()), episodes)

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.box.density(checked_places(unit, self.dimensions))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "bounds": self.bounds.copy(),
            "moved_in": self.moved_in.copy(),
            "played": self.played.copy(),
            "passed": self.passed.copy(),
            "stale": self.stale,
            "gate": self.gate.state_dict(),
        }

    def state_form(self) -> dict[str, Any]:
        counts = ArrayOf(np.int64, (self.dimensions, 2), 0, LARGEST_COUNT)
        return super().state_form() | {
            "bounds": ArrayOf(np.float64, (self.dimensions, 2), 0.0, 1.0),
            "moved_in": counts,
            "played": counts,
            "passed": counts,
            "stale": Integer(),
            "gate": Gate.state_form,
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.bounds, self.moved_in = state["bounds"], state["moved_in"]
        self.played, self.passed, self.stale = state["played"], state["passed"], state["stale"]
        if np.any(self.box.low > self.initial.low) or np.any(self.box.high < self.initial.high):
            raise InvalidOption("These bounds are within the initial box, which none of them ever enters.")
        if np.any(self.passed > self.played) or np.any(self.moved_in > self.version):
            raise InvalidOption(
                "In this state, more was passed than was played, or a bound has moved in a later version."
            )
        self.gate.load_state_dict(state["gate"])

    def describe(self) -> dict[str, float]:
        return self.box.describe() | self.gate.describe() | {"stale_episodes": float(self.stale)}

    def _at_bounds(self, tags: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(tags, minlength=2 * self.dimensions).reshape(self.dimensions, 2)

    def _move(self, chosen: NDArray[np.bool_], direction: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Moves bounds by a step, and returns which of them had room to."""
        moved = self.bounds + self.step * direction * chosen
        low = np.clip(moved[:, 0], 0.0, self.initial.low)
        high = np.clip(moved[:, 1], self.initial.high, 1.0)
        before, self.bounds = self.bounds, np.stack([low, high], axis=1)
        return np.asarray(self.bounds != before)
