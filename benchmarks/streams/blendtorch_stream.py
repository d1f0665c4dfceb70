"""blendtorch's stream around the samples of ``raw_samples.py``, for whoever has a checkout of it.

``blendtorch_stream.py CHECKOUT TASK VIEW PRODUCERS WORKERS`` is a ``Child`` of ``contest.py``. Its own examples render
through a window and interfaces that Blender has no more; here its publishers and its dataset, PUSH, PULL and pickle
included, carry the same samples of the same Blender as all other contestants make.

Its publishers cannot be told when to begin: they go on until all queues are full. So they are stopped while others have
their turn, and what was made ahead of a turn is taken first, and not counted.
"""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from blendgym.benchmarks.contest import answer_questions

SAMPLES_SCRIPT = Path(__file__).with_name("blendtorch_samples.py")
BATCH_SIZE = 8
QUEUED = 10
"""Messages that each end of a connection keeps, as blendtorch has it by default."""
PREFETCHED = 2
"""Batches that each worker of a ``DataLoader`` has ahead, as PyTorch has it by default."""
PATIENCE_MS = 3_600_000  # Until the next turn.

Publisher = subprocess.Popen[bytes]


def main() -> None:
    """Serves until standard input ends."""
    checkout, task, view, producers, workers = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        addresses = [f"ipc://{folder}/{number}" for number in range(producers)]
        publishers = []
        for number, address in enumerate(addresses):
            command = [sys.executable, str(SAMPLES_SCRIPT), checkout, task, view, address, str(number), str(producers)]
            publishers.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
            )
            stack.callback(publishers[-1].kill)
        _answer(Path(checkout), addresses, publishers, workers)


def _answer(checkout: Path, addresses: list[str], publishers: list[Publisher], workers: int) -> None:
    """Answers questions until there are no more; then the workers end, which they only do while samples come."""
    sys.path.insert(0, str(checkout / "pkg_pytorch"))
    from blendtorch.btt.dataset import RemoteIterableDataset
    from torch.utils.data import DataLoader

    dataset = RemoteIterableDataset(addresses, queue_size=QUEUED, timeoutms=PATIENCE_MS, max_items=sys.maxsize)
    batches = iter(DataLoader(dataset, batch_size=BATCH_SIZE, num_workers=workers))
    ahead = len(addresses) * max(workers, 1) * 2 * QUEUED // BATCH_SIZE + workers * PREFETCHED

    def seconds(samples: int) -> float:
        with _at_work(publishers):
            _take(batches, ahead)
            start = time.perf_counter()
            _take(batches, samples // BATCH_SIZE)
            return time.perf_counter() - start

    with _at_work(publishers):
        _take(batches, 1)
    answer_questions(seconds)
    _signal(publishers, signal.SIGCONT)


def _take(batches: Iterator[Any], number: int) -> None:
    for _ in itertools.islice(batches, number):
        pass


@contextmanager
def _at_work(publishers: list[Publisher]) -> Iterator[None]:
    _signal(publishers, signal.SIGCONT)
    yield
    _signal(publishers, signal.SIGSTOP)


def _signal(publishers: list[Publisher], number: signal.Signals) -> None:
    for each in publishers:
        each.send_signal(number)


if __name__ == "__main__":
    main()
