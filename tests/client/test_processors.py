"""Servers that work side by side do not get in each other's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import pytest

from blendgym.client.process import processors
from blendgym.client.process.processors import leaves_processors, share_of_processors

ALL = os.sched_getaffinity(0)


@pytest.fixture
def machine(monkeypatch):
    """Pretends that this process may use some processors."""
    return lambda *numbers: monkeypatch.setattr(processors.os, "sched_getaffinity", lambda _: set(numbers))


def test_a_server_that_is_alone_may_use_every_processor(machine):
    machine(0, 1, 2, 3)
    assert share_of_processors(0, 1) == []


def test_several_servers_share_the_processors_evenly(machine):
    machine(0, 2, 4, 6, 8)
    assert [share_of_processors(number, 2) for number in range(2)] == [[0, 2], [4, 6]]


def test_more_servers_than_processors_take_turns(machine):
    machine(0, 1)
    assert [share_of_processors(number, 3) for number in range(3)] == [[0], [1], [0]]


def test_a_trainer_waits_awake_only_if_the_servers_leave_it_a_processor(machine):
    machine(0, 1)
    assert leaves_processors(1)
    assert not leaves_processors(2)


def test_commands_do_as_much_side_by_side_as_they_may_use_processors():
    code = f"""
import os
os.sched_setaffinity(0, {{{min(ALL)}}})
from blendgym.arguments import PROCESSORS
print(PROCESSORS)
"""
    assert subprocess.check_output([sys.executable, "-c", code], text=True, timeout=60).split() == ["1"]


@pytest.mark.skipif(len(ALL) < 2, reason="NOT TESTED: this machine has one processor.")
def test_all_threads_of_a_server_keep_to_its_share():
    envs = gym.make_vec("BlendCartpole-v0", num_envs=2, num_servers=2)
    envs.reset()
    shares = []
    for slot in envs.unwrapped.slots:
        threads = Path(f"/proc/{slot.server_pid}/task").iterdir()
        (share,) = {frozenset(os.sched_getaffinity(int(thread.name))) for thread in threads}
        shares.append(share)
    assert not shares[0] & shares[1]
    envs.close()
