"""A training loop is given every sample once, in order, whoever makes its batches and whoever dies over them."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import delivered
import psutil
import pytest
import torch
from places import HELPERS
from scenarios import SILENT

from blendgym.data.delivery.loader import Loader
from blendgym.data.delivery.orders import Orders
from blendgym.data.delivery.worker import Worker
from blendgym.data.streams.stream import Stream
from blendgym.errors import EnvironmentClosed, InvalidOption, TransformError, WorkerDied, WorkerTimeout

COUNT, SIZE = 12, 4
SHARED = Path("/dev/shm")  # noqa: S108 (nothing is made there)

TRAINER = """
from delivered import told_by
from scenarios import SILENT
from blendgym.data.streams.stream import Stream

with Stream(SILENT, width=32, height=24) as stream:
    for batch in stream.loader(2, num_workers=2, transform=told_by):
        print(*batch["pid"].unique().tolist(), flush=True)
"""


@pytest.fixture(scope="module")
def stream():
    """The same few samples in every pass."""
    with Stream(SILENT, count=COUNT, repeat=True, passes=("rgb", "segmentation"), width=32, height=24) as stream:
        yield stream


@pytest.fixture
def loading(stream):
    """Makes loaders of that stream, whose next pass is a whole one, and closes them."""
    stream.begin_pass()
    while (left_over := stream.take()) is not None:
        stream.confirm([left_over.index])
    made = []

    def make(*arguments, **options):
        made.append(stream.loader(*arguments, **options))
        return made[-1]

    yield make
    for loader in made:
        loader.close()


def indices_of(batches):
    return [batch["index"].tolist() for batch in batches]


def same(batches, others):
    return len(batches) == len(others) and all(
        torch.equal(mine["rgb"], its["rgb"]) for mine, its in zip(batches, others, strict=True)
    )


def wait_until_gone(pids, seconds=30.0):
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], seconds)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


def test_batches_of_tensors_come_in_order(loading):
    loader = loading(5)
    batches = list(loader)
    assert len(loader) == 3
    assert indices_of(batches) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]]
    assert batches[0]["rgb"].shape == (5, 3, 24, 32)
    for objects, ids in zip(batches[2]["objects"], batches[2]["segmentation"], strict=True):
        assert {0, *objects["ids"].tolist()} == {0, *ids.unique().tolist()}


@pytest.mark.parametrize(
    ("workers", "method"),
    [(1, "fork"), (3, "fork"), (1, "spawn"), pytest.param(1, "forkserver", marks=pytest.mark.long)],
)
def test_batches_are_bit_equal_whatever_the_number_of_workers(loading, workers, method):
    alone = list(loading(SIZE, transform=delivered.jittered))
    helped = list(loading(SIZE, workers, delivered.jittered, multiprocessing_context=method))
    assert indices_of(helped) == indices_of(alone) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert same(helped, alone)


def test_batches_come_in_order_if_the_first_takes_longest(loading):
    batches = list(loading(SIZE, 3, delivered.slow_at_first))
    assert indices_of(batches) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_workers_live_from_pass_to_pass(loading):
    loader = loading(SIZE, 2, delivered.told_by)
    first, second = list(loader), list(loader)
    workers = set(loader.worker_pids)
    assert len(workers) == 2
    assert {int(pid) for batch in first + second for pid in batch["pid"]} <= workers
    assert indices_of(first) == indices_of(second)


@pytest.mark.parametrize("workers", [0, 2])
def test_what_a_loop_that_ends_early_was_not_given_comes_next(loading, workers):
    loader = loading(SIZE, workers)
    assert next(iter(loader))["index"].tolist() == [0, 1, 2, 3]
    assert indices_of(loading(3)) == [[4, 5, 6], [7, 8, 9], [10, 11]]


def test_a_killed_worker_is_replaced_and_its_batch_made_by_another(loading):
    alone = list(loading(2))
    loader = loading(2, 2)
    batches = []
    for batch in loader:
        batches.append(batch)
        with contextlib.suppress(ProcessLookupError):  # It may have been killed before, and not be replaced yet.
            os.kill(loader.worker_pids[len(batches) % 2], signal.SIGKILL)
    assert indices_of(batches) == indices_of(alone)
    assert same(batches, alone)


def test_a_batch_that_kills_its_workers_is_named(loading):
    loader = loading(SIZE, 2, delivered.deadly_at_five)
    with pytest.raises(WorkerDied, match="indices 4, 5, 6, 7; the last one was killed by SIGKILL") as caught:
        list(loader)
    assert caught.value.details == {"indices": [4, 5, 6, 7]}
    assert indices_of(loading(SIZE)) == [[4, 5, 6, 7], [8, 9, 10, 11]]


class Watched(Orders):
    """Tells whether a worker could be replaced before its batch was given back."""

    def note_death(self, batch, cause):
        self.told = cause, self.worker.is_lost
        super().note_death(batch, cause)


@pytest.mark.usefixtures("loading")
@pytest.mark.parametrize(
    ("transform", "signal_name"),
    [(delivered.deadly, "SIGKILL"), (delivered.deadly_by_a_nameless_signal, f"signal {signal.SIGRTMIN + 5}")],
)
def test_a_worker_that_dies_is_there_until_its_batch_is_given_back(stream, transform, signal_name):
    stream.begin_pass()
    orders = Watched(stream, "tested", SIZE, 2)
    orders.worker = worker = Worker(multiprocessing.get_context(), transform, list, None)
    worker.begin(orders)
    limit = time.monotonic() + 30
    while not worker.is_lost and time.monotonic() < limit:
        time.sleep(0.001)
    cause, was_lost = orders.told
    assert cause.startswith(f"was killed by {signal_name}")
    assert not was_lost
    assert orders.next().deaths == 1
    orders.close()
    worker.end()
    stream.put_back("tested")


def test_a_worker_that_is_stopped_is_an_error_in_its_turn_and_its_samples_come_again(loading):
    alone = list(loading(2, transform=delivered.jittered))
    loader = loading(2, 1, delivered.jittered, timeout=2.0, multiprocessing_context="fork")
    given = iter(loader)
    batches = [next(given)]
    (stopped,) = loader.worker_pids
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(WorkerTimeout, match="within 2 s; .* say timeout=") as caught:
        batches.extend(given)
    first = 2 * len(batches)
    assert caught.value.details == {"indices": [first, first + 1], "pid": stopped}
    assert same(batches + list(loader), alone)
    wait_until_gone([stopped])


def test_a_transform_that_hangs_is_an_error_after_the_batches_before_it(loading):
    loader, given = loading(2, 2, delivered.stuck_at_two, timeout=1.0), []
    with pytest.raises(WorkerTimeout, match="indices 2, 3 within 1 s") as caught:
        given.extend(loader)
    assert torch.stack(given).tolist() == [[0, 1]]
    assert caught.value.details["indices"] == [2, 3]
    assert indices_of(loading(SIZE))[0] == [2, 3, 4, 5]


def test_an_iteration_that_was_left_does_not_mix_with_the_next(loading):
    (alone,) = loading(COUNT)
    loader = loading(2, 2)
    left = iter(loader)
    given = [next(left), *loader, *left]
    indices = torch.cat([batch["index"] for batch in given])
    assert sorted(indices.tolist()) == list(range(COUNT))
    assert torch.equal(torch.cat([batch["rgb"] for batch in given]), alone["rgb"][indices])


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_of_a_transform_comes_after_the_batches_before_it(loading, workers):
    given = []
    with pytest.raises(TransformError, match=r"sample 5 \(seed \d+\) raised ValueError: five"):
        given.extend(loading(SIZE, workers, delivered.broken_at_five))
    assert torch.stack(given).tolist() == [[0, 1, 2, 3]]
    batches = iter(loading(SIZE, workers, delivered.broken_at_five))
    with pytest.raises(TransformError):
        next(batches)


def test_batches_that_cannot_be_sent_are_refused(loading):
    with pytest.raises(InvalidOption, match="stream.dataset"):
        list(loading(SIZE, 1, delivered.strange))


def test_workers_end_with_their_loader(loading):
    loader = loading(SIZE, 2)
    list(loader)
    pids = loader.worker_pids
    loader.close()
    wait_until_gone(pids)
    assert loader.worker_pids == []
    assert len(list(loader)) == 3


@pytest.mark.parametrize("is_over", [True, False])
def test_workers_end_with_the_stream_whether_or_not_the_pass_is_over(is_over):
    with Stream(SILENT, count=8, width=32, height=24) as stream:
        loader = stream.loader(2, 2)
        batches = iter(loader)
        next(batches)
        if is_over:
            list(batches)
        pids = loader.worker_pids
        assert len(pids) == 2
    wait_until_gone(pids)
    with pytest.raises(EnvironmentClosed):
        list(loader if is_over else batches)
    assert loader.worker_pids == []


def test_a_stream_does_not_keep_its_loaders(stream):
    loader = weakref.ref(Loader(stream, SIZE))
    assert loader() is None


def test_a_forgotten_loader_ends_its_workers(stream, loading):
    loader = Loader(stream, SIZE, 2)
    list(loader)
    pids = loader.worker_pids
    del loader
    wait_until_gone(pids)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_stream_that_is_closed_is_an_error_for_the_loop(workers):
    with Stream(SILENT, width=32, height=24) as stream:
        loader = stream.loader(2, workers)
        batches = iter(loader)
        next(batches)
        stream.close()
        with pytest.raises(EnvironmentClosed, match="stream is closed"):
            list(batches)
        loader.close()


@pytest.mark.parametrize(
    "deadly", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGKILL]
)
def test_nothing_outlives_the_trainer(temporary, tmp_path, deadly):
    shared, errors = set(SHARED.iterdir()), tmp_path / "errors"
    environment = {**os.environ, "PYTHONPATH": str(HELPERS)}
    command = [sys.executable, "-c", TRAINER]
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment, start_new_session=True
        ) as trainer,
    ):
        for _ in range(3):
            assert trainer.stdout.readline(), errors.read_text()
        children = [child.pid for child in psutil.Process(trainer.pid).children(recursive=True)]
        assert len(children) >= 3
        os.killpg(trainer.pid, deadly) if deadly == signal.SIGINT else trainer.send_signal(deadly)
        trainer.wait(60)
    wait_until_gone(children)
    assert set(SHARED.iterdir()) <= shared
    if deadly == signal.SIGINT:
        assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 4, "num_workers": -1}, "num_workers is -1"),
        ({"batch_size": 4, "timeout": 0}, "timeout is 0; expected seconds, more than 0"),
        ({"batch_size": 4, "timeout": math.nan}, "timeout is nan"),
        ({"batch_size": 4, "timeout": "3"}, "timeout is '3'"),
        ({"batch_size": 4, "timeout": True}, "timeout is True"),
        ({"batch_size": 4, "prefetch_factor": 0}, "prefetch_factor is 0"),
        ({"batch_size": 4, "multiprocessing_context": "thread"}, "one of fork, spawn, forkserver"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(stream, arguments, message):
    with pytest.raises(InvalidOption, match=message):
        stream.loader(**arguments)


@pytest.mark.parametrize("workers", [pytest.param((0, 2), marks=pytest.mark.long), (2, 0), (2, 3)])
def test_a_state_within_a_pass_resumes_behind_what_the_loop_was_given(workers):
    def stream_of(producers):
        return Stream(SILENT, count=COUNT, width=32, height=24, producers=producers)

    with stream_of(1) as stream, stream_of(2) as resumed:
        whole = list(stream.loader(2))
        stream.load_state_dict(resumed.state_dict())
        given = []
        for batch in stream.loader(2, workers[0]):
            given.append(batch)
            if len(given) == 2:
                resumed.load_state_dict(stream.state_dict())
                break
        given += resumed.loader(2, workers[1])
    assert indices_of(given) == indices_of(whole)
    assert same(given, whole)
