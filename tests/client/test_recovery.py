"""What breaks is replaced, what does not is left alone, and what follows is what would have been."""

from __future__ import annotations

import gc
import os
import signal
import weakref

import numpy as np
import psutil
import pytest
from gymnasium.vector import AutoresetMode
from places import CARTPOLE
from sabotage import COMMAND, DYING_AT_ONCE, DYING_IN_RESET, FAILING_IN_RESET, SABOTAGED

from blendgym.client import restarts
from blendgym.errors import ResetNeeded, RestartLimitReached, ServerDied, ServerStartError, TaskError
from blendgym.vector.vector_env import BlendVectorEnv

STILL = np.zeros(1, np.float32)
BAD = np.full(1, COMMAND, np.float32)
DEADLINES = {"step": 1.5}

OF_THE_TASK = {"raise": "task_error", "leave": "task_error", "nan": "simulation_diverged", "missing": "scene_error"}
OF_THE_SERVER = {"kill": "server_died", "crash": "server_died", "stop": "server_timeout"}


def errors(everyday):
    """Each sabotage with the code of its error; the others are for the long tests."""
    return [
        pytest.param(sabotage, code, marks=() if sabotage in everyday else pytest.mark.long)
        for sabotage, code in (OF_THE_TASK | OF_THE_SERVER).items()
    ]


@pytest.fixture
def make_vec():
    made = []

    def make(task=CARTPOLE, num_envs=4, num_servers=2, **arguments):
        made.append(BlendVectorEnv(task, num_envs, num_servers=num_servers, **arguments))
        return made[-1]

    yield make
    for envs in made:
        envs.close()


@pytest.fixture(scope="module")
def undisturbed():
    """Environments that have the same task, and that nothing happens to."""
    envs = BlendVectorEnv(SABOTAGED, 4, num_servers=2, sabotage="raise")
    yield envs
    envs.close()


def gentle(count, steps, seed=0):
    """Actions that keep the pole up for a while and are never the command."""
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (steps, count, 1)).astype(np.float32)


@pytest.mark.parametrize(("sabotage", "code"), errors(everyday=("raise", "nan", "missing", "kill", "stop")))
def test_an_error_ends_the_episode_and_the_next_one_is_what_it_would_have_been(make_env, cartpole, sabotage, code):
    env = make_env(SABOTAGED, sabotage=sabotage, on_error="truncate", deadlines=DEADLINES)
    env.reset(seed=1)
    pid = env.server_pid
    last, *_ = env.step(STILL)
    observation, reward, terminated, truncated, info = env.step(BAD)
    np.testing.assert_array_equal(observation, last)
    assert (reward, terminated, truncated, info["error"]["code"]) == (0.0, False, True, code)
    cartpole.reset(seed=1)
    np.testing.assert_array_equal(env.reset()[0], cartpole.reset()[0])
    np.testing.assert_array_equal(env.step(STILL)[0], cartpole.step(STILL)[0])
    assert (env.server_pid == pid) == (sabotage in OF_THE_TASK)


def test_an_error_names_its_episode_and_step_and_the_episode_can_be_played_again(make_env):
    env = make_env(SABOTAGED, sabotage="raise")
    first, info = env.reset(seed=1)
    seed = info["randomization"]["seed"]
    env.step(STILL)
    with pytest.raises(TaskError) as caught:
        env.step(BAD)
    assert caught.value.details == {"seed": seed, "step": 2}
    assert f"step 2 of the episode with seed {seed}" in caught.value.__notes__[0]
    np.testing.assert_array_equal(env.reset(options={"replay": info["randomization"]})[0], first)


def test_of_many_environments_an_error_names_the_episode_of_the_one_that_has_failed(make_vec):
    envs = make_vec(SABOTAGED, sabotage="raise")
    first, infos = envs.reset(seed=1)
    actions = np.zeros((4, 1), np.float32)
    envs.step(actions)
    actions[1] = COMMAND
    with pytest.raises(TaskError) as caught:
        envs.step(actions)
    seed = infos["randomization"]["seed"][1]
    assert caught.value.details == {"seed": seed, "step": 2, "environment": 1}
    assert f"step 2 of the episode with seed {seed} in environment 1; " in caught.value.__notes__[0]
    again, _ = envs.reset(options={"replay": [None, envs.unwrapped.slots[1].randomization, None, None]})
    np.testing.assert_array_equal(again[1], first[1])


