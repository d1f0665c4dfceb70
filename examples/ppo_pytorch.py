"""PPO in one file of plain PyTorch, in the manner of CleanRL, on 16 cart-poles in two Blenders.

python examples/ppo_pytorch.py --steps 80000   # about a minute on two cores
"""

import argparse

import gymnasium as gym
import numpy as np
import torch
from gymnasium.wrappers.vector import RecordEpisodeStatistics
from torch import nn
from torch.distributions import Normal

import blendgym  # noqa: F401 (registers the ids)

NUM_ENVS, ROLLOUT, MINIBATCH, EPOCHS = 16, 64, 256, 20
LEARNING_RATE, CLIP, GAMMA, LAMBDA = 1e-3, 0.2, 0.98, 0.8


class Agent(nn.Module):
    """A Gaussian policy and a value function, for observations and actions of some sizes."""

    def __init__(self, observation_size: int, action_size: int) -> None:
        super().__init__()
        self.policy = _mlp(observation_size, action_size, gain=0.01)
        self.critic = _mlp(observation_size, 1, gain=1.0)
        self.log_std = nn.Parameter(torch.zeros(action_size))

    def distribution(self, observations: torch.Tensor) -> Normal:
        """Of actions."""
        return Normal(self.policy(observations), self.log_std.exp())

    def value(self, observations: torch.Tensor) -> torch.Tensor:
        """The discounted return that is expected, (...,)."""
        return self.critic(observations).squeeze(-1)


def _mlp(inputs: int, outputs: int, gain: float) -> nn.Sequential:
    layers = [nn.Linear(inputs, 64), nn.Linear(64, 64), nn.Linear(64, outputs)]
    for layer, scale in zip(layers, (2**0.5, 2**0.5, gain), strict=True):
        nn.init.orthogonal_(layer.weight, scale)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])


def train(steps: int, seed: int) -> float:
    """Trains, and returns the mean return of the last hundred episodes."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    # SameStep, as CleanRL has it: an environment whose episode is over begins the next one at once.
    envs = gym.make_vec("BlendCartpole-v0", num_envs=NUM_ENVS, num_servers=2, autoreset_mode="SameStep")
    envs = RecordEpisodeStatistics(envs)
    agent = Agent(envs.single_observation_space.shape[0], envs.single_action_space.shape[0])
    optimizer = torch.optim.Adam(agent.parameters(), lr=LEARNING_RATE, eps=1e-5)
    updates = max(1, steps // (NUM_ENVS * ROLLOUT))
    observations, _ = envs.reset(seed=seed)
    for update in range(updates):
        remaining = 1.0 - update / updates
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * remaining
        batch, observations = collect(envs, agent, torch.as_tensor(observations))
        learn(agent, optimizer, batch, CLIP * remaining)
        if envs.return_queue and update % 10 == 9:
            print(f"{(update + 1) * NUM_ENVS * ROLLOUT:>8,} steps, return {np.mean(envs.return_queue):.1f}")
    envs.close()
    return float(np.mean(envs.return_queue))


@torch.no_grad()
def collect(envs: gym.vector.VectorEnv, agent: Agent, observations: torch.Tensor) -> tuple[list, torch.Tensor]:
    """Plays a rollout. Returns observations, actions, log-probabilities, advantages and returns, and what is next."""
    low, high = envs.single_action_space.low, envs.single_action_space.high
    steps = []
    for _ in range(ROLLOUT):
        distribution = agent.distribution(observations)
        actions = distribution.sample()
        # Actions outside of the space are errors, so they are clipped here.
        following, rewards, terminations, truncations, infos = envs.step(actions.numpy().clip(low, high))
        rewards = torch.as_tensor(rewards, dtype=torch.float32)
        for row in np.flatnonzero(truncations & ~terminations):  # The episode could have gone on from here.
            rewards[row] += GAMMA * agent.value(torch.as_tensor(infos["final_obs"][row]))
        ended = torch.as_tensor(terminations | truncations)
        steps.append((observations, actions, distribution.log_prob(actions).sum(-1), rewards, ended))
        observations = torch.as_tensor(following)
    seen, actions, log_probs, rewards, ended = map(torch.stack, zip(*steps, strict=True))
    values = agent.value(torch.cat([seen, observations[None]]))
    advantages, ahead = torch.zeros_like(rewards), torch.zeros(NUM_ENVS)
    for step in reversed(range(ROLLOUT)):
        goes_on = 1.0 - ended[step].float()
        delta = rewards[step] + GAMMA * goes_on * values[step + 1] - values[step]
        ahead = advantages[step] = delta + GAMMA * LAMBDA * goes_on * ahead
    batch = seen, actions, log_probs, advantages, advantages + values[:-1]
    return [part.flatten(0, 1) for part in batch], observations


def learn(agent: Agent, optimizer: torch.optim.Optimizer, batch: list, clip: float) -> None:
    """Goes over a rollout in minibatches, some times."""
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(batch[0])).split(MINIBATCH):
            observations, actions, log_probs, advantages, returns = (part[rows] for part in batch)
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
            ratio = (agent.distribution(observations).log_prob(actions).sum(-1) - log_probs).exp()
            gain = torch.min(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages).mean()
            error = (agent.value(observations) - returns).square().mean()
            optimizer.zero_grad()
            (0.5 * error - gain).backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimizer.step()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=80_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"Mean return of the last episodes: {train(arguments.steps, arguments.seed):.1f} of 500")
