"""The conformance kit: what every task of blendgym has to do, checked with a real Blender.

With pytest, each check is a test with a name of its own:

    import pytest
    from blendgym.testing import CONFORMANCE_CHECKS, TaskUnderTest

    @pytest.fixture(scope="module")
    def task():
        with TaskUnderTest("my_scenes.reacher:Reacher") as task:
            yield task

    @pytest.mark.parametrize("check", CONFORMANCE_CHECKS)
    def test_the_reacher_conforms(check, task):
        check(task)

A check fails with ``CheckFailed``, or with whatever the environment raises; one that does not apply is skipped.
"""

from __future__ import annotations

from blendgym.testing.task.documentation_checks import DOCUMENTATION_CHECKS
from blendgym.testing.task.interface_checks import INTERFACE_CHECKS
from blendgym.testing.task.observation_checks import OBSERVATION_CHECKS
from blendgym.testing.task.parameter_checks import PARAMETER_CHECKS
from blendgym.testing.task.seed_checks import SEED_CHECKS
from blendgym.testing.task.state_checks import STATE_CHECKS

CONFORMANCE_CHECKS = (
    *STATE_CHECKS,
    *DOCUMENTATION_CHECKS,
    *OBSERVATION_CHECKS,
    *SEED_CHECKS,
    *PARAMETER_CHECKS,
    *INTERFACE_CHECKS,
)
"""Every check of a task, in the order in which a failure is easiest to understand."""
