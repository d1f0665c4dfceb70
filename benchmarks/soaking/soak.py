"""Uses environments for a long time, breaks their servers all the while, and watches throughput and memory."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from blendgym.benchmarks.soaking.killer import Killer, child_pids

SAMPLE_SECONDS = 2.0
WARM_UP = 0.2  # Of the samples; memory is still growing into its place.
DEADLINES = {"step": 5.0, "reset": 10.0, "start": 30.0}
MIB = 1 << 20


class Sample(NamedTuple):
    """A moment of a soak; a line of its CSV.

    Args:
        seconds: Since the beginning.
        steps: Taken so far, in all environments.
        steps_per_second: Since the sample before.
        trainer_mib: Resident memory of this process.
        servers_mib: Resident memory of all servers.
        servers: How many there are.
        launches: How many there have been.
        kills: How many were killed, crashed or stopped on purpose.
        truncations: Episodes that ended because of that.
    """

    seconds: float
    steps: int
    steps_per_second: float
    trainer_mib: float
    servers_mib: float
    servers: int
    launches: int
    kills: int
    truncations: int


class Soak:
    """A long run.

    Args:
        env_id: Of the environments.
        num_envs: How many.
        num_servers: On how many servers.
        kills_per_minute: How often a server is broken, on average; 0 for never.
        arguments: Further ones of ``gym.make_vec``.

    Attributes:
        samples: What was seen so far.
    """

    def __init__(self, env_id: str, num_envs: int, num_servers: int, kills_per_minute: float, **arguments: Any) -> None:
        self._id, self._num_envs = env_id, num_envs
        self._arguments = {"num_servers": num_servers, "max_restarts": 1_000_000, "deadlines": DEADLINES, **arguments}
        self._kills_per_minute = kills_per_minute
        self._servers: set[int] = set()
        self._steps = self._truncations = 0
        self.samples: list[Sample] = []

    def run(self, minutes: float, file: Path) -> None:
        """Runs for so long, or until Ctrl-C, and writes every sample as it comes.

        Args:
            minutes: How long.
            file: CSV.
        """
        with (
            closing(self._make()) as envs, _progress(minutes) as progress,
            _opened(file) as opened, _killing(self._kills_per_minute) as killer,
        ):  # fmt: skip
            writer = csv.writer(opened)
            writer.writerow(Sample._fields)
            for sample in self._samples(envs, killer, 60 * minutes):
                self.samples.append(sample)
                writer.writerow(f"{value:.1f}" if isinstance(value, float) else value for value in sample)
                progress(sample)

    def _make(self) -> VectorEnv[Any, Any, Any]:
        mode = gym.VectorizeMode.VECTOR_ENTRY_POINT
        return gym.make_vec(self._id, self._num_envs, mode, on_error="truncate", **self._arguments)

    def _samples(self, envs: VectorEnv[Any, Any, Any], killer: Killer, seconds: float) -> Iterator[Sample]:
        envs.action_space.seed(0)
        envs.reset(seed=0)
        start = sampled = time.monotonic()
        steps = 0
        while (now := time.monotonic()) < start + seconds:
            self._step(envs)
            if now - sampled >= SAMPLE_SECONDS:
                yield self._sample(now - start, (self._steps - steps) / (now - sampled), killer.kills)
                sampled, steps = now, self._steps

    def _step(self, envs: VectorEnv[Any, Any, Any]) -> None:
        _, _, _, _, infos = envs.step(envs.action_space.sample())
        self._steps += envs.num_envs
        self._truncations += int(np.sum(infos.get("_error", 0)))
        self._servers |= child_pids()

    def _sample(self, seconds: float, rate: float, kills: int) -> Sample:
        children = child_pids()
        return Sample(
            seconds=seconds,
            steps=self._steps,
            steps_per_second=rate,
            trainer_mib=_resident_mib("self"),
            servers_mib=sum(map(_resident_mib, children)),
            servers=len(children),
            launches=len(self._servers),
            kills=kills,
            truncations=self._truncations,
        )


def memory_slope(samples: list[Sample]) -> float:
    """How fast the trainer's memory grows after its warm-up, in MiB per hour; 0 if there is too little to tell."""
    settled = samples[int(WARM_UP * len(samples)) :]
    if len(settled) < 2:
        return 0.0
    hours = [sample.seconds / 3600 for sample in settled]
    return float(np.polyfit(hours, [sample.trainer_mib for sample in settled], 1)[0])


def plot(samples: list[Sample], file: Path, title: str) -> None:
    """Draws throughput, memory, launches and kills over time."""
    from matplotlib.figure import Figure

    minutes = [sample.seconds / 60 for sample in samples]
    figure = Figure(figsize=(8, 7), layout="constrained")
    throughput, memory, counts = figure.subplots(3, sharex=True)
    throughput.plot(minutes, [sample.steps_per_second for sample in samples], color="tab:blue")
    throughput.set(title=title, ylabel="steps per second", ylim=(0, None))
    memory.plot(minutes, [sample.servers_mib for sample in samples], color="tab:orange", label="all servers")
    memory.plot(minutes, [sample.trainer_mib for sample in samples], color="tab:blue", label="trainer")
    memory.set(ylabel="resident memory [MiB]", ylim=(0, None))
    counts.step(minutes, [sample.launches for sample in samples], color="tab:green", label="servers launched")
    counts.step(minutes, [sample.kills for sample in samples], color="tab:red", label="of them broken on purpose")
    counts.set(xlabel="minutes", ylabel="so far", ylim=(0, None))
    for axes in (memory, counts):
        axes.legend(loc="best")
    for axes in (throughput, memory, counts):
        axes.grid(alpha=0.25)
    figure.savefig(file, dpi=150)


@contextmanager
def _killing(per_minute: float) -> Iterator[Killer]:
    """Intervals are uniform, so the longest is twice the mean."""
    killer = Killer(seed=0, within=120 / per_minute) if per_minute else Killer(seed=0, within=0, most=0)
    killer.start()
    try:
        yield killer
    finally:
        killer.stop()


def _opened(file: Path) -> IO[str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("w", encoding="utf-8", newline="", buffering=1)


@contextmanager
def _progress(minutes: float) -> Iterator[Any]:
    columns = BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn()
    with Progress(*columns) as bar:
        task = bar.add_task("launching", total=60 * minutes)

        def show(sample: Sample) -> None:
            said = f"{sample.steps:,} steps, {sample.steps_per_second:,.0f}/s, {sample.launches} launches"
            bar.update(task, completed=sample.seconds, description=said)

        yield show


def _resident_mib(pid: int | str) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    except OSError:  # It has just ended.
        return 0.0
    return pages * resource.getpagesize() / MIB
