"""Many environments on a few servers: the episodes of single environments, bit for bit, under Gymnasium's rules."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from places import CARTPOLE
from vectors import ACTIONS, COUNT, LIMIT, SEED, assert_same, in_mode, make_vec, rollout, rollout_of, single

from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import InvalidOption

modes = pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def reference():
    """What single environments do under Gymnasium's own vector environment, by autoreset mode."""
    envs, results = SyncVectorEnv([single] * COUNT), {}
    for mode in AutoresetMode:
        results[mode] = rollout(in_mode(envs, mode))
    envs.close()
    return results


def test_the_reference_has_both_kinds_of_endings(reference):
    _, _, terminations, truncations, _ = zip(*reference[AutoresetMode.SAME_STEP][1:], strict=True)
    assert np.any(terminations)
    assert np.any(truncations, axis=0).sum() >= 2


def test_the_reference_is_what_an_environment_does_alone(reference):
    env = single()
    alone = [env.reset(seed=SEED + 1)[0]]
    for action in ACTIONS[:LIMIT, 1]:
        observation, *_ = env.step(action)
        alone.append(observation)
    env.close()
    np.testing.assert_array_equal(alone, [result[0][1] for result in reference[AutoresetMode.NEXT_STEP][: LIMIT + 1]])


@pytest.mark.parametrize("num_servers", [1, 2, pytest.param(3, marks=pytest.mark.long)])
@modes
def test_observations_rewards_flags_and_infos_are_those_of_single_environments(reference, mode, num_servers):
    assert_same(rollout_of(make_vec(autoreset_mode=mode, num_servers=num_servers)), reference[mode])


@pytest.mark.parametrize(
    "mode",
    [AutoresetMode.NEXT_STEP, pytest.param(AutoresetMode.SAME_STEP, marks=pytest.mark.long)],
    ids=lambda mode: mode.name,
)
def test_asynchronous_single_environments_do_the_same(reference, mode):
    envs = AsyncVectorEnv([single] * COUNT, autoreset_mode=mode)
    assert_same(rollout_of(envs, steps=20), reference[mode][:21])


def test_servers_that_somebody_else_has_launched_do_the_same(reference):
    arguments = {"endpoint": "tcp://127.0.0.1:*", "idle_timeout": 60.0}
    served = [ServerProcess(CARTPOLE, {"action_type": "discrete"}, slots=2, **arguments) for _ in range(2)]
    addresses = [server.endpoint for server in served]
    assert_same(rollout_of(make_vec(address=addresses)), reference[AutoresetMode.NEXT_STEP])
    with pytest.raises(InvalidOption, match="has 2 slots, and 4 environments are to be there"):
        rollout_of(make_vec(address=addresses[:1]))
    with pytest.raises(InvalidOption, match="num_servers is 3, but address= names 2"):
        make_vec(address=addresses, num_servers=3)
    for server in served:
        server.stop()


@modes
def test_an_episode_may_be_terminated_and_truncated_in_the_same_step(reference, mode):
    fall = 1 + next(step for step, result in enumerate(reference[mode][1:]) if result[2][0])
    arguments = {"max_episode_steps": fall}
    theirs = SyncVectorEnv([lambda: single(**arguments)] * 2, autoreset_mode=mode)
    ours = rollout_of(make_vec(2, autoreset_mode=mode, **arguments))
    assert_same(ours, rollout_of(theirs))
    _, _, terminations, truncations, _ = ours[fall]
    assert terminations.tolist() == [True, False]
    assert truncations.tolist() == [True, True]


def test_without_a_time_limit_only_the_task_ends_episodes():
    envs = make_vec(2, max_episode_steps=-1)
    envs.reset(seed=SEED)
    ended = [envs.step(np.array([1, step % 2]))[2:4] for step in range(LIMIT + 1)]
    envs.close()
    assert not np.any([truncations for _, truncations in ended])
    assert np.any([terminations for terminations, _ in ended])


def test_no_environment_replays_its_last_episode():
    """Blender keeps the frames that it has simulated, and throws them away by itself only in one of its scenes."""
    envs = make_vec(num_servers=2)

    def run(action):
        envs.reset(seed=0)
        return [envs.step(np.full(COUNT, action))[0] for _ in range(5)]

    first, other, again = run(0), run(1), run(0)
    envs.close()
    np.testing.assert_array_equal(first, again)
    assert all(not np.array_equal(first[-1][row], other[-1][row]) for row in range(COUNT))
