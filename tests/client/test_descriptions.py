"""What an environment is like is known without a Blender; its specs survive whatever carries them."""

from __future__ import annotations

import pickle
import subprocess
import sys

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec
from suite import SUITE_IDS

import blendgym
from blendgym.errors import InvalidOption, RenderError

ARGUMENTS = {
    "nothing": {},
    "images": {"obs_type": "state_rgb_depth", "width": 32, "height": 24, "engine": "cycles"},
    "context": {"randomize": "dynamics", "expose": "observation"},
}
CARRIERS = {
    "json": lambda spec: EnvSpec.from_json(spec.to_json()),
    "pickle": lambda spec: pickle.loads(pickle.dumps(spec)),  # noqa: S301 (its own)
}


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize("env_id", SUITE_IDS)
def test_a_description_is_that_of_the_environment(env_id, arguments):
    described, env = blendgym.describe(env_id, **arguments), gym.make(env_id, **arguments)
    assert described.id == env.spec.id
    assert described.observation_space == env.observation_space
    assert described.action_space == env.action_space
    assert described.metadata == env.metadata
    assert described.max_episode_steps == env.spec.max_episode_steps
    assert described.reward_threshold == env.spec.reward_threshold
    assert list(described.parameters) == list(env.unwrapped.task.parameters)
    env.close()


def test_it_needs_no_blender():
    code = (
        "import os, sys, blendgym; os.environ['BLENDGYM_BLENDER'] = '/no/such/blender'\n"
        "print(blendgym.describe('BlendCartpole-v0', obs_type='rgb').observation_space.shape, 'bpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(84, 84, 3) False"


def test_what_makes_no_sense_is_an_error_as_when_an_environment_is_made():
    with pytest.raises(InvalidOption, match="There is no environment 'BlendCartwheel-v0'"):
        blendgym.describe("BlendCartwheel-v0")
    with pytest.raises(InvalidOption, match="obs_type is 'smell'"):
        blendgym.describe("BlendCartpole-v0", obs_type="smell")
    with pytest.raises(RenderError, match="width"):
        blendgym.describe("BlendCartpole-v0", obs_type="rgb", width=0)


@pytest.mark.parametrize("carried", CARRIERS.values(), ids=CARRIERS)
@pytest.mark.parametrize("env_id", SUITE_IDS)
def test_specs_of_ids_and_of_environments_survive_what_carries_them(env_id, carried):
    assert carried(gym.spec(env_id)) == gym.spec(env_id)
    env = gym.make(env_id, **ARGUMENTS["images"])
    again = gym.make(carried(env.spec))
    assert again.spec == env.spec
    assert again.observation_space == env.observation_space
    env.close()
    again.close()
