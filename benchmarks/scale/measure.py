"""What things cost on this machine, and which rates a few servers reach on it."""

from __future__ import annotations

import itertools
import socket
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from rich.progress import track

from blendgym.arguments import PROCESSORS
from blendgym.benchmarks.anatomy.methods import SLEEPING, TRAINER, WAITING
from blendgym.benchmarks.anatomy.spans import Spans, read_spans, watching
from blendgym.benchmarks.anatomy.steps import divide, seconds_by_part
from blendgym.benchmarks.contest import Child, side_by_side
from blendgym.benchmarks.scale.costs import StreamCosts, VectorCosts
from blendgym.benchmarks.steps.vector_rate import RAW_SCRIPT
from blendgym.benchmarks.streams.pictured import CUBE
from blendgym.data.streams.book import Book
from blendgym.data.streams.stream import Stream
from blendgym.registry import environment_spec

SLOTS = (2, 8)
TURNS = 3
SIZE = 84  # pixels
SAMPLE_SIZE = (160, 120)
WAITS = tuple(method for method in TRAINER if method.part in (WAITING, SLEEPING))
CHUNK = 1 << 16  # bytes, which a socket takes at once

Place = tuple[int, int]
"""Servers, and slots of each."""


class Turn(NamedTuple):
    """Steps of all environments.

    Args:
        seconds: Of a step.
        waited: Seconds of it in which the trainer waits for servers.
    """

    seconds: float
    waited: float

    @property
    def own(self) -> float:
        """Seconds in which the trainer works itself."""
        return self.seconds - self.waited


def measure_vectors(env_id: str, servers: Sequence[int], steps: int) -> dict[Place, Turn]:
    """A step with some numbers of servers and slots, which take turns.

    Args:
        env_id: Any environment that observes its state.
        servers: The numbers of servers.
        steps: Of all environments together, in one of the turns.
    """
    with ExitStack() as stack:
        made = {
            (number, slots): stack.enter_context(_vector(env_id, number, slots))
            for number, slots in itertools.product(servers, SLOTS)
        }
        turns: dict[Place, list[Turn]] = {place: [] for place in made}
        for _ in track(range(TURNS), description="Steps"):
            for place, envs in made.items():
                turns[place] += _take(envs, steps)
    return {place: fastest(taken) for place, taken in turns.items()}


def measure_images(env_id: str, steps: int) -> Turn:
    """A step of a single server that has four slots and draws 84×84 pixels of each."""
    with _vector(env_id, 1, 4, obs_type="rgb", width=SIZE, height=SIZE) as envs:
        return fastest(_take(envs, steps))


