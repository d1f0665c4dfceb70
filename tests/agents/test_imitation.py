"""A policy learns from an expert to act where it gets itself."""

from __future__ import annotations

import json

import gymnasium as gym
import numpy as np
import pytest
import torch

from blendgym.agents import make_vec_env
from blendgym.agents.algorithms import load_model
from blendgym.agents.evaluation import evaluate
from blendgym.agents.imitation import DAgger
from blendgym.agents.imitators import Imitator
from blendgym.agents.recipes import Recipe
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
    total_timesteps=4_000,
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
    envs = make_vec_env("BlendCartpole-v0", 4, 1, seed=0)
    model = DAgger("MlpPolicy", envs, expert=Watched, n_steps=60, gradient_steps=1, seed=0)
    model.learn(480)
    envs.close()
    assert model.num_timesteps == 480
    angles = [np.abs(seen[:, 2]).max() for seen in Watched.asked]
    assert len(angles) == 120
    assert max(angles[30:60]) < 0.03, "the expert holds the poles"
    assert max(angles[60:]) > 0.15, "a policy that has learnt nothing lets them fall"


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
