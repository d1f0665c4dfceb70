"""``blendgym record``."""

from __future__ import annotations

import inspect
import time
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import gymnasium as gym
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from blendgym.arguments import Amount, Count, DeviceName, EngineName, EnvironmentId, OutputFolder, PassName, Seed
from blendgym.cli.overridden import overridden
from blendgym.client.env import BlendEnv
from blendgym.data.recording import Recording
from blendgym.data.recording.declared import declarations_of
from blendgym.data.recording.taking import recorded
from blendgym.data.streams.stream import Stream
from blendgym.keywords import parse_keywords
from blendgym.registry import environment_spec
from blendgym.version import __version__


def record(
    scenario: EnvironmentId,
    /,
    output: OutputFolder,
    count: Count = 1000,
    producers: Count = 2,
    passes: tuple[PassName, ...] = ("rgb", "segmentation", "depth"),
    width: Count = 640,
    height: Count = 480,
    camera: str | None = None,
    engine: EngineName = "raster",
    device: DeviceName = "cpu",
    samples: Amount = 0,
    visibility: bool = False,
    keypoints: bool = False,
    randomize: tuple[str, ...] = (),
    seed: Seed = 0,
    options: tuple[str, ...] = (),
) -> None:
    """Records annotated images of a scenario, or of the first states of an environment.

    After Ctrl-C or a crash the same command goes on, and what is recorded is the same as if nothing had happened.
    With a higher --count it goes on, too. What the scenario says of its own views holds, whatever the options say: an
    option that no view heeds is refused.

    Args:
        scenario: A scenario or task as module:Class, or the id of an environment (your own as module:Id).
        output: The folder of the recording.
        count: How many samples there are in the end.
        producers: How many Blenders make them; the samples are the same for any number.
        passes: What is seen of each, such as rgb depth segmentation normals.
        width: Of the images, in pixels.
        height: Of the images, in pixels.
        camera: Name of a camera of the scene, instead of the scenario's.
        engine: raster, workbench, eevee or cycles: from the fastest to the most realistic.
        device: What renders the colours: cpu, or gpu for the one that `blendgym doctor` names (cycles).
        samples: Per pixel; 0 for the engine's default.
        visibility: Says how much of each object is hidden, which draws each alone.
        keypoints: Says where the keypoints of the scene are.
        randomize: Names of parameters, or of groups such as visual, that are drawn anew for each sample, or all.
        seed: Of the stream.
        options: Arguments of the scenario or the environment, as name=value.
    """
    console = Console(highlight=False, soft_wrap=True)
    arguments = {**parse_keywords(options), "camera": camera, "engine": engine, "device": device}
    wanted = {"samples": samples, "visibility": visibility, "keypoints": keypoints}
    stream = Stream(
        scenario, seed=seed, producers=producers, passes=passes, width=width, height=height,
        camera_options={name: value for name, value in wanted.items() if value}, randomize=randomize or None,
        **arguments,
    )  # fmt: skip
    asked = {
        "passes": passes, "width": width, "height": height, "camera": camera, "engine": engine, "device": device,
        **wanted,
    }  # fmt: skip
    for line in overridden(getattr(stream.task, "views", None) or {}, asked, _defaults()):
        console.print(line, markup=False)
    origin = {
        "scenario": scenario, "seed": seed, "views": _plain_views(stream), "randomize": randomize,
        "options": parse_keywords(options), "parameters": declarations_of(stream.task.parameters),
        **_versions(scenario, arguments, stream, console),
    }  # fmt: skip
    with stream, Recording(output, origin) as recording:
        if recording.loss:
            console.print(recording.loss, style="yellow", markup=False)
        if recording.next_index > count:
            console.print(f"There are more samples already than --count {count:,} asks for; none is made or removed.")
        try:
            _record(stream, recording, count, console)
        except KeyboardInterrupt:
            left = count - recording.next_index
            console.print(f"Interrupted: {left:,} of {count:,} samples are left. The same command makes them.")
            raise
        finally:
            console.print(f"{output} has {len(recording):,} samples, {_megabytes(output):,.1f} MB.")


def _defaults() -> dict[str, Any]:
    return {name: option.default for name, option in inspect.signature(record).parameters.items()}


def _plain_views(stream: Stream) -> dict[str, Any]:
    return {name: msgspec.structs.asdict(view) for name, view in stream.views.items()}


def _versions(scenario: str, arguments: dict[str, Any], stream: Stream, console: Console) -> dict[str, str]:
    """What pictures depend on besides arguments."""
    needs_gpu = any(view.needs_gpu for view in stream.views.values())
    on_gpu = {"engine": "cycles", "device": "gpu", "render_mode": "rgb_array"} if needs_gpu else {}
    env = gym.make(environment_spec(scenario), **{**arguments, **on_gpu})
    try:
        with console.status("Looking into the scene …"):
            welcome = cast(BlendEnv, env.unwrapped).welcome
    finally:
        env.close()
    versions = {"blendgym": __version__, "blender": welcome.blender, "scene_hash": welcome.scene_hash}
    return {**versions, "gpu": welcome.gpu} if needs_gpu else versions


def _record(stream: Stream, recording: Recording, count: int, console: Console) -> None:
    """Records until there are as many, and shows how far it is."""
    first = recording.next_index
    if first >= count:
        return
    columns = BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn()
    with closing(recorded(stream, recording)) as samples, Progress(*columns, console=console) as progress:
        task = progress.add_task("launching", total=count, completed=first)
        begun: float | None = None
        for sample in samples:
            begun, done = begun or time.monotonic(), sample.index + 1
            rate = (sample.index - first) / max(time.monotonic() - begun, 1e-3)
            progress.update(task, completed=done, description=f"{done:,} of {count:,} samples, {rate:.1f} per second")
            if done >= count:
                return


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6
