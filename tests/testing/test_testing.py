"""The kits with which users test their tasks and servers: they find what is broken, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from unittest import SkipTest

import broken_servers
import numpy as np
import pytest
from places import CARTPOLE
from suite import SUITE_IDS, VARIANTS

from blendgym.cli import main
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import CheckFailed, InvalidOption, ServerUnreachable
from blendgym.testing import COMPLIANCE_CHECKS, CONFORMANCE_CHECKS, ServerUnderTest, TaskUnderTest, run_checks
from blendgym.testing.server import frame_checks, request_checks, session_checks
from blendgym.testing.task import documentation_checks as documentation
from blendgym.testing.task import interface_checks, observation_checks, parameter_checks, seed_checks, state_checks

IMAGES = {"obs_type": "rgb_depth_state", "width": 16, "height": 12}
SKIPPED = {"BlendNextView-v0": ["reset() lets the bodies settle"]}
"""What does not apply to an environment, and why."""

INTRINSICS = np.array([[8.0, 0.0, 8.0], [0.0, 8.0, 6.0], [0.0, 0.0, 1.0]])

BROKEN_TASKS = [
    ("faulty_tasks:Backwards", state_checks.check_the_task_loads, "control_rate is -5"),
    ("faulty_tasks:MissingBody", state_checks.check_the_task_loads, "no joint 'Elbow'"),
    (
        "broken_tasks:Misplaced",
        state_checks.check_bodies_and_joints_begin_where_reset_places_them,
        r"world.joint\('Hinge'\) at 0.05, but the episode begins with it at 0.1",
    ),
    ("broken_tasks:Undocumented", documentation.check_the_docstring_has_the_usual_headings, "but has none"),
    ("broken_tasks:WrongTable", documentation.check_the_docstring_has_the_table_of_the_parameters, r"0.25 \| 5 \|"),
    ("broken_tasks:WrongDtype", observation_checks.check_observations_are_elements_of_their_space, "float64"),
    (
        "broken_tasks:OutOfBounds",
        observation_checks.check_observations_are_elements_of_their_space,
        "the bounds",
    ),
    ("broken_tasks:NanReward", observation_checks.check_rewards_are_finite_numbers, "is nan"),
    ("broken_tasks:Gradual", observation_checks.check_success_is_told_in_every_step, "success=0.9; expected True"),
    ("broken_tasks:Unjudged-v0", observation_checks.check_success_is_told_in_every_step, "but is None"),
    ("broken_tasks:Aliasing-v0", observation_checks.check_observations_handed_out_are_never_changed, "row 0"),
    ("broken_tasks:GlobalRandom", seed_checks.check_the_same_seed_gives_the_same_episode, "row 0"),
    ("broken_tasks:Remembering", seed_checks.check_the_same_seed_gives_the_same_episode, "Track'\\).position"),
    ("broken_tasks:Meddling", seed_checks.check_the_same_seed_gives_the_same_episode, "no fault of the task, but"),
    ("broken_tasks:Seedless", seed_checks.check_another_seed_gives_another_episode, "not all give the same"),
    ("broken_tasks:PerProcess", seed_checks.check_a_fresh_server_gives_the_same_episode, "in a fresh Blender"),
    (
        "broken_tasks:Lingering",
        seed_checks.check_an_episode_with_late_actions_depends_on_no_other,
        r"set in reset\(\) whatever apply\(\) leaves behind",
    ),
    ("broken_tasks:SharedState", seed_checks.check_every_slot_gives_the_same_episode, "compared with slot"),
    ("broken_tasks:Skipping-v0", seed_checks.check_autoreset_in_the_next_step_gives_the_same_episodes, "NextStep"),
    ("broken_tasks:Skipping-v0", seed_checks.check_autoreset_in_the_same_step_gives_the_same_episodes, "SameStep"),
    (
        "broken_tasks:Clamped",
        parameter_checks.check_parameters_are_read_back_as_requested,
        "to 20 N, but 15 is in effect",
    ),
    ("broken_tasks:Inert", parameter_checks.check_every_parameter_has_an_effect, "scale 1 should differ"),
    (
        "broken_tasks:Sticky",
        parameter_checks.check_parameters_of_one_episode_leave_no_trace_in_the_next,
        "scale 1 and 20",
    ),
    ("broken_tasks:Prejudiced-v0", parameter_checks.check_nominal_values_given_by_name_change_nothing, "by name"),
    ("broken_tasks:Fragile", parameter_checks.check_episodes_stay_finite_at_the_corners_of_the_parameters, "scale 25"),
    ("broken_tasks:Taciturn-v0", interface_checks.check_the_checker_of_gymnasium_is_content, "not a dictionary"),
    ("broken_tasks:Taciturn-v0", interface_checks.check_the_checker_of_stable_baselines3_is_content, "dict"),
    ("broken_tasks:Clipping-v0", interface_checks.check_a_refused_action_changes_nothing, "dtype should raise"),
    ("broken_tasks:Mortal-v0", interface_checks.check_a_reset_heals_the_death_of_a_server, "dead"),
    ("broken_tasks:ClosedOnce-v0", interface_checks.check_close_may_be_called_twice, "closed already"),
]

REFUSALS = (
    *request_checks.REQUEST_CHECKS,
    frame_checks.check_garbage_is_refused,
    frame_checks.check_truncated_messages_are_refused,
    frame_checks.check_arrays_that_claim_to_be_what_they_are_not_are_refused,
    session_checks.check_a_hello_with_a_wrong_token_is_refused,
    session_checks.check_a_hello_of_another_major_version_is_refused,
    session_checks.check_a_hello_without_a_secret_is_refused,
    session_checks.check_a_second_client_is_told_that_the_server_is_busy,
    session_checks.check_a_stranger_cannot_act_in_a_session,
    session_checks.check_an_old_request_is_refused,
)
"""Those that expect a refusal in the midst of episodes."""

BROKEN_SERVERS = [
    (broken_servers.Boasting, session_checks.check_the_welcome_describes_the_server, "A legal reset"),
    (broken_servers.WrongNumbers, session_checks.check_every_reply_has_the_number_of_its_request, "should have its"),
    (broken_servers.Stammering, session_checks.check_every_reply_has_the_number_of_its_request, "exactly one reply"),
    (broken_servers.Trusting, session_checks.check_a_request_before_hello_is_refused, "with Pong"),
    (broken_servers.Trusting, session_checks.check_a_second_client_is_told_that_the_server_is_busy, "with Welcome"),
    (broken_servers.Trusting, session_checks.check_a_stranger_cannot_act_in_a_session, "with Stepped"),
    (broken_servers.Trusting, session_checks.check_the_next_client_begins_anew, "with Stepped"),
    (broken_servers.Credulous, session_checks.check_a_hello_with_a_wrong_token_is_refused, "with Welcome"),
    (broken_servers.Credulous, session_checks.check_a_hello_of_another_major_version_is_refused, "with Welcome"),
    (broken_servers.Credulous, session_checks.check_a_hello_without_a_secret_is_refused, "with Welcome"),
    (broken_servers.Oblivious, session_checks.check_a_repeated_request_is_not_carried_out_again, "repeated request"),
    (broken_servers.Oblivious, session_checks.check_an_old_request_is_refused, "with Stepped"),
    (broken_servers.StepsWhenGreeted, session_checks.check_a_client_that_comes_back_finds_its_episodes, "came back"),
    (broken_servers.Vague, session_checks.check_a_step_after_the_end_of_an_episode_is_refused, "is with error"),
    (broken_servers.Speechless, frame_checks.check_flipped_bits_do_no_lasting_harm, "there is no reply"),
    (broken_servers.Clumsy, frame_checks.check_strangers_who_break_off_disturb_nobody, "there is no reply"),
    *((broken_servers.StepsWhenItRefuses, check, "in whose midst") for check in REFUSALS),
    *((broken_servers.Vague, check, "is with error") for check in REFUSALS),
]


@pytest.mark.parametrize(
    ("env_id", "arguments"),
    [
        ("BlendCartpole-v0", {}),
        pytest.param("BlendCartpole-v0", IMAGES, marks=pytest.mark.long),
        *(
            pytest.param(env_id, {}, marks=pytest.mark.long)
            for env_id in (*SUITE_IDS, *VARIANTS)
            if env_id != "BlendCartpole-v0"
        ),
    ],
)
@pytest.mark.timeout(600)
def test_every_environment_conforms(env_id, arguments):
    with TaskUnderTest(env_id, **arguments) as task:
        results = list(run_checks(CONFORMANCE_CHECKS, task))
    assert [result for result in results if result.failure] == []
    assert [result.skipped for result in results if result.skipped] == SKIPPED.get(env_id, [])


@pytest.mark.parametrize(("task", "check", "message"), BROKEN_TASKS)
def test_the_conformance_kit_finds_what_is_broken(task, check, message):
    with TaskUnderTest(task) as broken, pytest.raises(Exception, match=message):
        check(broken)


def test_a_task_that_does_not_load_is_told_once_and_what_needs_no_blender_is_checked_all_the_same():
    with TaskUnderTest("faulty_tasks:MissingBody") as broken:
        results = {result.title: result for result in run_checks(CONFORMANCE_CHECKS, broken)}
    assert "no joint 'Elbow'" in results.pop("the task loads").failure
    assert "should have the headings" in results.pop("the docstring has the usual headings").failure
    assert "should be the table" in results.pop("the docstring has the table of the parameters").failure
    results.pop("the spec survives copying and json")
    assert {result.skipped for result in results.values()} == {"the task does not load"}


def test_a_scene_without_a_camera_and_a_task_without_parameters_are_held_against_nobody():
    with TaskUnderTest("tasks:Filmed", file="nothing") as task:
        interface_checks.check_the_checker_of_gymnasium_is_content(task)
        with pytest.raises(SkipTest, match="the task has no parameters"):
            documentation.check_the_docstring_has_the_table_of_the_parameters(task)


def test_cameras_that_reset_places_are_held_against_nobody():
    with TaskUnderTest("blendgym.photographs.depth.scenario:Room", camera="Left") as task:
        state_checks.check_bodies_and_joints_begin_where_reset_places_them(task)


def test_arguments_that_do_not_survive_json_are_found():
    broken = TaskUnderTest(CARTPOLE, obs_type="rgb", camera_options={"intrinsics": INTRINSICS})
    with broken, pytest.raises(CheckFailed, match="should survive JSON"):
        interface_checks.check_the_spec_survives_copying_and_json(broken)


def test_every_check_of_a_task_has_something_to_find():
    found = {check for _, check, _ in BROKEN_TASKS}
    assert set(CONFORMANCE_CHECKS) - found == {interface_checks.check_the_spec_survives_copying_and_json}


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    endpoint = f"ipc://{tmp_path_factory.mktemp('server')}/socket"
    process = ServerProcess(CARTPOLE, {}, slots=2, endpoint=endpoint, idle_timeout=600.0)
    yield process.endpoint
    process.stop()


@pytest.fixture
def between(real, tmp_path):
    """Puts somebody between a real server and its client; gives the address."""
    made = []

    def put(cls):
        made.append(cls(real, f"ipc://{tmp_path}/socket"))
        return f"ipc://{tmp_path}/socket"

    yield put
    for each in made:
        each.close()


def test_a_launched_server_with_discrete_actions_complies():
    with ServerUnderTest("BlendCartpole-v0", action_type="discrete") as server:
        assert [result for result in run_checks(COMPLIANCE_CHECKS, server) if result.failure or result.skipped] == []


def test_a_server_behind_an_honest_middleman_complies(between):
    with ServerUnderTest(address=between(broken_servers.Honest)) as server:
        assert [result for result in run_checks(COMPLIANCE_CHECKS, server) if result.failure] == []


@pytest.mark.parametrize(("server", "check", "message"), BROKEN_SERVERS)
def test_the_compliance_kit_finds_what_is_broken(between, server, check, message):
    with ServerUnderTest(address=between(server), seconds=0.5) as broken, pytest.raises(CheckFailed, match=message):
        check(broken)


def test_every_check_of_a_server_has_something_to_find():
    assert {check for _, check, _ in BROKEN_SERVERS} == set(COMPLIANCE_CHECKS)


def test_what_is_neither_a_task_nor_an_environment_of_blendgym_is_refused():
    for name in ("NoSuchThing-v0", "CartPole-v1"):
        with pytest.raises(InvalidOption, match=name):
            TaskUnderTest(name)
    with pytest.raises(InvalidOption, match="either a task or the address"):
        ServerUnderTest()


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("tcp://127.0.0.1:1", ServerUnreachable),
        ("ipc:///no/such/socket", ServerUnreachable),
        ("http://localhost", InvalidOption),
    ],
)
def test_an_address_without_a_server_is_told_before_any_check(address, error):
    with pytest.raises(error):
        ServerUnderTest(address=address)


def test_whatever_a_check_raises_is_a_result():
    def check_that_passes(subject):
        pass

    def check_that_does_not_apply(subject):
        raise SkipTest("not here")

    def check_that_fails(subject):
        raise CheckFailed(f"{subject} is wrong")

    def check_that_breaks(subject):
        raise ZeroDivisionError("by zero")

    checks = check_that_passes, check_that_does_not_apply, check_that_fails, check_that_breaks
    assert [(result.title, result.failure, result.skipped) for result in run_checks(checks, "it")] == [
        ("that passes", "", ""),
        ("that does not apply", "", "not here"),
        ("that fails", "it is wrong", ""),
        ("that breaks", "ZeroDivisionError: by zero", ""),
    ]


def test_the_command_says_what_failed_and_ends_with_1(between, capsys):
    with pytest.raises(SystemExit, match="1"):
        main(["check", between(broken_servers.Vague)])
    shown = capsys.readouterr().out
    assert "✓" in shown
    assert "✗" in shown
    assert "should be refused with the code invalid_action" in shown
    assert "of 23 checks failed" in shown


def test_the_command_checks_a_server_of_its_own_and_a_task_of_the_current_folder(tmp_path):
    (tmp_path / "mine.py").write_text("from blendgym.envs.cartpole.task import Cartpole\nclass Mine(Cartpole): pass\n")
    command = [sys.executable, "-m", "blendgym", "check", "mine:Mine", "--server"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[-1] == "All 23 checks passed."
