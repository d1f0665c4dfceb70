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

A scenario is checked likewise, by ``SCENARIO_CHECKS``.

A check fails with ``CheckFailed``, or with whatever the environment raises; one that does not apply is skipped.
"""

from __future__ import annotations

from blendgym.testing.task import interface_checks, observation_checks, seed_checks
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

SCENARIO_CHECKS = (
    *STATE_CHECKS,
    observation_checks.check_observations_are_elements_of_their_space,
    observation_checks.check_observations_handed_out_are_never_changed,
    seed_checks.check_the_same_seed_gives_the_same_episode,
    seed_checks.check_another_seed_gives_another_episode,
    seed_checks.check_a_fresh_server_gives_the_same_episode,
    seed_checks.check_every_slot_gives_the_same_episode,
    *PARAMETER_CHECKS,
    interface_checks.check_the_spec_survives_copying_and_json,
    interface_checks.check_a_reset_heals_the_death_of_a_server,
    interface_checks.check_close_may_be_called_twice,
)
"""Every check of a scenario: those of a task that need neither actions nor rewards. An episode is one sample."""
