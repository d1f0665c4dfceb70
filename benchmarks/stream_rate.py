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

import msgspec
from rich.console import Console

from blendgym.benchmarks.contest import Child, Seconds, compete, save, side_by_side, table
from blendgym.data.stream import Stream
from blendgym.registry import environment_spec

RAW_SCRIPT = Path(__file__).with_name("raw_samples.py")


def measure(
    scenario: str, size: tuple[int, int], passes: tuple[str, ...], producers: tuple[int, ...], rounds: int, samples: int
) -> Seconds:
    """Seconds per sample of every round.

    Args:
        scenario: As ``Stream`` takes it.
        size: Width and height of the images.
        passes: What is seen.
        producers: With how many of them there is to be a stream each.
        rounds: How often the contestants take turns.
        samples: In one round.

    Returns:
        The raw loops, in as many processes as the largest stream has producers, and the streams, by name.
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
        return compete(contestants, rounds, samples, _title(scenario, size, passes))


def main(
    scenario: str = "BlendCartpole-v0",
    size: tuple[int, int] = (640, 480),
    passes: tuple[str, ...] = ("rgb",),
    producers: tuple[int, ...] = (1, 2),
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
        rounds: How often the contestants take turns.
        samples: In one turn.
        output: Folder for a CSV and a chart.
    """
    seconds = measure(scenario, size, passes, producers, rounds, samples)
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


def _title(scenario: str, size: tuple[int, int], passes: tuple[str, ...]) -> str:
    return f"{scenario}, {size[0]}×{size[1]} {', '.join(passes)} of every sample"
