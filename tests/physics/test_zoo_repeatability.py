"""Every animal of the zoo passes the kit that users test their tasks with, and repeats itself bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from blendgym.testing import CONFORMANCE_CHECKS, TaskUnderTest
from blendgym.testing.task.documentation_checks import DOCUMENTATION_CHECKS
from blendgym.testing.task.interface_checks import INTERFACE_CHECKS

OFTEN = ["Bounce", "Chain", "Conveyor"]
"""A contact, joints, and a body that moves by itself."""

ANIMALS = [
    *OFTEN,
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("Fall", "Slope", "Rolling", "Weld", "Swing", "Lever", "Pile")
    ),
]
CHECKS = [
    pytest.param(check, marks=pytest.mark.long) if check in INTERFACE_CHECKS else check
    for check in CONFORMANCE_CHECKS
    if check not in DOCUMENTATION_CHECKS  # the docstrings of the zoo are short
]


def episode(env, seed=3, steps=20):
    actions = np.random.default_rng(0).uniform(-1.0, 1.0, (steps, 1)).astype(np.float32)
    rows = [env.reset(seed=seed)[0]]
    return np.array([*rows, *(env.step(action)[0] for action in actions)])


@pytest.fixture(scope="module", params=ANIMALS)
def task(request):
    with TaskUnderTest(f"zoo.tasks:{request.param}") as task:
        yield task


@pytest.mark.parametrize("check", CHECKS)
def test_it_conforms(task, check):
    check(task)


def test_a_hundred_resets_and_three_servers_change_not_a_bit(task):
    expected = episode(task.env)
    assert len(np.unique(expected, axis=0)) > 15
    for seed in range(100):
        task.env.reset(seed=seed)
    np.testing.assert_array_equal(episode(task.env), expected)
    for _ in range(2):
        fresh = task.make()
        np.testing.assert_array_equal(episode(fresh), expected)
        fresh.close()
