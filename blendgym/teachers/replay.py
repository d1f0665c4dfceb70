"""Prioritized Level Replay, robust, with edits.

The method is that of Jiang et al. (ICML 2021, arXiv 2010.03934), its robust form, of Jiang et al. (NeurIPS 2021, arXiv
2110.02439), and edits, of ACCEL by Parker-Holder et al. (ICML 2022, arXiv 2203.01302).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_choice, check_flag, check_positive
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.forms import Integer, Switch
from blendgym.teachers.levels import (
    Levels,
    learnability,
    max_return_gap,
    new_level,
    no_levels,
    replay_weights,
)
from blendgym.teachers.teacher import Teacher

EDITED = 0
"""Tag of a new level that is an edit of another. Replayed levels are tagged with their identities, from 1."""

SCORES = {"learnability": learnability, "max_return_gap": max_return_gap}


class PrioritizedLevelReplay(Teacher):
    """Plays new levels, keeps those with the highest scores, and replays them by score and staleness.

    A level is a place in the cube. New ones are uniform, or edits of levels that the student has come to solve. In
    robust mode, the student learns from replayed levels alone.

    A score needs nothing but episodes. With ``"learnability"``, neither levels that are mastered nor such that cannot
    be solved stay in front; estimates by a critic that does not know the parameters take levels that are easier than
    the average for promising ones.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        score: ``"learnability"``, or ``"max_return_gap"``: regret against the best episode of the same level.
        robust: Whether the student does not learn from new levels.
        capacity: Levels that are kept: few, if the student plays few thousand episodes, for half of them come first.
        fill_share: Of the capacity, that has to be filled before replay begins.
        replay_probability: Of a task, from then on.
        temperature: The lower, the more of all replay goes to the levels with the highest scores.
        staleness: Share of replay that goes to levels by the time since they were last played.
        memory: How much an earlier episode of a level counts beside the next, for the student changes.
        edit_share: Of new levels, that are edits.
        edit_size: How far an edit moves each coordinate at most.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        *,
        score: Literal["learnability", "max_return_gap"] = "learnability",
        robust: bool = True,
        capacity: int = 200,
        fill_share: float = 0.5,
        replay_probability: float = 0.8,
        temperature: float = 0.3,
        staleness: float = 0.3,
        memory: float = 0.9,
        edit_share: float = 0.0,
        edit_size: float = 0.1,
    ) -> None:
        super().__init__(len(checked_nominal(nominal_unit)))
        check_choice("score", score, SCORES)
        shares = {
            "fill_share": fill_share,
            "replay_probability": replay_probability,
            "staleness": staleness,
            "memory": memory,
            "edit_share": edit_share,
            "edit_size": edit_size,
        }
        for name, share in shares.items():
            check_between(name, share, 0.0, 1.0)
        check_between("temperature", temperature, 1e-3, 1e3)
        check_positive(capacity=capacity)
        check_between("capacity", capacity, 1, 1e6)
        check_flag("robust", robust)
        self._score = SCORES[score]
        self.robust, self.capacity, self.fill_share = robust, capacity, fill_share
        self.replay_probability, self.temperature, self.staleness = replay_probability, temperature, staleness
        self.memory, self.edit_share, self.edit_size = memory, edit_share, edit_size
        self.levels = no_levels(self.dimensions)
        self._episodes = self._identities = 0
        self._changed = False

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        tasks = self._new_levels(generator, count)
        if self.is_filled:
            self._replay(generator, tasks, generator.random(count) < self.replay_probability)
        return tasks

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        rows = zip(episodes.tags, episodes.unit, episodes.scores, episodes.successes, strict=True)
        for tag, unit, score, success in rows:
            self._episodes += 1
            row = self.levels.row_of(tag)
            if row is None:
                self._consider(unit, score, success)
            else:
                self.levels.visit(row, self._episodes, score, success, self.memory)
        self._changed |= bool(episodes)

    def update(self) -> None:
        self.version += self._changed
        self._changed = False

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.ones(len(checked_places(unit, self.dimensions)))

    @property
    def is_filled(self) -> bool:
        """Whether there are enough levels to begin with replay."""
        return len(self.levels.visits) >= max(1, self.fill_share * self.capacity)

    @property
    def scores(self) -> NDArray[np.float64]:
        """Of all levels."""
        return self._score(self.levels)

    @property
    def weights(self) -> NDArray[np.float64]:
        """The probability of each level, when one is replayed."""
        return replay_weights(self.scores, self._episodes - self.levels.played, self.temperature, self.staleness)

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "levels": self.levels.copy()._asdict(),
            "episodes": self._episodes,
            "identities": self._identities,
            "changed": self._changed,
        }

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {
            "levels": Levels.state_form(self.dimensions),
            "episodes": Integer(),
            "identities": Integer(),
            "changed": Switch(),
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.levels = Levels(**state["levels"])
        is_known = self.levels.identities <= state["identities"]
        is_past, is_share = self.levels.played <= state["episodes"], self.levels.successes <= self.levels.visits
        if not np.all(is_known & is_past & is_share) or len(set(self.levels.identities.tolist())) < len(is_known):
            raise InvalidOption(
                "Levels of this state have no or the same identity, or more was played there than at all."
            )
        self._episodes, self._identities, self._changed = state["episodes"], state["identities"], state["changed"]

    def describe(self) -> dict[str, float]:
        if not self.is_filled:
            return {"levels": float(len(self.levels.visits)), "replay": 0.0}
        weights = self.weights
        return {
            "levels": float(len(weights)),
            "replay": self.replay_probability,
            "replayed_score": float(weights @ self.scores),
            "replayed_success": float(weights @ (self.levels.successes / self.levels.visits)),
            **{f"mean/{number}": float(mean) for number, mean in enumerate(weights @ self.levels.unit)},
        }

    def _new_levels(self, generator: np.random.Generator, count: int) -> Tasks:
        tasks = plain_tasks(generator.random((count, self.dimensions)), self.version)
        tasks.trains[:] = not self.robust
        parents = self.levels.unit[self._easy_levels()]
        if not len(parents):
            return tasks
        edited = generator.random(count) < self.edit_share
        steps = generator.uniform(-self.edit_size, self.edit_size, (int(edited.sum()), self.dimensions))
        tasks.unit[edited] = np.clip(generator.choice(parents, len(steps)) + steps, 0.0, 1.0)
        tasks.tags[edited] = EDITED
        return tasks

    def _easy_levels(self) -> NDArray[np.bool_]:
        """Levels that were solved when last replayed, with no more than the median score."""
        if not len(self.levels.visits):
            return np.zeros(0, np.bool_)
        return self.levels.solved & (self.levels.visits > 1.0) & (self.scores <= np.median(self.scores))

    def _replay(self, generator: np.random.Generator, tasks: Tasks, replayed: NDArray[np.bool_]) -> None:
        rows = generator.choice(len(self.levels.visits), int(replayed.sum()), p=self.weights)
        tasks.unit[replayed], tasks.tags[replayed] = self.levels.unit[rows], self.levels.identities[rows]
        tasks.trains[replayed] = True

    def _consider(self, unit: NDArray[np.float64], score: float, success: bool) -> None:
        """Keeps a new level if there is room, or if its score is above that of the one that is replayed least."""
        level = new_level(self._identities + 1, unit, self._episodes, score, success)
        if len(self.levels.visits) < self.capacity:
            self.levels = self.levels.joined(level)
        elif self._score(level)[0] > self.scores[row := int(self.weights.argmin())]:
            self.levels.replace(row, level)
        else:
            return
        self._identities += 1
