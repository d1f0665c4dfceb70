"""Ten thousand samples and two hundred kills: each index once, each image as if nothing had been."""

from __future__ import annotations

import hashlib
import os
import random
import signal

import psutil
import pytest
from recorded import bits
from scenarios import SILENT

from blendgym.data.streams.stream import Stream

SAMPLES = 10_000
KILLS = 200
SMALL = {"width": 32, "height": 24, "passes": ("rgb", "depth"), "seed": 9}


def digests(stream, after_each=lambda count: None):
    """What each sample looks like, by index, in the order in which they came."""
    found = {}
    for sample in stream:
        assert sample.index not in found
        found[sample.index] = hashlib.sha256(repr(bits(sample)).encode()).digest()
        after_each(len(found))
    return found


def kill_one(stream, chance):
    pids = [producer.pid for producer in stream._producers if producer.pid]
    if pids:
        os.kill(chance.choice(pids), signal.SIGKILL)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_ten_thousand_samples_survive_two_hundred_kills_bit_for_bit():
    with Stream(SILENT, count=SAMPLES, **SMALL) as stream:
        undisturbed = digests(stream)
    chance = random.Random(0)  # noqa: S311 (which one is killed is no secret)
    kills_at = set(chance.sample(range(1, SAMPLES), KILLS))
    with Stream(SILENT, count=SAMPLES, producers=3, max_failures=50, max_restarts=1000, **SMALL) as stream:
        disturbed = digests(stream, lambda count: count in kills_at and kill_one(stream, chance))
    assert list(disturbed) == list(range(SAMPLES))
    assert disturbed == undisturbed


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_memory_stays_flat_over_fifty_thousand_samples():
    with Stream(SILENT, **SMALL) as stream:
        resident = []
        for sample in stream:
            if sample.index % 10_000 == 9_999:
                processes = (psutil.Process(), psutil.Process(stream._producers[0].pid))
                resident.append([process.memory_info().rss >> 20 for process in processes])
            if sample.index == 49_999:
                break
    for trainer, producer in resident[2:]:
        assert trainer <= resident[1][0] + 5
        assert producer <= resident[1][1] + 5
