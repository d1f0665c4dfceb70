"""However a stream ends, at whatever moment, its Blenders end with it."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from scenarios import SILENT
from trainers import assert_gone

from blendgym.data.streams.stream import Stream

SMALL = {"width": 16, "height": 12}

TRAINER = """
from blendgym.data import Stream
stream = Stream("scenarios:Silent", producers=2, width=16, height=12)
print("made", flush=True)
for sample in stream:
    if sample.index == 0:
        print("streaming", flush=True)
"""


@pytest.fixture
def trainer():
    helpers = Path(__file__).parents[1] / "helpers"
    started = subprocess.Popen(
        [sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=helpers
    )
    yield started
    started.kill()
    started.wait()
    started.stdout.close()


def children_of(trainer):
    limit = time.monotonic() + 60
    while len(servers := psutil.Process(trainer.pid).children()) < 2:
        assert time.monotonic() < limit, "the stream launches nothing"
        time.sleep(0.01)
    return servers


@pytest.mark.parametrize(
    "deadly", [signal.SIGINT, signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("moment", ["made", "streaming"])
def test_no_blender_outlives_its_trainer(trainer, deadly, moment):
    while (said := trainer.stdout.readline().strip()) != moment:
        assert said, "the trainer has ended by itself"
    servers = children_of(trainer)
    trainer.send_signal(deadly)
    trainer.wait(60)
    for server in servers:
        assert_gone(server.pid, 30)


def test_no_blender_outlives_a_stream_that_is_dropped():
    gc.collect()
    gc.disable()  # What is only found as a cycle would live on.
    try:
        stream = Stream(SILENT, **SMALL)
        stream.take()
        pid = stream._producers[0].pid
        del stream
        assert_gone(pid, 10)
    finally:
        gc.enable()


def test_no_blender_outlives_an_iteration_that_ends_with_an_error():
    def train():
        for _ in Stream(SILENT, **SMALL):
            pids.extend({child.pid for child in psutil.Process().children()} - others)
            raise ValueError

    pids, others = [], {child.pid for child in psutil.Process().children()}
    with pytest.raises(ValueError):  # noqa: PT011
        train()
    gc.collect()
    for pid in pids:
        assert_gone(pid, 10)
