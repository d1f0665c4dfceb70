"""The puck moves as Newton says, and the checks of blendgym find nothing."""

import numpy as np
import pytest

from blendgym.testing import CONFORMANCE_CHECKS, TaskUnderTest


@pytest.fixture(scope="module")
def task():
    with TaskUnderTest("my_env:MyEnv-v0") as task:
        yield task


@pytest.mark.parametrize("check", CONFORMANCE_CHECKS)
def test_it_conforms(check, task):
    check(task)


@pytest.mark.parametrize("mass", [0.5, 1.0])
def test_a_steady_force_accelerates_the_puck_evenly(task, mass):
    (start, _), _ = task.env.reset(seed=0, options={"params": {"puck.mass": mass}})
    for _ in range(10):  # half a second
        observation, *_ = task.env.step(np.ones(1, np.float32))
    assert observation == pytest.approx([start + 0.5**2 / (2 * mass), 0.5 / mass], abs=0.01)
