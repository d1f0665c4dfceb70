"""Whatever is killed, however long a trainer stalls: each sample once, bit for bit, in memory that does not grow."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time

import psutil
import pytest
from recorded import bits
from scenarios import SILENT

from blendgym.benchmarks.soaking.killer import child_pids
from blendgym.data.streams.stream import Stream

SIZE, WORKERS, PRODUCERS, AHEAD = 8, 2, 2, 4
MEBIBYTE = 1 << 20


def stream_of(count, producers, width=32, height=24):
    return Stream(
        SILENT, seed=3, count=count, producers=producers, width=width, height=height, randomize="all", ahead=AHEAD,
        max_failures=99, max_restarts=9999,
    )  # fmt: skip


def fingerprint(sample):
    return {"index": sample.index, "bits": hashlib.sha256(repr(bits(sample)).encode()).hexdigest()}


def fingerprints(batches):
    return [row for batch in batches for row in zip(batch["index"].tolist(), batch["bits"], strict=True)]


def undisturbed(count):
    with stream_of(count, producers=1) as stream:
        return fingerprints(stream.loader(SIZE, transform=fingerprint))


def disturbed(count, kills):
    """What a training loop is given while Blenders and workers are killed at random, and how many really were."""
    given, killed, chance = [], 0, random.Random(count)  # noqa: S311 (no secret)
    moments = set(chance.sample(range(count), kills))
    with stream_of(count, PRODUCERS) as stream:
        for batch in stream.loader(SIZE, WORKERS, fingerprint):
            given.append(batch)
            for _ in moments.intersection(batch["index"].tolist()):
                time.sleep(chance.uniform(0.0, 0.05))
                os.kill(chance.choice(sorted(child_pids())), signal.SIGKILL)
                killed += 1
    return fingerprints(given), killed


def assert_each_once_whatever_is_killed(count, kills):
    given, killed = disturbed(count, kills)
    assert killed == kills
    assert [index for index, _ in given] == list(range(count))
    assert given == undisturbed(count)


def memory_of_trainer():
    return psutil.Process().memory_info().rss


def memory_of_all():
    """Of the trainer, and of each of its children by what it is."""
    children = psutil.Process().children()
    return memory_of_trainer(), *sorted(child.memory_info().rss for child in children)


def test_each_sample_comes_once_whatever_is_killed():
    assert_each_once_whatever_is_killed(count=96, kills=6)


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_ten_thousand_samples_come_once_through_two_hundred_kills():
    assert_each_once_whatever_is_killed(count=10_000, kills=200)


def test_producers_wait_for_a_trainer_that_stalls():
    most = SIZE + WORKERS * 2 * SIZE + PRODUCERS * AHEAD  # Given, with the workers, with the producers.
    with stream_of(None, PRODUCERS) as stream:
        batches = iter(stream.loader(SIZE, WORKERS, fingerprint))
        next(batches)
        limit = time.monotonic() + 60
        while stream.state_dict()["next"] < most:
            assert time.monotonic() < limit, "the producers do not work ahead"
            time.sleep(0.1)
        time.sleep(1.0)
        assert stream.state_dict()["next"] == most
        assert fingerprints([next(batches)])[0][0] == SIZE
        batches.close()


@pytest.mark.endurance
@pytest.mark.timeout(600)
def test_memory_stays_flat_while_a_trainer_stalls_for_a_minute():
    with stream_of(None, PRODUCERS, 320, 240) as stream:
        batches = iter(stream.loader(SIZE, WORKERS))
        for _ in range(20):
            next(batches)
        time.sleep(5.0)
        before = memory_of_trainer()
        time.sleep(60.0)
        assert memory_of_trainer() - before < 5 * MEBIBYTE
        assert next(batches)["index"][0] == 20 * SIZE
        batches.close()


def growth(samples, warm_up):
    """How many bytes the trainer and each of its children have gained over some samples."""
    with stream_of(None, PRODUCERS, 16, 12) as stream:
        batches = iter(stream.loader(SIZE, WORKERS))
        for _ in range(warm_up // SIZE):
            next(batches)
        before = memory_of_all()
        for _ in range(samples // SIZE):
            next(batches)
        after = memory_of_all()
        batches.close()
    return [late - early for early, late in zip(before, after, strict=True)]


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_memory_stays_flat_over_fifty_thousand_samples():
    assert max(growth(samples=50_000, warm_up=5_000)) < 5 * MEBIBYTE
