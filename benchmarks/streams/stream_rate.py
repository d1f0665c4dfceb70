"""How fast are streams of annotated images, against the same samples made in Blender with nothing around them?

blendgym bench stream
blendgym bench stream BlendNextView-v0 --passes rgb depth segmentation
blendgym bench stream --blendtorch ../pytorch-blender
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import tyro
from rich.console import Console

from blendgym.arguments import Amount, Count, EnvironmentId, ExistingFolder, MaybeOutputFolder, PassName
from blendgym.benchmarks.contest import Child, Seconds, compete, save, side_by_side, table
from blendgym.benchmarks.streams.pictured import CLUTTER, CUBE
from blendgym.client.process.launcher import ONE_THREAD
from blendgym.data.recording import Recording
from blendgym.data.streams.stream import Stream
from blendgym.registry import environment_spec

if TYPE_CHECKING:
    from blendgym.data.delivery.loader import Loader

RAW_SCRIPT = Path(__file__).with_name("raw_samples.py")
BLENDTORCH_SCRIPT = Path(__file__).with_name("blendtorch_stream.py")
BATCH_SIZE = 8

Contestants = Mapping[str, Callable[[int], float]]


class Pictures(NamedTuple):
    """What is made.

    Args:
        scenario: As ``Stream`` takes it.
        size: Width and height of the images.
        passes: What is seen.
        samples: In one round.
    """

    scenario: str
    size: tuple[int, int]
    passes: tuple[str, ...]
    samples: int

    @property
    def title(self) -> str:
        """Of a table."""
        return f"{self.scenario}, {self.size[0]}×{self.size[1]} {', '.join(self.passes)} of every sample"

    def stream(self, producers: int) -> Stream:
        """A stream that has the same samples in each pass."""
        return Stream(
            self.scenario, count=self.samples, repeat=True, producers=producers, passes=self.passes,
            width=self.size[0], height=self.size[1],
        )  # fmt: skip

    def told(self) -> tuple[str, str]:
        """The task and the view as scripts take them, which run inside Blender."""
        (view,) = self.stream(1).views.values()
        return str(environment_spec(self.scenario).kwargs["task"]), msgspec.json.encode(view).decode()


def measure(
    pictures: Pictures,
    producers: tuple[int, ...],
    workers: tuple[int, ...],
    rounds: int,
    processes: int = 2,
    blendtorch: Path | None = None,
) -> Seconds:
    """Seconds per sample of every round.

    Args:
        pictures: What is made.
        producers: With how many of them there is to be a stream each.
        workers: With how many of them each stream is to have a loader.
        rounds: How often the contestants take turns.
        processes: In how many the raw loops run, and with how many Blenders a stream is recorded.
        blendtorch: A checkout of blendtorch, whose stream then takes part.

    Returns:
        The raw loops, the loaders, a stream that is recorded, and perhaps blendtorch's stream, by name.
    """
    with ExitStack() as stack:
        raw = [
            stack.enter_context(closing(Child(RAW_SCRIPT, *pictures.told(), environment=ONE_THREAD)))
            for _ in range(processes)
        ]
        contestants: Contestants = {
            f"raw loops, {processes} processes": partial(side_by_side, raw),
            **_loaders(pictures, producers, workers, stack),
            f"{processes} producers, recorded": partial(
                _seconds_recorded, stack.enter_context(pictures.stream(processes))
            ),
            **(_peers(pictures, blendtorch, processes, workers, stack) if blendtorch else {}),
        }
        return compete(contestants, rounds, pictures.samples, pictures.title)


def main(
    scenarios: tyro.conf.Positional[tuple[EnvironmentId, ...]] = (CUBE, CLUTTER),
    width: Count = 640,
    height: Count = 480,
    passes: tuple[PassName, ...] = ("rgb",),
    producers: tuple[Count, ...] = (1, 2, 4),
    workers: tuple[Amount, ...] = (0, 2, 4),
    rounds: Count = 8,
    samples: Count = 96,
    processes: Count = 2,
    blendtorch: ExistingFolder | None = None,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures the samples per second of streams, in batches of 8, against raw loops in Blender, in one run.

    Args:
        scenarios: Ids of environments, or scenarios as module:Class; each has its own table. By default a cube, and
            many things that fall behind boards: the two scenes that blendtorch's paper has in its table of speeds.
        width: Of the images, in pixels.
        height: Of the images, in pixels.
        passes: What is seen.
        producers: With how many Blenders there is to be a stream each.
        workers: With how many workers each stream is to have a loader.
        rounds: How often the contestants take turns.
        samples: In one turn.
        processes: In how many the raw loops run, and how many Blenders there are for a stream that is recorded, and for
            blendtorch.
        blendtorch: A checkout of blendtorch: its stream then takes part, around the same samples of the same Blender.
        output: Folder for CSVs and charts.
    """
    for scenario in scenarios:
        pictures = Pictures(scenario, (width, height), passes, samples)
        seconds = measure(pictures, producers, workers, rounds, processes, blendtorch)
        Console().print(table(seconds, pictures.title, "sample"))
        if output:
            name = f"stream_rate_{scenario.split(':')[-1]}_{width}x{height}_{'_'.join(passes)}"
            save(output, name, seconds, pictures.title, "sample")


def _loaders(pictures: Pictures, producers: tuple[int, ...], workers: tuple[int, ...], stack: ExitStack) -> Contestants:
    contestants: dict[str, Callable[[int], float]] = {}
    for number in producers:
        stream = stack.enter_context(pictures.stream(number))
        for helpers in workers:
            loader = stack.enter_context(closing(stream.loader(BATCH_SIZE, helpers)))
            name = f"{number} producer{'s' * (number > 1)}, {helpers} workers"
            contestants[name] = partial(_seconds_in_batches, loader)
    return contestants


def _peers(
    pictures: Pictures, checkout: Path, producers: int, workers: tuple[int, ...], stack: ExitStack
) -> Contestants:
    contestants: dict[str, Callable[[int], float]] = {}
    for helpers in workers:
        arguments = (str(checkout), *pictures.told(), str(producers), str(helpers))
        child = stack.enter_context(closing(Child(BLENDTORCH_SCRIPT, *arguments, environment=ONE_THREAD)))
        contestants[f"blendtorch, {producers} producers, {helpers} workers"] = child.seconds
    return contestants


def _seconds_in_batches(loader: Loader, samples: int) -> float:
    """The seconds that a pass of so many samples takes; nothing is made before it, and nothing after it."""
    start = time.perf_counter()
    _check(sum(len(batch["index"]) for batch in loader), samples)
    return time.perf_counter() - start


def _seconds_recorded(stream: Stream, samples: int) -> float:
    """Likewise, into a recording."""
    with tempfile.TemporaryDirectory() as folder, Recording(folder) as recording:
        start = time.perf_counter()
        for sample in stream:
            recording.write(sample)
        taken = time.perf_counter() - start
        _check(len(recording), samples)
    return taken


def _check(taken: int, samples: int) -> None:
    if taken != samples:
        raise RuntimeError(f"The stream has given {taken} samples instead of {samples}.")
