"""Latency and noise of twins are those of a server, and their random numbers are random."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest

from blendgym.server.channel import Channel
from blendgym.spaces import STATE, Box
from blendgym.twins.counted_draws import mixed, standard_normal, uniform
from blendgym.twins.sensors import Delay, Sensors

SPACE = Box(low=(-math.inf, -1.0), high=(math.inf, 1.0), shape=(2,))
SCALE = np.array([2.0, 0.5])
LATENCIES = np.array([0, 1, 2, 5, 0, 3])
ROWS = np.arange(len(LATENCIES))
SEEDS = np.random.default_rng(0).integers(2**63, size=2000, dtype=np.uint64)


def channels():
    made = [Channel({STATE: SPACE}, {STATE: SCALE}) for _ in ROWS]
    for channel, latency in zip(made, LATENCIES, strict=True):
        channel.action_latency = channel.observation_latency = int(latency)
    return made


def test_observations_arrive_when_they_arrive_in_a_server():
    sent = np.random.default_rng(0).uniform(-1.0, 1.0, (20, len(ROWS), 2)).astype(np.float32)
    sensors = Sensors(SPACE, SCALE, len(ROWS), longest=5)
    sensors.begin(ROWS, sent[0], LATENCIES, np.zeros(len(ROWS)))
    arrived = [sensors.send(observations, SEEDS[ROWS], np.zeros(len(ROWS), np.uint64)) for observations in sent[1:]]
    in_servers = [
        [channel.send_state({STATE: state})[STATE] for state in sent[:, row]] for row, channel in enumerate(channels())
    ]
    np.testing.assert_array_equal(np.array(arrived), np.array(in_servers).swapaxes(0, 1)[1:])


def test_actions_arrive_when_they_arrive_in_a_server_and_until_then_there_is_no_force():
    sent = np.random.default_rng(0).uniform(-1.0, 1.0, (20, len(ROWS)))
    delay = Delay(5, (len(ROWS),), np.float64)
    delay.begin(ROWS, LATENCIES, 0.0)
    arrived = [delay.send(actions).copy() for actions in sent]
    in_servers = [
        [channel.send_action(action) or 0.0 for action in sent[:, row]] for row, channel in enumerate(channels())
    ]
    np.testing.assert_array_equal(arrived, np.transpose(in_servers))


def test_a_new_episode_forgets_what_was_under_way():
    delay = Delay(2, (2,), np.float64)
    delay.begin(np.arange(2), np.array([2, 2]), 0.0)
    delay.send(np.array([1.0, 1.0]))
    delay.begin(np.array([1]), np.array([1]), 0.0)
    assert [delay.send(np.array([number, number])).tolist() for number in (2.0, 3.0)] == [[0.0, 0.0], [1.0, 2.0]]


def test_noise_is_normal_in_the_size_that_a_server_gives_it_and_stays_within_the_bounds():
    count, noise = len(SEEDS), 0.4
    sensors = Sensors(SPACE, SCALE, count, longest=0)
    truth = np.tile(np.array([3.0, 0.9], np.float32), (count, 1))
    sensors.begin(np.arange(count), truth, np.zeros(count), np.full(count, noise))
    seen = sensors.send(truth, SEEDS, np.zeros(count, np.uint64))
    channel = Channel({STATE: SPACE}, {STATE: SCALE})
    channel.observation_noise = noise
    in_server = np.array([channel.send_state({STATE: state})[STATE] for state in truth])
    assert kstest(seen[:, 0], in_server[:, 0]).pvalue > 0.01
    assert kstest(seen[:, 1], in_server[:, 1]).pvalue > 0.01
    assert (seen[:, 1] == 1.0).mean() == pytest.approx((in_server[:, 1] == 1.0).mean(), abs=0.05)
    assert seen.dtype == np.float32


def test_only_rows_that_are_to_have_noise_have_some():
    sensors = Sensors(SPACE, SCALE, 2, longest=0)
    truth = np.zeros((2, 2), np.float32)
    sensors.begin(np.arange(2), truth, np.zeros(2), np.array([0.0, 0.1]))
    seen = sensors.send(truth, SEEDS[:2], np.zeros(2, np.uint64))
    assert not seen[0].any()
    assert seen[1].all()


@pytest.mark.parametrize(("draw", "distribution"), [(uniform, "uniform"), (standard_normal, "norm")])
def test_random_numbers_have_their_distribution_and_nothing_to_do_with_each_other(draw, distribution):
    consecutive = mixed(np.arange(2000, dtype=np.uint64))
    for seeds in (SEEDS, consecutive):
        numbers = draw(seeds, 0, 6)
        assert all(kstest(row, distribution).pvalue > 1e-3 for row in numbers)
        assert kstest(draw(seeds[:1], 0, 5000).ravel(), distribution).pvalue > 1e-3
        np.testing.assert_allclose(np.corrcoef(numbers), np.eye(6), atol=0.1)


def test_random_numbers_are_those_of_their_seeds_and_places():
    together = uniform(SEEDS, 0, 6)
    np.testing.assert_array_equal(uniform(SEEDS[5:7], 2, 3), together[2:5, 5:7])
    first = np.array([1, 2], np.uint64)
    apart = [uniform(SEEDS[[row]], int(place), 2) for row, place in enumerate(first)]
    np.testing.assert_array_equal(uniform(SEEDS[:2], first, 2), np.concatenate(apart, axis=1))


def test_they_are_those_of_splitmix64():
    """The first numbers of the reference implementation for the seed 1234567."""
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    numbers = uniform(np.array([1234567], np.uint64), 0, 3).ravel()
    np.testing.assert_array_equal(numbers, [(number >> 11) * 2.0**-53 for number in expected])