def test_of_many_environments_the_death_of_a_server_names_all_that_it_had(make_vec):
    envs = make_vec(SABOTAGED, sabotage="kill")
    envs.reset(seed=1)
    actions = np.zeros((4, 1), np.float32)
    actions[3] = COMMAND
    with pytest.raises(ServerDied) as caught:
        envs.step(actions)
    assert caught.value.details["environment"] == 2
    assert "in environment 2 (its server had 3, too); " in caught.value.__notes__[0]


def test_an_episode_that_cannot_begin_is_named(make_env, make_vec):
    env = make_env(FAILING_IN_RESET)
    env.reset()
    with pytest.raises(TaskError) as caught:
        env.reset()
    seed = env.randomization["seed"]
    assert caught.value.details == {"seed": seed, "step": 0}
    assert f"the beginning of the episode with seed {seed}; " in caught.value.__notes__[0]
    envs = make_vec(FAILING_IN_RESET)
    envs.reset()
    with pytest.raises(TaskError) as caught:
        envs.reset(options={"reset_mask": np.array([False, False, False, True])})
    seed = envs.slots[3].randomization["seed"]
    assert caught.value.details == {"seed": seed, "step": 0, "environment": 3}
    assert f"the beginning of the episode with seed {seed} in environment 3; " in caught.value.__notes__[0]


def test_a_reply_that_is_garbage_ends_the_episode_like_any_other_error(make_env, cartpole, monkeypatch):
    env = make_env(on_error="truncate")
    env.reset(seed=1)
    socket = env._host.link_of(0).connection._socket
    receive = socket.receive
    monkeypatch.setattr(socket, "receive", lambda: [receive()[0][:-1]])
    _, _, terminated, truncated, info = env.step(STILL)
    assert (terminated, truncated, info["error"]["code"]) == (False, True, "malformed_message")
    cartpole.reset(seed=1)
    np.testing.assert_array_equal(env.reset()[0], cartpole.reset()[0])
    np.testing.assert_array_equal(env.step(STILL)[0], cartpole.step(STILL)[0])


@pytest.mark.parametrize(("sabotage", "code"), errors(everyday=("raise", "kill", "stop")))
def test_an_error_in_one_slot_leaves_the_others_as_they_are(make_vec, undisturbed, cartpole, sabotage, code):
    envs = make_vec(SABOTAGED, sabotage=sabotage, on_error="truncate", deadlines=DEADLINES)
    lost = [1] if sabotage in OF_THE_TASK else [0, 1]
    others = [row for row in range(4) if row not in lost]
    for each in (envs, undisturbed):
        each.reset(seed=7)
    for number, actions in enumerate(gentle(4, 8)):
        expected, *_ = undisturbed.step(actions)
        if number == 3:
            actions[1] = COMMAND
        observed, rewards, _, truncations, infos = envs.step(actions)
        np.testing.assert_array_equal(observed[others], expected[others])
        if number == 3:
            assert truncations.nonzero()[0].tolist() == lost
            assert rewards.tolist() == [0.0 if row in lost else 1.0 for row in range(4)]
            assert [infos["error"]["code"][row] for row in lost] == [code] * len(lost)
            assert [infos["error"]["step"][row] for row in lost] == [4] * len(lost)
        else:
            assert not truncations.any()
        if number == 4:
            first = observed[lost]
    for row, begun in zip(lost, first, strict=True):
        cartpole.reset(seed=7 + row)
        np.testing.assert_array_equal(begun, cartpole.reset()[0])


def test_a_server_that_was_replaced_leaves_no_buffers_behind(make_vec):
    envs = make_vec(num_envs=2, num_servers=1, on_error="truncate")
    envs.reset()
    link = weakref.ref(envs._hosts[0].link_of(0))
    os.kill(envs.slots[0].server_pid, signal.SIGKILL)
    for _ in range(3):
        envs.step(np.zeros((2, 1), np.float32))
    gc.collect()
    assert link() is None


