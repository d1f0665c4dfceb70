"""Waiting for messages awake, and asleep where others need the processor."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from blendgym.wire.transport.sockets import bind, connect
from blendgym.wire.transport.waiting import FEWEST_ASLEEP, MOST_ASLEEP, SpinWait, next_nap

LIMIT = 1 << 20
SPIN = "import os; os.sched_setaffinity(0, {int(input())}); print(flush=True)\nwhile True: pass"


@pytest.fixture
def server(tmp_path):
    made = bind(f"ipc://{tmp_path}/socket", LIMIT)
    yield made
    made.close()


@pytest.fixture
def client(server):
    made = connect(server.endpoint, LIMIT)
    yield made
    made.close()


@pytest.fixture
def rival():
    """Another process that has as much use for the only processor as this one."""
    processors = os.sched_getaffinity(0)
    here = min(processors)
    busy = subprocess.Popen([sys.executable, "-c", SPIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    busy.stdin.write(f"{here}\n")
    busy.stdin.flush()
    busy.stdout.readline()
    os.sched_setaffinity(0, {here})
    yield busy
    os.sched_setaffinity(0, processors)
    busy.kill()
    busy.communicate()


def seconds(spin_wait):
    """How long it waits for nothing."""
    start = time.monotonic()
    assert not spin_wait.wait()
    return time.monotonic() - start


@pytest.mark.usefixtures("rival")
def test_whoever_is_kept_from_the_processor_sleeps_through_the_next_messages(server):
    spin_wait = SpinWait(server, seconds=5.0)
    assert seconds(spin_wait) < 5.0
    assert sorted(seconds(spin_wait) for _ in range(9))[4] < 0.001


@pytest.mark.usefixtures("rival")
def test_whoever_has_slept_long_enough_tries_to_be_awake_again(server):
    spin_wait = SpinWait(server, seconds=5.0)
    spin_wait.wait()
    asleep = [seconds(spin_wait) for _ in range(2 * FEWEST_ASLEEP)]
    assert seconds(spin_wait) > 10 * sorted(asleep)[FEWEST_ASLEEP]


def test_naps_get_longer_as_long_as_being_awake_does_not_pay():
    naps = [FEWEST_ASLEEP]
    while naps[-1] < MOST_ASLEEP:
        naps.append(next_nap(naps[-1], kept=20, lost=0.003))
    assert naps[:3] == [FEWEST_ASLEEP, 2 * FEWEST_ASLEEP, 4 * FEWEST_ASLEEP]
    assert next_nap(MOST_ASLEEP, kept=20, lost=0.003) == MOST_ASLEEP


def test_a_nap_is_short_where_being_awake_has_saved_more_than_was_lost():
    assert next_nap(MOST_ASLEEP, kept=200, lost=0.003) == FEWEST_ASLEEP
    assert next_nap(FEWEST_ASLEEP, kept=10, lost=0.0002) == FEWEST_ASLEEP


def test_a_message_that_is_there_is_noticed(server, client):
    client.send([b"request"])
    while not server.poll(0.01):  # They shake hands first.
        client.poll(0.01)
    assert SpinWait(server, seconds=5.0).wait()


def test_nobody_is_awake_for_longer_than_told(server):
    assert seconds(SpinWait(server, seconds=0.0)) < 0.5