def fastest(turns: Sequence[Turn]) -> Turn:
    """The median of the fastest tenth: in the others the machine may have had other things to do."""
    best = sorted(turns, key=lambda turn: turn.seconds)[: (len(turns) + 9) // 10]
    return Turn(*(statistics.median(values) for values in zip(*best, strict=True)))


def fit(turns: Mapping[Place, Turn], size: int) -> VectorCosts:
    """The costs that explain best what the trainer does itself, and what a single server takes.

    Args:
        turns: A step, by servers and slots.
        size: Bytes of an observation.
    """
    step, message, environment = _least_squares(
        [(1.0, servers, servers * slots) for servers, slots in turns], [turn.own for turn in turns.values()]
    )
    alone = {slots: turn for (servers, slots), turn in turns.items() if servers == 1}
    request, slot = _least_squares([(1.0, slots) for slots in alone], [turn.waited for turn in alone.values()])
    return VectorCosts(step, message, environment, request, slot, size)


def measure_byte() -> float:
    """Seconds to take a byte out of a socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        content, into, seconds = bytes(CHUNK), bytearray(CHUNK), []
        for _ in range(200):
            theirs.sendall(content)
            start = time.perf_counter()
            taken = ours.recv_into(into)
            seconds.append((time.perf_counter() - start) / taken)
            while taken < CHUNK:
                taken += ours.recv_into(into)
    return statistics.median(seconds)


def measure_processors(env_id: str, steps: int) -> float:
    """How many times as fast as one raw loop in Blender several are that run side by side.

    It is less than the number of processors where they share caches or arithmetic, or where others use them.
    """
    task = str(environment_spec(env_id).kwargs["task"])
    count = 2 * PROCESSORS
    with ExitStack() as stack:
        children = [stack.enter_context(closing(Child(RAW_SCRIPT, task))) for _ in range(count)]
        alone = min(children[0].seconds(steps) for _ in range(10))
        together = min(side_by_side(children, count * steps) for _ in range(10))
    return min(PROCESSORS, max(1.0, count * alone / together))


def measure_place() -> float:
    """Seconds of a stream's book for each place that is leased: one sample is delivered, taken and ordered."""
    few, many = 8, 1024
    return max(0.0, (_book_seconds(many) - _book_seconds(few)) / (many - few))


def measure_streams(producers: Sequence[int], samples: int) -> tuple[StreamCosts, dict[int, float]]:
    """What a sample of a cube costs, and seconds per sample with some numbers of producers.

    Args:
        producers: The numbers of producers; 1 is among them.
        samples: Of each stream.
    """
    measured = {number: _sample_seconds(number, samples) for number in track(producers, description="Samples")}
    seconds, own = measured[1]
    width, height = SAMPLE_SIZE
    costs = StreamCosts(max(0.0, seconds - own), own, measure_place(), size=3 * width * height)
    return costs, {number: taken for number, (taken, _) in measured.items()}


@contextmanager
def _vector(env_id: str, servers: int, slots: int, **arguments: Any) -> Iterator[gym.vector.VectorEnv[Any, Any, Any]]:
    mode = AutoresetMode.SAME_STEP
    envs = gym.make_vec(env_id, servers * slots, num_servers=servers, autoreset_mode=mode, **arguments)
    try:
        envs.reset(seed=0)
        yield envs
    finally:
        envs.close()


def _take(envs: gym.vector.VectorEnv[Any, Any, Any], steps: int) -> list[Turn]:
    """Steps; those in which an episode ends and begins are left out."""
    actions = np.zeros(envs.action_space.shape or (), envs.action_space.dtype)
    windows: list[tuple[int, int]] = []
    with TemporaryDirectory() as folder:
        spans = Spans(Path(folder) / "spans")
        with watching(WAITS, spans):
            while len(windows) < steps:
                start = time.perf_counter_ns()
                _, _, terminations, truncations, _ = envs.step(actions)
                if not (terminations.any() or truncations.any()):
                    windows.append((start, time.perf_counter_ns()))
        divided = divide(windows, read_spans(Path(folder) / "spans", WAITS), [])
    waited = [sum(seconds_by_part(step.trainer).get(part, 0.0) for part in (WAITING, SLEEPING)) for step in divided]
    return [Turn((end - start) * 1e-9, wait) for (start, end), wait in zip(windows, waited, strict=True)]


def _least_squares(rows: Sequence[tuple[float, ...]], values: Sequence[float]) -> list[float]:
    """The factor of each column, of the least relative error; what would be negative is nothing."""
    weighted = np.asarray(rows) / np.asarray(values)[:, None]
    factors = np.zeros(weighted.shape[1])
    columns = list(range(weighted.shape[1]))
    while columns:
        found = np.linalg.lstsq(weighted[:, columns], np.ones(len(values)), rcond=None)[0]
        if found.min() >= 0:
            factors[columns] = found
            break
        del columns[int(found.argmin())]
    least: list[float] = factors.tolist()
    return least


def _book_seconds(producers: int, samples: int = 300) -> float:
    book = Book(None, 2 * producers)
    for producer in range(producers):
        book.lease(producer)
    start = time.perf_counter()
    for place in range(samples):
        book.deliver(place % producers, place)
        book.take("trainer")
        book.confirm(place)
        book.lease(place % producers)
    return (time.perf_counter() - start) / samples


def _sample_seconds(producers: int, samples: int) -> tuple[float, float]:
    """Seconds, and those of this process's processor time, for a sample of a stream that is under way."""
    width, height = SAMPLE_SIZE
    with Stream(CUBE, producers=producers, width=width, height=height) as stream:
        for _ in range(8 * producers):
            next(iter(stream))
        start, working = time.perf_counter(), time.process_time()
        for _, _ in zip(range(samples), stream, strict=False):
            pass
        return (time.perf_counter() - start) / samples, (time.process_time() - working) / samples
