"""How to train Push-T: a network learns to push as the planner does (DAgger)."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe
from blendgym.envs.push_t.features import InTheFrameOfTheBlock, PushTImitator
from blendgym.envs.push_t.pusher import Pusher

RECIPES = {
    "state": Recipe(
        total_timesteps=130_000,
        num_envs=64,
        num_servers=2,
        learning_rate=1e-3,
        algorithm="DAgger",
        policy=PushTImitator,
        env_arguments={"action_type": "relative"},
        hyperparameters={
            "expert": Pusher,
            "n_steps": 150,
            "gradient_steps": 800,
            "batch_size": 512,
            "policy_kwargs": {
                "features_extractor_class": InTheFrameOfTheBlock,
                "net_arch": (256, 256, 256),
            },
        },
    ),
}
