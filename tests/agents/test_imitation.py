"""A policy learns from an expert to act where it gets itself."""

from __future__ import annotations

import dataclasses
import json

import gymnasium as gym
import numpy as np
import pytest
import torch
from stable_baselines3.common.vec_env import DummyVecEnv

from blendgym.agents import make_vec_env
from blendgym.agents.algorithms import load_model
from blendgym.agents.evaluation import evaluate
from blendgym.agents.imitation import DAgger
from blendgym.agents.imitators import Imitator
from blendgym.agents.networks import SmallCNN
from blendgym.agents.recipes import Recipe, recipe_for
from blendgym.agents.student_view import StudentView
from blendgym.agents.training import train
from blendgym.errors import InvalidOption

ONE = gym.spaces.Box(-1.0, 1.0, (1,))


class Balancer:
    """Holds a pole upright."""

    def act(self, observations):
        return np.clip(observations @ np.array([[0.3], [0.6], [4.0], [1.0]]), -1.0, 1.0).astype(np.float32)


class Watched(Balancer):
    """Keeps what it was asked."""

    asked = ()

    def act(self, observations):
        Watched.asked = (*Watched.asked, observations)
        return super().act(observations)


RECIPE = Recipe(
    total_timesteps=3_200,
    num_envs=8,
    num_servers=1,
    learning_rate=3e-3,
    algorithm="DAgger",
    hyperparameters={"expert": Balancer, "n_steps": 100, "gradient_steps": 200, "batch_size": 256},
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train("BlendCartpole-v0", RECIPE, seed=0, root=tmp_path_factory.mktemp("runs"), progress=False)


def test_a_recipe_can_imitate_and_what_it_trains_is_a_run_like_any_other(run):
    assert evaluate(run, episodes=3)["returns"] == [500.0, 500.0, 500.0]
    recipe = json.loads((run.path / "recipe.json").read_text())
    assert recipe["hyperparameters"]["expert"] == "Balancer"
    assert run.learning_curve.is_file()
    assert list(run.tensorboard.rglob("events.out.tfevents.*"))


def test_a_loaded_model_acts_as_it_did_and_has_nobody_to_imitate_in(run):
    model = load_model(run)
    seen = np.random.default_rng(0).normal(scale=0.1, size=(50, 4)).astype(np.float32)
    error = np.abs(model.predict(seen)[0] - Balancer().act(seen))
    assert np.median(error) < 0.1
    with pytest.raises(InvalidOption, match="nowhere to play"):
        model.learn(100)


def test_the_expert_plays_first_and_is_asked_about_what_the_policy_gets_to_afterwards():
    Watched.asked = ()
    envs = make_vec_env("BlendCartpole-v0", 4, num_servers=1, seed=0)
    model = DAgger("MlpPolicy", envs, expert=Watched, n_steps=60, gradient_steps=1, seed=0)
    model.learn(480)
    envs.close()
    assert model.num_timesteps == 480
    angles = [np.abs(seen[:, 2]).max() for seen in Watched.asked]
    assert len(angles) == 120
    assert max(angles[30:60]) < 0.03, "the expert holds the poles"
    assert max(angles[60:]) > 0.15, "a policy that has learnt nothing lets them fall"


class Spot(gym.Env):
    """A bright column somewhere in an image; it pays to say where."""

    observation_space = gym.spaces.Dict(
        {"rgb": gym.spaces.Box(0, 255, (24, 24, 3), np.uint8), "state": gym.spaces.Box(-1.0, 1.0, (1,))}
    )
    action_space = ONE

    def reset(self, **arguments):
        super().reset(**arguments)
        self.steps = 0
        return self.look(), {}

    def step(self, action):
        self.steps += 1
        return self.look(), 0.0, self.steps == 10, False, {}

    def look(self):
        image, column = np.zeros((24, 24, 3), np.uint8), self.np_random.integers(24)
        image[:, column] = 255
        return {"rgb": image, "state": np.array([column / 11.5 - 1.0], np.float32)}


class Knows:
    """Says what the state says."""

    def act(self, observations):
        assert observations.shape == (8, 1)
        return observations


def test_a_policy_that_sees_images_learns_from_an_expert_who_sees_the_state():
    envs = StudentView(DummyVecEnv([Spot] * 8))
    model = DAgger(
        Imitator, envs, Knows, n_steps=30, gradient_steps=100, batch_size=64, seed=0,
        policy_kwargs={"features_extractor_class": SmallCNN},
    )  # fmt: skip
    model.learn(720)
    images = envs.reset()
    assert images.shape == (8, 24, 24, 3)
    np.testing.assert_allclose(model.predict(images)[0], envs.hidden, atol=0.15)


def test_the_last_image_of_an_episode_is_an_image_too():
    envs = StudentView(DummyVecEnv([Spot] * 2))
    envs.reset()
    infos = [envs.step(np.zeros((2, 1), np.float32))[3] for _ in range(10)]
    assert [info["terminal_observation"].shape for info in infos[-1]] == [(24, 24, 3)] * 2


def test_a_recipe_whose_expert_sees_more_trains_what_plays_without_it(tmp_path):
    full = recipe_for("BlendRover-v0", "rgb")
    short = {**full.hyperparameters, "n_steps": 4, "gradient_steps": 1, "batch_size": 8}
    recipe = dataclasses.replace(full, total_timesteps=16, num_envs=2, num_servers=1, hyperparameters=short)
    run = train("BlendRover-v0", recipe, seed=0, root=tmp_path, progress=False)
    assert run.env_spec().kwargs["obs_type"] == "rgb"
    env, model = run.make_env(), load_model(run)
    image, _ = env.reset(seed=0)
    assert image.shape == (6, 48, 64)
    assert env.step(model.predict(image)[0])[0].shape == (6, 48, 64)
    env.close()


def test_actions_that_are_choices_cannot_be_imitated():
    envs = make_vec_env("BlendCartpoleDiscrete-v0", 1, num_servers=1)
    with pytest.raises(InvalidOption, match=r"is Discrete\(2\), .*; expected a Box"):
        DAgger("MlpPolicy", envs, Balancer)
    envs.close()


def imitator(**arguments):
    torch.manual_seed(0)
    return Imitator(ONE, ONE, lambda _: 1e-2, **arguments)


def learn(policy, seen, told, steps=200):
    policy.place_modes(seen, told)
    for _ in range(steps):
        loss = policy.loss(seen, told)
        policy.optimizer.zero_grad()
        loss.backward()
        policy.optimizer.step()
    return policy


def test_between_left_and_right_it_chooses_and_does_not_stop():
    seen = torch.linspace(-1.0, 1.0, 256)[:, None]
    policy = learn(imitator(modes=2), seen, torch.where(seen < 0.1, -0.8, 0.8))
    said = policy.predict(np.linspace(-1.0, 1.0, 999, dtype=np.float32)[:, None])[0]
    assert np.abs(said).min() > 0.6


def test_modes_are_where_the_expert_acts_and_offsets_lead_from_there_to_what_it_does():
    seen = torch.linspace(-1.0, 1.0, 256)[:, None]
    told = torch.where(seen < 0.0, -0.7, 0.7) + 0.2 * seen
    policy = learn(imitator(modes=2), seen, told)
    assert sorted(policy.modes.flatten().tolist()) == pytest.approx([-0.8, 0.8], abs=0.02)
    assert (policy(seen) - told).abs().mean() < 0.02


def test_what_an_imitator_says_is_clipped_to_the_action_space():
    policy = learn(imitator(modes=1), torch.zeros(8, 1), torch.full((8, 1), 1.5), steps=0)
    assert policy(torch.zeros(1, 1)).abs() > 1.0
    assert policy.predict(np.zeros((1, 1), np.float32))[0] == 1.0
