"""How fast are streams of annotated images, against the same samples made in Blender with nothing around them?

blendgym bench stream
blendgym bench stream --scenario BlendNextView-v0 --passes rgb depth segmentation
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from blendgym.benchmarks.contest import Child, Seconds, compete, save, side_by_side, table
from blendgym.data.stream import Stream
from blendgym.registry import environment_spec

if TYPE_CHECKING:
    from blendgym.data.delivery.loader import Loader

RAW_SCRIPT = Path(__file__).with_name("raw_samples.py")
BATCH_SIZE = 8


def measure(
    scenario: str,
    size: tuple[int, int],
    passes: tuple[str, ...],
    producers: tuple[int, ...],
    workers: tuple[int, ...],
    rounds: int,
    samples: int,
) -> Seconds:
    """Seconds per sample of every round.

    Args:
        scenario: As ``Stream`` takes it.
        size: Width and height of the images.
        passes: What is seen.
        producers: With how many of them there is to be a stream each.
        workers: With how many of them there is to be a loader for the stream with the most producers.
        rounds: How often the contestants take turns.
        samples: In one round.

    Returns:
        The raw loops, in as many processes as the largest stream has producers, the streams, and its loaders, by name.
    """
    with ExitStack() as stack:
        streams = {
            f"stream, producers: {number}": stack.enter_context(
                Stream(
                    scenario, count=samples, repeat=True, producers=number, passes=passes, width=size[0], height=size[1]
                )
            )
            for number in producers
        }
        (view,) = next(iter(streams.values())).views.values()
        task, told = str(environment_spec(scenario).kwargs["task"]), msgspec.json.encode(view).decode()
        raw = [stack.enter_context(closing(Child(RAW_SCRIPT, task, told))) for _ in range(max(producers))]
        contestants: dict[str, Callable[[int], float]] = {
            f"raw loops, processes: {len(raw)}": partial(side_by_side, raw)
        }
        contestants |= {name: partial(_seconds, stream) for name, stream in streams.items()}
        largest = streams[f"stream, producers: {max(producers)}"]
        for number in workers:
            loader = stack.enter_context(closing(largest.loader(BATCH_SIZE, number)))
            contestants[f"loader, workers: {number}"] = partial(_seconds_in_batches, loader)
        return compete(contestants, rounds, samples, _title(scenario, size, passes))


def main(
    scenario: str = "BlendCartpole-v0",
    size: tuple[int, int] = (640, 480),
    passes: tuple[str, ...] = ("rgb",),
    producers: tuple[int, ...] = (1, 2),
    workers: tuple[int, ...] = (0, 2, 4),
    rounds: int = 8,
    samples: int = 96,
    output: Path | None = None,
) -> None:
    """Measures the samples per second of streams against raw loops in Blender, in one run.

    Args:
        scenario: The id of an environment, or a scenario as module:Class.
        size: Width and height of the images.
        passes: What is seen.
        producers: With how many Blenders there is to be a stream each; the raw loops have as many processes as the
            largest.
        workers: With how many workers there is to be a loader each, for the stream with the most Blenders.
        rounds: How often the contestants take turns.
        samples: In one turn.
        output: Folder for a CSV and a chart.
    """
    seconds = measure(scenario, size, passes, producers, workers, rounds, samples)
    title = _title(scenario, size, passes)
    Console().print(table(seconds, title))
    if output:
        save(output, f"stream_rate_{size[0]}x{size[1]}_{'_'.join(passes)}", seconds, title)


def _seconds(stream: Stream, samples: int) -> float:
    """The seconds that a pass of so many samples takes; nothing is made before it, and nothing after it."""
    start = time.perf_counter()
    if (taken := sum(1 for _ in stream)) != samples:
        raise RuntimeError(f"The stream has given {taken} samples instead of {samples}.")
    return time.perf_counter() - start


def _seconds_in_batches(loader: Loader, samples: int) -> float:
    """Likewise, as tensors."""
    start = time.perf_counter()
    if (taken := sum(len(batch["index"]) for batch in loader)) != samples:
        raise RuntimeError(f"The loader has given {taken} samples instead of {samples}.")
    return time.perf_counter() - start


def _title(scenario: str, size: tuple[int, int], passes: tuple[str, ...]) -> str:
    return f"{scenario}, {size[0]}×{size[1]} {', '.join(passes)} of every sample"
