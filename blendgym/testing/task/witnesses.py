"""Whose fault it is that two episodes differ which should be the same."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from blendgym.errors import BlendgymError
from blendgym.server.witness import Event, episodes_in
from blendgym.testing.rollouts import rollout
from blendgym.testing.task.task_under_test import TaskUnderTest

WITNESSED = "blendgym.server.witness:Witnessed"


def witnessed_episodes(task: TaskUnderTest, seeds: Sequence[int]) -> list[list[Event]]:
    """What happens in episodes one after the other, in a Blender of their own."""
    with tempfile.TemporaryDirectory(prefix="blendgym-witness-") as folder:
        record = Path(folder) / "record"
        env = task.make(task=WITNESSED, witnessed=task.spec.kwargs["task"], record=str(record))
        for seed in seeds:
            rollout(env, seed, task.actions())
        env.close()
        return episodes_in(record)


def blame(task: TaskUnderTest, seed: int, others: Sequence[int], advice: str) -> str:
    """What to do about an episode that is not the same when it is played again: who did something else first.

    Args:
        task: Whose episodes differ.
        seed: Of the episode.
        others: Seeds of episodes that are played in between.
        advice: For the author, if the task is at fault.
    """
    try:
        first, *_, again = witnessed_episodes(task, [seed, *others, seed])
        (fresh,) = witnessed_episodes(task, [seed])
    except (BlendgymError, OSError) as error:
        return f"{advice} (It could not be watched: {error})"
    for one, other in ((first, again), (first, fresh)):
        for before, after in zip_longest(one, other):
            if before != after:
                return _told(before, after, advice)
    return f"Watched closely, it was the same every time. If the task has done nothing of the kind: {advice}"


def _told(before: Event | None, after: Event | None, advice: str) -> str:
    seen = after or before
    if seen is None or seen.by == "task":
        return f"The task itself did something else first: {_shown(after)} instead of {_shown(before)}. {advice}"
    return (
        f"The task did the same both times, and the world answered something else: {_shown(after)} instead of "
        f"{_shown(before)}. This is no fault of the task, but of blendgym, unless the task changes the scene without "
        "the world; please report it."
    )


def _shown(event: Event | None) -> str:
    return f"{event.what} {event.value}" if event else "nothing"
