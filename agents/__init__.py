"""Training with stable-baselines3: environments, recipes, run folders, evaluation."""

from blendgym.agents.vec_env import StableBaselinesVecEnv, make_vec_env

__all__ = ["StableBaselinesVecEnv", "make_vec_env"]
