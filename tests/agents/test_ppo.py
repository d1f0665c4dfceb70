"""Proximal policy optimization on twins: its formulas, its networks, what policy and value function see."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from blendgym.agents.students.action_coding import ActionCoding
from blendgym.agents.students.actor_critic import ActorCritic
from blendgym.agents.students.history import History
from blendgym.agents.students.making import make_student
from blendgym.agents.students.ppo_formulas import bootstrapped, clipped_objective, generalized_advantages
from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select
from blendgym.spaces import STATE, Box, Discrete

SPACE = select(Cartpole.parameters, ["pole.length"])


class Uniform:
    """Uniform tasks; notes whether gradients were on when it was asked for them."""

    def __init__(self):
        self.modes = set()

    def sample(self, generator, count):
        self.modes.add((torch.is_grad_enabled(), torch.is_inference_mode_enabled()))
        return plain_tasks(generator.random((count, 1)))


def student_of(seed=0, **options):
    return make_student("ppo", "BlendCartpole-v0", SPACE, seed, **options)


def column(*numbers):
    return np.array(numbers, np.float32)[:, None]


def test_advantages_of_a_whole_rollout_are_those_computed_by_hand():
    # Errors with γ = 0.5: 1 + 0.5·2 - 1 = 1, 0 + 0.5·4 - 2 = 0, 2 + 0.5·8 - 4 = 2; λ = 0.5 makes γλ = 0.25.
    advantages = generalized_advantages(column(1, 0, 2), column(1, 2, 4, 8), np.zeros((3, 1), bool), 0.5, 0.5)
    np.testing.assert_allclose(advantages[:, 0], [1.0 + 0.25 * 0.5, 0.5, 2.0])


def test_nothing_is_seen_beyond_the_end_of_an_episode():
    ended = np.array([[False], [True], [False]])
    advantages = generalized_advantages(column(1, 0, 2), column(1, 2, 4, 8), ended, 0.5, 0.5)
    np.testing.assert_allclose(advantages[:, 0], [1.0 + 0.25 * -2.0, -2.0, 2.0])


def test_a_time_limit_leaves_the_value_of_the_last_state_and_a_failure_leaves_nothing():
    rewards = bootstrapped(np.ones(2, np.float32), np.array([True, False]), np.full(2, 4.0, np.float32), 0.5)
    np.testing.assert_allclose(rewards, [3.0, 1.0])


@pytest.mark.parametrize(
    ("ratio", "advantage", "objective", "slope"),
    [
        (1.1, 2.0, 2.2, 2.0),  # Inside: the ratio as it is.
        (1.5, 2.0, 2.4, 0.0),  # Too far in the right direction: no more to be won.
        (0.5, 2.0, 1.0, 2.0),  # Too far in the wrong one: back.
        (0.5, -2.0, -1.6, 0.0),
        (1.5, -2.0, -3.0, -2.0),
    ],
)
def test_the_objective_is_clipped_where_more_would_be_won(ratio, advantage, objective, slope):
    ratios = torch.tensor([ratio], requires_grad=True)
    value = clipped_objective(ratios, torch.tensor([advantage]), 0.2)
    value.backward()
    assert value.item() == pytest.approx(objective)
    assert ratios.grad.item() == pytest.approx(slope)


def test_choices_are_drawn_as_often_as_the_distribution_says():
    networks = ActorCritic(2, 2, 3, is_discrete=True, seed=0)
    outputs = np.tile(np.log(np.array([0.2, 0.5, 0.3], np.float32)), (50_000, 1))
    drawn = networks.drawn(outputs, networks.noise(outputs.shape, np.random.default_rng(0)))
    np.testing.assert_allclose(np.bincount(drawn) / len(drawn), [0.2, 0.5, 0.3], atol=0.01)


def test_elements_are_drawn_as_densely_as_the_distribution_says():
    networks = ActorCritic(2, 2, 1, is_discrete=False, seed=0)
    torch.nn.init.constant_(networks.log_deviation, -1.0)
    inputs = torch.zeros(50_000, 2)
    outputs = networks.actor(inputs).detach().numpy()
    drawn = networks.drawn(outputs, networks.noise(outputs.shape, np.random.default_rng(0)))
    densities = networks.distribution(inputs).log_prob(torch.from_numpy(drawn))
    # The mean of -log p is the entropy of the normal distribution.
    assert -densities.mean().item() == pytest.approx(0.5 * np.log(2 * np.pi * np.e) - 1.0, abs=0.02)


def test_exploration_pushes_the_same_way_for_a_period_and_another_way_in_the_next():
    actions = student_of(noise_period=8)._play(Uniform()).actions[..., 0]  # (steps, environments)
    # The policy begins near zero, so that actions are noise.
    by_period = actions.reshape(-1, 8, actions.shape[1])
    assert np.ptp(by_period, axis=1).max() < 0.2
    assert by_period[:, 0].std() == pytest.approx(1.0, abs=0.1)
    assert abs(np.corrcoef(by_period[:-1, 0].ravel(), by_period[1:, 0].ravel())[0, 1]) < 0.1


@pytest.mark.parametrize("name", ["rollout", "minibatch", "noise_period"])
def test_rollouts_minibatches_and_periods_of_nothing_are_refused(name):
    with pytest.raises(InvalidOption, match=f"{name} is 0"):
        student_of(**{name: 0})


def test_networks_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    student_of().train(Uniform(), 100)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("switched_off", [torch.no_grad, torch.inference_mode])
def test_training_is_the_same_where_the_caller_has_switched_gradients_off(switched_off):
    student, careless = student_of(), student_of()
    student.train(Uniform(), 100)
    with switched_off():
        careless.train(Uniform(), 100)
    for name, weights in student.state_dict()["networks"].items():
        np.testing.assert_array_equal(weights, careless.state_dict()["networks"][name])


def test_sources_are_asked_with_gradients_on_so_that_teachers_can_learn():
    source = Uniform()
    with torch.inference_mode():
        student_of().train(source, 100)
    assert source.modes == {(True, False)}


def test_the_number_of_threads_is_left_as_it_was():
    threads = torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        student_of().train(Uniform(), 100)
        assert torch.get_num_threads() == threads + 1
    finally:
        torch.set_num_threads(threads)


def test_beyond_the_budget_nothing_is_learnt_any_more():
    student = student_of(budget=8_192)
    student.train(Uniform(), 8_192)
    before = student.state_dict()["networks"]
    student.train(Uniform(), 8_192)
    assert student.charged_steps == 2 * 8_192
    for name, weights in student.state_dict()["networks"].items():
        np.testing.assert_array_equal(weights, before[name])


@pytest.mark.parametrize("who", ["nobody", "critic", "actor"])
def test_parameters_are_seen_by_whom_they_are_shown_to(who):
    options = {} if who == "nobody" else {f"{who}_sees_parameters": True}
    student = student_of(**options)
    student.train(Uniform(), 100)
    sizes = {name: student.state_dict()["networks"][f"{name}.0.weight"].shape[1] for name in ("actor", "critic")}
    assert sizes == {"actor": 20 + (who == "actor"), "critic": 20 + (who == "critic")}


def test_a_history_has_the_latest_first_and_never_spans_episodes():
    task = Cartpole()
    history = History(task.scale_of_observations()[STATE], task.action_space, count=2, length=3)
    observations = np.arange(8, dtype=np.float32).reshape(2, 4) / 20.0
    history.begin(slice(None), observations)
    actions = np.array([[0.5], [-0.5]], np.float32)
    history.push(actions, 2.0 * observations)
    seen = history.features.reshape(2, 3, 5)
    scale = np.array(Cartpole.observation_scale, np.float32)
    np.testing.assert_allclose(seen[:, 0], np.hstack([2.0 * observations / scale, actions]))
    np.testing.assert_allclose(seen[:, 1], np.hstack([observations / scale, np.zeros((2, 1))]))
    assert not seen[:, 2].any()
    history.begin(np.array([1]), observations[:1])
    assert not history.features.reshape(2, 3, 5)[1, 1:].any()
    np.testing.assert_array_equal(history.features[0], seen.reshape(2, -1)[0])


def test_actions_go_from_bound_to_bound():
    coding = ActionCoding(Box((-2.0, 0.0), (2.0, 1.0), shape=(2,)))
    actions = coding.decode(np.array([[-5.0, -1.0], [0.5, 0.0], [1.0, 7.0]]))
    np.testing.assert_array_equal(actions, np.array([[-2.0, 0.0], [1.0, 0.5], [2.0, 1.0]], np.float32))
    assert actions.dtype == np.float32
    np.testing.assert_array_equal(coding.encode(actions), [[-1.0, -1.0], [0.5, 0.0], [1.0, 1.0]])


def test_choices_are_the_largest_output():
    coding = ActionCoding(Discrete(3))
    actions = coding.decode(np.array([[0.0, 2.0, 1.0], [3.0, 2.0, 1.0]]))
    assert actions.tolist() == [1, 0]
    np.testing.assert_array_equal(coding.encode(actions), [[0, 1, 0], [1, 0, 0]])
