"""A task loads, and its episodes begin in the state that ``reset`` has set."""

from __future__ import annotations

from unittest import SkipTest

import numpy as np

from blendgym.server.witness import PLACED
from blendgym.testing.checks import require
from blendgym.testing.task.task_under_test import TaskUnderTest
from blendgym.testing.task.witnesses import witnessed_episodes

SEEDS = (7, 8)
TOLERANCE = 1e-3  # m, rad, or an element of a matrix


def check_the_task_loads(task: TaskUnderTest) -> None:
    """Makes an environment and begins an episode; all that is wrong with the task and its scene is told at once."""
    task.load()


def check_bodies_and_joints_begin_where_reset_places_them(task: TaskUnderTest) -> None:
    """Watches what ``reset`` places, and looks where it is when the episode has begun."""
    for episode in witnessed_episodes(task, SEEDS):
        if any(event.what == "world.settle" for event in episode):
            raise SkipTest(f"{task.beginning} lets the bodies settle")
        for event in episode:
            if not event.what.endswith(PLACED):
                continue
            (asked, is_at), what = event.value, event.what.removesuffix(PLACED)
            require(
                np.allclose(asked, is_at, rtol=0.0, atol=TOLERANCE),
                f"{task.beginning} places {what} at {asked}, but the episode begins with it at {is_at}. "
                "Place it within the limits of its constraints, and where it is stuck in nothing; if it was, this is a "
                "fault of blendgym: please report it.",
            )


STATE_CHECKS = (check_the_task_loads, check_bodies_and_joints_begin_where_reset_places_them)
