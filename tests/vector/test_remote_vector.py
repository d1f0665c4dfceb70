"""Many environments on one remote server, over networks that lose, double and cut: the same episodes, bit for bit."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from network import FAULTS, BadNetwork
from places import CARTPOLE

from blendgym.client.process.launcher import ServerProcess
from blendgym.vector.vector_env import BlendVectorEnv
from blendgym.wire.transport import libzmq_sockets
from blendgym.wire.transport.addresses import split_tcp

NUM_ENVS = 3
RANDOMIZED = {"randomize": ["dynamics", "sensor", "actuator"]}


@pytest.fixture(scope="module")
def served():
    process = ServerProcess(CARTPOLE, {}, slots=NUM_ENVS, endpoint="tcp://127.0.0.1:*", idle_timeout=60)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def expected():
    return trajectory(BlendVectorEnv(CARTPOLE, NUM_ENVS, **RANDOMIZED))


def trajectory(envs):
    """Every result of some steps, in which episodes end and others begin."""
    actions = np.sin(np.arange(40 * NUM_ENVS, dtype=np.float32)).reshape(40, NUM_ENVS, 1)
    first, _ = envs.reset(seed=9)
    steps = [envs.step(each)[:4] for each in actions + 0.5 * (1 - np.abs(actions))]
    envs.close()
    assert any(terminations.any() for _, _, terminations, _ in steps)
    return [first, *(part for step in steps for part in step)]


@pytest.mark.parametrize("fault", FAULTS)
def test_over_a_bad_network_every_step_of_all_slots_is_executed_once(served, expected, monkeypatch, fault):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.1)
    with contextlib.closing(BadNetwork(int(split_tcp(served.endpoint)[1]), fault, every=7)) as network:
        seen = trajectory(BlendVectorEnv(CARTPOLE, NUM_ENVS, address=network.address, **RANDOMIZED))
        assert network.faults >= 5
    for mine, theirs in zip(seen, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
