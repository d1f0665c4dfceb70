"""Many environments as stable-baselines3 knows them."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from stable_baselines3.common.vec_env import DummyVecEnv, VecVideoRecorder
from vectors import ACTIONS, ARGUMENTS, ENV_ID, LIMIT, SEED, assert_same, make_vec, single

from blendgym.agents import StableBaselinesVecEnv, make_vec_env
from blendgym.errors import InvalidOption


def rollout(envs):
    envs.seed(SEED)
    results = [envs.reset()]
    for actions in ACTIONS:
        results.append((*envs.step(actions), list(envs.reset_infos)))
    envs.close()
    return results


@pytest.fixture(scope="module", params=[None, ["dynamics", "sensor"]], ids=["nominal", "randomized"])
def reference(request):
    """The parameters that are drawn, and what stable-baselines3 sees of single environments then."""
    theirs = DummyVecEnv([lambda: single(randomize=request.param)] * len(ACTIONS[0]))
    return request.param, rollout(theirs)


@pytest.mark.parametrize("num_servers", [pytest.param(1, marks=pytest.mark.long), 2])
def test_stable_baselines_sees_what_it_sees_of_single_environments(reference, num_servers):
    randomize, expected = reference
    ours = make_vec(autoreset_mode="SameStep", num_servers=num_servers, randomize=randomize)
    assert_same(rollout(StableBaselinesVecEnv(ours)), expected)


def test_the_adapter_speaks_for_each_environment(tmp_path):
    made = make_vec_env(ENV_ID, 3, num_servers=1, seed=0, monitor_dir=tmp_path, **ARGUMENTS)
    made.reset()
    assert [welcome.slots for welcome in made.get_attr("welcome")] == [3, 3, 3]
    assert made.get_attr("np_random_seed") == [0, 1, 2]
    captures = made.env_method("capture", passes=("rgb",), width=16, height=8, indices=[0, 2])
    assert [capture.images["rgb"].shape for capture in captures] == [(8, 16, 3)] * 2
    made.set_attr("note", "mine", indices=1)
    assert made.get_attr("note", indices=1) == ["mine"]
    assert not made.has_attr("note")
    for _ in range(LIMIT):
        made.step(np.ones(3, np.int64))
    assert len((tmp_path / "0.monitor.csv").read_text().splitlines()) >= 2 + 3  # Two lines of header, then episodes.
    made.close()


def test_options_are_those_of_each_environment_and_only_of_the_next_reset():
    red = {"surfaces": {"Cart": {"colour": [0.9, 0.0, 0.0]}}}
    blue = {"surfaces": {"Cart": {"colour": [0.0, 0.0, 0.9]}}}
    made = make_vec_env(ENV_ID, 2, seed=0, obs_type="rgb", width=24, height=16, appearance=red)
    both_red = made.reset()
    made.seed(0)
    made.set_options([{"appearance": blue}, {"params": {"cart.mass": 2.0}}])
    mixed = made.reset()
    np.testing.assert_array_equal(mixed[1], both_red[1])
    assert not np.array_equal(mixed[0], both_red[0])
    assert [info["params"]["cart.mass"] for info in made.unwrapped.reset_infos] == [1.0, 2.0]
    made.seed(0)
    np.testing.assert_array_equal(made.reset(), both_red)
    made.close()


def test_one_environment_can_play_an_episode_again():
    made = make_vec_env(ENV_ID, 2, seed=0, randomize=["cart.mass"])
    first = made.reset()
    record = made.unwrapped.reset_infos[0]["randomization"]
    made.set_options([{}, {"replay": record}])
    np.testing.assert_array_equal(made.reset()[1], first[0])
    made.close()


def test_a_video_runs_at_the_speed_of_the_environment(tmp_path):
    made = make_vec_env(ENV_ID, 2, render_mode="rgb_array", render_width=32, render_height=32)
    recorder = VecVideoRecorder(made, str(tmp_path), lambda step: step == 0, video_length=5)
    assert recorder.frames_per_sec == 50
    recorder.close()


def test_its_spec_survives_json():
    made = make_vec_env(ENV_ID, 2)
    spec = made.unwrapped.envs.spec
    assert EnvSpec.from_json(spec.to_json()) == spec
    made.close()


def test_the_adapter_wants_the_autoreset_of_stable_baselines():
    with pytest.raises(InvalidOption, match="SameStep"):
        StableBaselinesVecEnv(make_vec())


def test_a_death_is_told_in_the_info_of_the_episode_that_it_ended_and_in_no_other():
    made = make_vec_env(ENV_ID, 2, num_servers=2, seed=0, on_error="truncate", **ARGUMENTS)
    last = made.reset()
    os.kill(made.get_attr("server_pid")[0], signal.SIGKILL)
    observations, rewards, dones, infos = made.step(np.ones(2, np.int64))
    assert (rewards.tolist(), dones.tolist()) == ([0.0, 1.0], [True, False])
    assert (infos[0]["error"]["code"], infos[0]["TimeLimit.truncated"]) == ("server_died", True)
    np.testing.assert_array_equal(infos[0]["terminal_observation"], last[0])
    assert not np.array_equal(observations[0], last[0])
    assert "error" not in infos[1]
    assert set(made.unwrapped.reset_infos[0]) == {"is_success", "params", "randomization"}
    made.close()