@pytest.mark.parametrize(
    "mode",
    [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, pytest.param(AutoresetMode.DISABLED, marks=pytest.mark.long)],
)
def test_every_autoreset_mode_goes_on_after_a_death(make_vec, mode):
    envs = make_vec(num_envs=2, on_error="truncate", autoreset_mode=mode)
    envs.reset(seed=0)
    os.kill(envs.slots[0].server_pid, signal.SIGKILL)
    _, _, _, truncations, _ = envs.step(np.zeros((2, 1), np.float32))
    assert truncations.tolist() == [True, False]
    if mode is AutoresetMode.DISABLED:
        envs.reset(options={"reset_mask": truncations})
    for _ in range(2):
        _, _, _, truncations, _ = envs.step(np.zeros((2, 1), np.float32))
        assert not truncations.any()


def test_an_error_that_is_raised_leaves_many_environments_usable_after_reset(make_vec, undisturbed):
    envs = make_vec(SABOTAGED, sabotage="kill")
    envs.reset(seed=7)
    with pytest.raises(ServerDied, match="SIGKILL"):
        envs.step(np.repeat([BAD], 4, axis=0))
    with pytest.raises(ResetNeeded, match="after an error"):
        envs.step(np.zeros((4, 1), np.float32))
    for each in (envs, undisturbed):
        each.reset(seed=8)
    for actions in gentle(4, 5):
        np.testing.assert_array_equal(envs.step(actions)[0], undisturbed.step(actions)[0])


@pytest.mark.parametrize("on_error", ["raise", "truncate"])
def test_a_server_that_dies_in_a_reset_is_replaced_in_the_same_call(make_env, cartpole, on_error):
    env = make_env(DYING_IN_RESET, on_error=on_error)
    for each in (env, cartpole):
        each.reset(seed=3)
    pid = env.server_pid
    np.testing.assert_array_equal(env.reset()[0], cartpole.reset()[0])
    np.testing.assert_array_equal(env.step(STILL)[0], cartpole.step(STILL)[0])
    assert env.server_pid != pid


def test_servers_that_die_in_a_reset_of_many_environments_are_replaced_in_the_same_call(make_vec, undisturbed):
    envs = make_vec(DYING_IN_RESET, on_error="truncate")
    for each in (envs, undisturbed):
        each.reset(seed=3)
    np.testing.assert_array_equal(envs.reset()[0], undisturbed.reset()[0])
    for actions in gentle(4, 3):
        np.testing.assert_array_equal(envs.step(actions)[0], undisturbed.step(actions)[0])


def test_a_server_that_is_killed_while_it_is_launched_is_launched_again(make_env, monkeypatch):
    from blendgym.client.process import launcher

    launched = []
    start = launcher._start

    def start_and_kill_the_first(*arguments):
        launched.append(start(*arguments))
        if len(launched) == 1:
            launched[0].kill()
        return launched[-1]

    monkeypatch.setattr(launcher, "_start", start_and_kill_the_first)
    env = make_env(on_error="truncate")
    env.reset()
    assert len(launched) == 2


def test_a_task_that_fails_at_once_is_given_up_with_its_first_error(make_env, make_vec):
    others = servers()
    for make in (make_env, make_vec):
        made = make(DYING_AT_ONCE, on_error="truncate", max_restarts=1)
        with pytest.raises(RestartLimitReached, match=r"max_restarts=1 .*ServerStartError: .*exit code 3") as caught:
            made.reset()
        made.close()
        assert isinstance(caught.value.__cause__, ServerStartError)
        assert caught.value.details["failures"] == 2
    assert servers() == others


def test_failures_that_take_longer_than_a_minute_each_are_counted_until_an_episode_begins(make_env, monkeypatch):
    monkeypatch.setattr(restarts, "MINUTE", 0.01)
    env = make_env(DYING_AT_ONCE, on_error="truncate", max_restarts=1)
    with pytest.raises(RestartLimitReached, match=r"max_restarts=1 .*ServerStartError: .*exit code 3"):
        env.reset()


