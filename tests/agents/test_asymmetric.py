"""An actor that does not see what its critic sees."""

from __future__ import annotations

import numpy as np
import torch
from stable_baselines3 import PPO

from blendgym.agents import make_vec_env
from blendgym.agents.asymmetric import AsymmetricPolicy


def test_only_the_critic_sees_the_parameters_also_after_training_and_loading(tmp_path):
    envs = make_vec_env("BlendCartpole-v0", 2, num_servers=1, seed=0, randomize="dynamics", expose="critic")
    model = PPO(AsymmetricPolicy, envs, n_steps=64, batch_size=64, device="cpu", seed=0).learn(256)
    envs.close()
    model.save(tmp_path / "model.zip")
    for policy in (model.policy, PPO.load(tmp_path / "model.zip", device="cpu").policy):
        size = policy.observation_space["privileged"].shape[0]
        state = np.zeros((2, 4), np.float32)
        seen = {"state": state, "privileged": np.stack([np.zeros(size), np.ones(size)]).astype(np.float32)}
        tensors = {name: torch.as_tensor(array) for name, array in seen.items()}
        with torch.no_grad():
            distribution, values = policy.get_distribution(tensors).distribution.mean, policy.predict_values(tensors)
            actions, valued, _ = policy(tensors, deterministic=True)
        torch.testing.assert_close(distribution[0], distribution[1], rtol=0, atol=1e-7)
        torch.testing.assert_close(actions[0], actions[1], rtol=0, atol=1e-7)
        assert abs(values[0] - values[1]) > 1e-3
        torch.testing.assert_close(values, valued)
