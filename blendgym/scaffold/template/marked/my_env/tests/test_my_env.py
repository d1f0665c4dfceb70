"""The checks of blendgym find nothing."""

import pytest

from blendgym.testing import CONFORMANCE_CHECKS, TaskUnderTest


@pytest.fixture(scope="module")
def task():
    with TaskUnderTest("my_env:MyEnv-v0") as task:
        yield task


@pytest.mark.parametrize("check", CONFORMANCE_CHECKS)
def test_it_conforms(check, task):
    check(task)