def test_failures_with_a_minute_and_an_episode_between_them_are_forgotten(make_env, monkeypatch):
    monkeypatch.setattr(restarts, "MINUTE", 0.01)
    env = make_env(on_error="truncate", max_restarts=1)
    for _ in range(3):
        env.reset()
        env.step(STILL)
        os.kill(env.server_pid, signal.SIGKILL)
        env.step(STILL)


def test_of_several_failures_the_first_is_the_one_that_is_told(make_env):
    env = make_env(on_error="truncate", max_restarts=1)
    env.reset()
    os.kill(env.server_pid, signal.SIGSEGV)
    env.step(STILL)
    env.reset()
    os.kill(env.server_pid, signal.SIGKILL)
    env.step(STILL)
    with pytest.raises(RestartLimitReached, match="The first failure was ServerDied: .*SIGSEGV"):
        env.reset()


def test_a_reset_that_fails_in_the_middle_of_a_step_is_never_followed_by_an_old_reply(make_vec, undisturbed):
    envs = make_vec(FAILING_IN_RESET, num_envs=2, on_error="truncate")
    envs.reset(seed=[7, None])
    servers = [slot.server_pid for slot in envs.slots]
    actions = gentle(2, 1)[0]
    actions[1] = COMMAND
    envs.step(actions)
    with pytest.raises(TaskError, match="math domain error"):
        envs.step(gentle(2, 1, seed=1)[0])  # Environment 0 steps while environment 1 fails to begin.
    with pytest.raises(ResetNeeded, match="after an error"):
        envs.step(gentle(2, 1, seed=2)[0])
    first, second = ({"reset_mask": np.array(mask)} for mask in ([True, False], [False, True]))
    envs.reset(options=second)
    with pytest.raises(TaskError, match="math domain error"):
        envs.reset(options=first)  # Its second time, too.
    observations, _ = envs.reset(seed=[8, None], options=first)
    np.testing.assert_array_equal(observations[0], undisturbed.reset(seed=8)[0][0])
    assert [slot.server_pid for slot in envs.slots] == servers


@pytest.mark.parametrize(
    ("wear", "episodes"),
    [({"max_steps_per_server": 10}, 3), ({"max_rss": 1}, 2)],  # A second server after two episodes, and after one.
)
def test_a_worn_out_server_is_replaced_and_nobody_can_tell(make_env, cartpole, wear, episodes):
    env = make_env(**wear)
    pids = set()
    for each in (env, cartpole):
        each.reset(seed=5)
    for episode in range(episodes):
        for (action,) in gentle(1, 6, seed=episode):
            np.testing.assert_array_equal(env.step(action)[0], cartpole.step(action)[0])
        pids.add(env.server_pid)
        np.testing.assert_array_equal(env.reset()[0], cartpole.reset()[0])
    assert len(pids) == 2


@pytest.mark.parametrize(
    ("mode", "wear"),
    [
        (AutoresetMode.NEXT_STEP, {"max_steps_per_server": 60}),
        pytest.param(AutoresetMode.SAME_STEP, {"max_rss": 1}, marks=pytest.mark.long),
    ],
)
def test_episodes_on_a_worn_out_server_go_on_while_new_ones_begin_on_its_successor(make_vec, mode, wear):
    others = servers()
    envs, steady = make_vec(autoreset_mode=mode, **wear), make_vec(autoreset_mode=mode, num_servers=1)
    for each in (envs, steady):
        each.reset(seed=11)
    most = 0
    for number in range(45):
        actions = np.sin(np.arange(4) + number * np.array([0.2, 0.4, 0.7, 1.3])).astype(np.float32)[:, None]
        for mine, theirs in zip(envs.step(actions)[:4], steady.step(actions)[:4], strict=True):
            np.testing.assert_array_equal(mine, theirs)
        most = max(most, len(servers() - others))
    assert 1 + 2 < most <= 1 + 4, "no server had its successor beside it, or there were more than slots"
    envs.close()
    steady.close()
    assert servers() == others


def servers():
    return {child.pid for child in psutil.Process().children()}
