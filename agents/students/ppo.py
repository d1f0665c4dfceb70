"""Proximal policy optimization."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from blendgym.agents.students.action_coding import Outputs
from blendgym.agents.students.actor_critic import ActorCritic
from blendgym.agents.students.environments import Workplace
from blendgym.agents.students.playing import Playing
from blendgym.agents.students.policy_student import OutputsInTasks, PolicyStudent, finite
from blendgym.agents.students.ppo_formulas import bootstrapped, clipped_objective, generalized_advantages
from blendgym.agents.torch_modes import learning
from blendgym.checks import check_positive
from blendgym.errors import StudentDiverged
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes
from blendgym.parameters.sources import Sampler

Floats = NDArray[np.float32]

EPOCHS = 6
TRACE = 0.95
CLIP = 0.2
VALUE_WEIGHT = 0.5
LARGEST_GRADIENT = 0.5


class Rollout(NamedTuple):
    """What was played for an update. All but the values have the shape (steps, environments, …).

    Args:
        features: What was seen before each step.
        unit: Tasks.
        actions: What was drawn from the policy's distribution, before it is bounded.
        rewards: With the value of what a time limit has cut off.
        ended: Whether the episode ended with the step.
        trains: Whether the student may learn from the step.
        values: The values of the states before each step, and after the last: (steps + 1, environments).
    """

    features: Floats
    unit: NDArray[np.float64]
    actions: NDArray[Any]
    rewards: Floats
    ended: NDArray[np.bool_]
    trains: NDArray[np.bool_]
    values: Floats


class Batch(NamedTuple):
    """Samples to learn from, one a row.

    Args:
        actor_inputs: float32 (samples, inputs of the policy).
        critic_inputs: float32 (samples, inputs of the value function).
        actions: As in a rollout.
        advantages: float32 (samples,).
        targets: What the values should have been: float32 (samples,).
    """

    actor_inputs: torch.Tensor
    critic_inputs: torch.Tensor
    actions: torch.Tensor
    advantages: torch.Tensor
    targets: torch.Tensor


class PPO(PolicyStudent):
    """Proximal policy optimization: Schulman et al., "Proximal Policy Optimization Algorithms" (2017), algorithm 1.

    6 epochs, a learning rate that falls linearly to 0, networks of two times 64 tanh units. Episodes
    go on from one call of ``train`` to the next. Time limits are no ends: the value of the last state stands for the
    rest. Steps of tasks that do not train are charged and left out.

    Args:
        env_id: Id of the environment in Blender, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        seed: The seed of everything that is random about it.
        budget: Charged steps after which the learning rate is 0.
        learning_rate: The learning rate at the beginning.
        rollout: Steps of each environment between updates.
        minibatch: About how many samples a gradient is made from.
        discount: The factor by which each reward is worth less than the one before.
        noise_period: Steps for which the noise of exploration stays the same. What swings needs pushes that last; noise
            of single steps averages out. (Raffin, Kober and Stulp, "Smooth Exploration for Robotic Reinforcement
            Learning", 2022, sample theirs every few steps, too.)
        history: How many observations the policy sees at once.
        critic_sees_parameters: Whether the value function sees the task. (Pinto et al., "Asymmetric Actor Critic for
            Image-Based Robot Learning", 2018.)
        actor_sees_parameters: Whether the policy sees it, too: what there is to be won from knowing what is hidden.
        twin: Whether it plays in the environment's NumPy twin; ``None`` if there is one.
        num_envs: How many environments it trains in, and in Blender is evaluated in.
        num_servers: How many Blender processes share those to train in; as many are for evaluation.
        arguments: Keyword arguments of the task, and in Blender of the environments.

    Raises:
        InvalidOption: If a count is no positive integer.
    """

    def __init__(
        self, env_id: str, parameters: ParameterSpace, seed: int, *, budget: int = 614_400,
        learning_rate: float = 1e-3, rollout: int = 128, minibatch: int = 1024, discount: float = 0.99,
        noise_period: int = 1, history: int = 4, critic_sees_parameters: bool = False,
        actor_sees_parameters: bool = False, twin: bool | None = None, num_envs: int = 64, num_servers: int = 1,
        **arguments: Any,
    ) -> None:  # fmt: skip
        check_positive(budget=budget, rollout=rollout, minibatch=minibatch, noise_period=noise_period)
        super().__init__(Workplace(env_id, parameters, twin, num_servers, arguments), seed, num_envs, history)
        self._budget, self._learning_rate = budget, learning_rate
        self._rollout, self._minibatch = rollout, minibatch
        self._discount, self._noise_period = discount, noise_period
        self._critic_sees, self._actor_sees = critic_sees_parameters, actor_sees_parameters
        environments = self._training = self._workplace.environments(num_envs)
        # So that values lie about between -1 and 1, whatever the rewards of a task.
        worst, best = self._task.return_range
        self._reward_scale = (1.0 - discount) * environments.max_episode_steps / (best - worst)
        self._playing = Playing(environments, self._generator)
        self._memory = self._history(self._num_envs)
        dimensions = len(parameters)
        with learning():
            self._networks = ActorCritic(
                self._memory.size + dimensions * actor_sees_parameters,
                self._memory.size + dimensions * critic_sees_parameters,
                self._coding.size, self._coding.is_discrete, seed,
            )  # fmt: skip
            self._optimizer = torch.optim.Adam(self._networks.parameters(), learning_rate, eps=1e-5, fused=True)

    def train(self, source: Sampler, steps: int) -> Episodes:
        """Stops at the end of the rollout in which they are reached."""
        target = self.charged_steps + steps
        with learning():
            while self.charged_steps < target:
                rollout = self._play(source)
                self.charged_steps += self._rollout * self._num_envs
                self._learn(rollout)
        return self._playing.take_ended()

    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """Plays in environments of its own, with the most probable actions, on one thread."""
        with learning():
            return super().evaluate(unit, seed)

    def close(self) -> None:
        """Ends the Blenders in which it has played."""
        super().close()
        self._training.close()

    def state_dict(self) -> dict[str, Any]:
        """Networks, the optimizer's moments, episodes under way, and the generator's state."""
        return {
            "charged_steps": self.charged_steps,
            "networks": {name: tensor.numpy().copy() for name, tensor in self._networks.state_dict().items()},
            "optimizer": [_as_arrays(self._optimizer.state[each]) for each in self._networks.parameters()],
            "playing": self._playing.state_dict(),
            "history": self._memory.state_dict(),
            "generator": self._generator.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes them back, into a student of the same seed and options."""
        self.charged_steps = state["charged_steps"]
        self._generator.bit_generator.state = state["generator"]
        self._playing.load_state_dict(state["playing"])
        self._memory.load_state_dict(state["history"])
        with learning():
            self._networks.load_state_dict({name: torch.tensor(array) for name, array in state["networks"].items()})
            for parameter, moments in zip(self._networks.parameters(), state["optimizer"], strict=True):
                self._optimizer.state[parameter] = {name: torch.tensor(array) for name, array in moments.items()}

    def _outputs_in(self, unit: NDArray[np.float64]) -> OutputsInTasks:
        return lambda features, tasks: self._outputs(features, unit[tasks])

    @torch.no_grad()
    def _outputs(self, features: Floats, unit: NDArray[np.float64]) -> Outputs:
        return np.asarray(self._networks.actor(self._inputs(features, unit, self._actor_sees)).numpy())

    @torch.no_grad()
    def _values(self, features: Floats, unit: NDArray[np.float64]) -> Floats:
        return np.asarray(self._networks.values(self._inputs(features, unit, self._critic_sees)).numpy())

    def _inputs(self, features: Floats, unit: NDArray[np.float64], with_parameters: bool) -> torch.Tensor:
        if not with_parameters:
            return torch.from_numpy(features)
        # Centred, of about the same size as the features.
        return torch.from_numpy(np.concatenate([features, 2.0 * unit.astype(np.float32) - 1.0], axis=1))

    def _play(self, source: Sampler) -> Rollout:
        playing, memory = self._playing, self._memory
        if not playing.has_begun:
            playing.begin(source)
            memory.begin(slice(None), playing.observations)
        steps: list[tuple[NDArray[Any], ...]] = []
        for number in range(self._rollout):
            if number % self._noise_period == 0:
                noise = self._networks.noise((self._num_envs, self._coding.size), self._generator)
            steps.append(self._step(source, noise))
        features, unit, actions, rewards, ended, trains = (np.stack(column) for column in zip(*steps, strict=True))
        values = self._values(_flat(features), _flat(unit)).reshape(rewards.shape)
        after = self._values(memory.features, playing.unit)
        return Rollout(features, unit, actions, rewards, ended, trains, np.concatenate([values, after[None]]))

    def _step(self, source: Sampler, noise: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        playing, memory = self._playing, self._memory
        features, unit, trains = memory.features, playing.unit.copy(), playing.trains.copy()
        drawn = self._networks.drawn(finite(self._outputs(features, unit)), noise)
        actions = drawn if self._coding.is_discrete else self._coding.decode(drawn)
        step = playing.step(actions, source)
        memory.push(actions, step.observations)
        rewards = (step.rewards * self._reward_scale).astype(np.float32)
        if step.truncated.any():
            rewards = bootstrapped(rewards, step.truncated, self._values(memory.features, unit), self._discount)
        ended = step.terminated | step.truncated
        if ended.any():
            rows = ended.nonzero()[0]
            memory.begin(rows, playing.observations[rows])
        return features, unit, drawn, rewards, ended, trains

    def _learn(self, rollout: Rollout) -> None:
        chosen = rollout.trains.ravel().nonzero()[0]
        rate = self._learning_rate * (1.0 - (self.charged_steps - self._rollout * self._num_envs) / self._budget)
        if len(chosen) < 2 or rate <= 0.0:
            return
        self._optimizer.param_groups[0]["lr"] = rate
        advantages = generalized_advantages(rollout.rewards, rollout.values, rollout.ended, self._discount, TRACE)
        features, unit, actions, advantages, values = (
            _flat(column)[chosen]
            for column in (rollout.features, rollout.unit, rollout.actions, advantages, rollout.values[:-1])
        )
        batch = Batch(
            self._inputs(features, unit, self._actor_sees), self._inputs(features, unit, self._critic_sees),
            torch.from_numpy(actions), torch.from_numpy(advantages), torch.from_numpy(advantages + values),
        )  # fmt: skip
        with torch.no_grad():
            before = self._networks.distribution(batch.actor_inputs).log_prob(batch.actions)
        for _ in range(EPOCHS):
            order = torch.from_numpy(self._generator.permutation(len(chosen)))
            for part in order.tensor_split(max(1, len(chosen) // self._minibatch)):
                self._descend(Batch(*(column[part] for column in batch)), before[part])
        if not all(parameter.isfinite().all() for parameter in self._networks.parameters()):
            raise StudentDiverged("Training has led to weights that are not finite; begin again with a lower rate.")

    def _descend(self, batch: Batch, before: torch.Tensor) -> None:
        """Makes one step of the optimizer.

        Args:
            batch: The samples.
            before: Logarithms of the probabilities of their actions when they were taken: (samples,).
        """
        ratios = (self._networks.distribution(batch.actor_inputs).log_prob(batch.actions) - before).exp()
        advantages = (batch.advantages - batch.advantages.mean()) / (batch.advantages.std() + 1e-8)
        error = (self._networks.values(batch.critic_inputs) - batch.targets).square().mean()
        loss = VALUE_WEIGHT * error - clipped_objective(ratios, advantages, CLIP)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._networks.parameters(), LARGEST_GRADIENT)
        self._optimizer.step()


def _flat(column: NDArray[Any]) -> NDArray[Any]:
    """(steps, environments, …) as (samples, …)."""
    return column.reshape(column.shape[0] * column.shape[1], *column.shape[2:])


def _as_arrays(tensors: dict[str, torch.Tensor]) -> dict[str, NDArray[Any]]:
    return {name: tensor.numpy().copy() for name, tensor in tensors.items()}
