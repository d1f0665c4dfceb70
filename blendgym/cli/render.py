"""``blendgym render``."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, cast

import gymnasium as gym
import msgspec
import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from blendgym.arguments import (
    Amount,
    Count,
    DeviceName,
    EngineName,
    EnvironmentId,
    MaybePositive,
    NotNegative,
    OutputFolder,
    Seed,
    Share,
    refuse_without_effect,
)
from blendgym.client.env import BlendEnv
from blendgym.errors import InvalidOption
from blendgym.images.captures import Capture
from blendgym.images.engines import ENGINES
from blendgym.images.pictures.variety import draws, variety_sheet
from blendgym.images.views import View, make_shown_view
from blendgym.parameters.selection import select
from blendgym.registry import environment_spec

PATIENCE = 3600.0  # seconds; who sits in front of a long rendering can interrupt it


def render(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    passes: tuple[str, ...] = ("all",),
    engine: EngineName = "raster",
    camera: str | None = None,
    width: Count = 640,
    height: Count = 480,
    samples: Amount = 0,
    bounces: Amount = 0,
    denoise: bool = False,
    motion_blur: Share = 0.0,
    focus_distance: NotNegative = 0.0,
    f_stop: MaybePositive = None,
    device: DeviceName = "cpu",
    appearance: Path | None = None,
    scene: str | None = None,
    randomize: tuple[str, ...] = (),
    count: Count = 12,
    seed: Seed = 0,
    steps: Amount = 0,
    output: OutputFolder = Path("runs/render"),
) -> None:
    """Renders an environment once, with everything that is known about the picture.

    Into the folder go a picture and an array (.npy) of each pass, boxes.png with the objects' boxes (if rgb is among
    the passes), overview.png with all pictures, and capture.json with camera, objects and arguments. With --randomize
    there is a single picture instead, variety.png, of many episodes with other parameters, and variety.json with their
    values.

    Args:
        env_id: Id of the environment, or of your own as module:Id.
        passes: Names of passes such as rgb depth segmentation, or all that the engine gives.
        engine: raster, workbench, eevee or cycles: from the fastest to the most realistic.
        camera: Name of a camera of the scene, instead of the environment's.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        samples: Per pixel; 0 for the engine's default.
        bounces: How often light is reflected on its way to the camera (cycles).
        denoise: Denoises the colours (cycles).
        motion_blur: How long the shutter is open, as a share of the control period (cycles).
        focus_distance: What is in focus, in m from the camera; 0 for everything (cycles).
        f_stop: Aperture of the lens: the lower, the more is blurred out of focus (cycles).
        device: What renders the colours: cpu, or gpu for the one that `blendgym doctor` names (cycles).
        appearance: JSON file that says what the scene looks like; see blendgym.images.appearance.
        scene: A .blend in place of the environment's own scene.
        randomize: Names of parameters, or of groups such as visual, whose values are drawn.
        count: How many episodes with such values.
        seed: Of the episode, its actions and its drawn values; each further episode has the next seed.
        steps: How many random actions to take before the picture.
        output: Folder for the files.
    """
    if randomize:
        refuse_without_effect(render, "with --randomize, which makes one picture of rgb", passes=passes)
    else:
        refuse_without_effect(render, "without --randomize", count=count)
    console = Console()
    look = _read_appearance(appearance)
    options = {
        "samples": samples, "bounces": bounces, "denoise": denoise, "motion_blur": motion_blur,
        "focus_distance": focus_distance, "f_stop": f_stop, "device": device,
    }  # fmt: skip
    env, inner = _make(env_id, look, scene)
    try:
        view = make_shown_view(
            camera=camera or inner.task.camera, passes=_wanted(passes, engine), width=width, height=height,
            engine=engine, objects=True, visibility=True,
            **{name: value for name, value in options.items() if value},
        )  # fmt: skip
        space = select(inner.task.parameters, randomize)
        if space:
            names = " ".join(randomize)
            _render_variety(output, env, inner, view, names, draws(space, seed, count), seed, steps, console)
            return
        with console.status(_doing(view)):
            _advance(env, seed, steps)
            start = time.monotonic()
            capture = inner.capture(**msgspec.structs.asdict(view))
            seconds = time.monotonic() - start
    finally:
        env.close()
    folder = _made_folder(output)
    origin = {"env_id": env_id, "seed": seed, "steps": steps, "appearance": look}
    files = _write_data(folder, origin, view, capture) + _write_pictures(folder, origin, view, capture)
    console.print(_table(capture))
    console.print(f"\n{engine} took {seconds:.1f} s, its start included. In {folder}:", soft_wrap=True, highlight=False)
    for file in files:
        console.print(f"  {file.name}", highlight=False)


def _read_appearance(file: Path | None) -> Any:
    """The appearance that a JSON file describes.

    Raises:
        InvalidOption: If it cannot be read or is not JSON.
    """
    if file is None:
        return None
    try:
        return msgspec.json.decode(file.read_bytes())
    except OSError as error:
        raise InvalidOption(f"The appearance file {str(file)!r} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise InvalidOption(f"The appearance file {str(file)!r} is no JSON: {error}.") from None


def _make(env_id: str, appearance: Any, scene: str | None) -> tuple[gym.Env[Any, Any], BlendEnv]:
    """An environment of blendgym, with and without Gymnasium's wrappers.

    Raises:
        InvalidOption: If there is no such environment, or it has an appearance that makes no sense.
    """
    env = gym.make(environment_spec(env_id), appearance=appearance, scene=scene, deadlines={"render": PATIENCE})
    return env, cast(BlendEnv, env.unwrapped)


def _doing(view: View) -> str:
    if view.needs_gpu:
        return f"Rendering with {view.engine} on a GPU; its driver may have to compile kernels first, for minutes …"
    return f"Rendering with {view.engine} …"


def _wanted(names: tuple[str, ...], engine: str) -> tuple[str, ...]:
    """Names of passes without ``"all"`` and repetitions; ``make_shown_view`` says which of them do not exist."""
    every = ENGINES[engine].passes if engine in ENGINES else ()
    return tuple(dict.fromkeys(name for given in names for name in (every if given == "all" else (given,))))


def _made_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidOption(f"The folder {str(folder)!r} cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK):
        raise InvalidOption(f"Nothing can be written into the folder {str(folder)!r}.")
    return folder


def _advance(env: gym.Env[Any, Any], seed: int, steps: int, values: dict[str, float] | None = None) -> None:
    """Begins an episode and takes random steps; where an episode ends, the next begins."""
    options = {"params": values or {}}
    env.reset(seed=seed, options=options)
    env.action_space.seed(seed)
    for _ in range(steps):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset(options=options)


def _render_variety(
    output: Path, env: gym.Env[Any, Any], inner: BlendEnv, view: View, names: str, drawn: list[dict[str, float]],
    seed: int, steps: int, console: Console,
) -> None:  # fmt: skip
    view = msgspec.structs.replace(view, passes=("rgb",), objects=False, visibility=False)
    images = []
    for number, values in enumerate(track(drawn, _doing(view), console=console, transient=True)):
        _advance(env, seed + number, steps, values)
        images.append(inner.capture(**msgspec.structs.asdict(view)).images["rgb"])
    folder = _made_folder(output)
    subtitle = f"{view.engine}  ·  {len(drawn[0])} parameters drawn from their priors ({names})  ·  seed {seed}"
    variety_sheet(inner.spec.id if inner.spec else "", subtitle, images).save(folder / "variety.png", optimize=True)
    (folder / "variety.json").write_bytes(msgspec.json.format(msgspec.json.encode(drawn)) + b"\n")
    console.print(f"In {folder}:\n  variety.png\n  variety.json", highlight=False)


def _write_data(folder: Path, origin: dict[str, Any], view: View, capture: Capture) -> list[Path]:
    files = []
    for name, image in capture.images.items():
        files.append(folder / f"{name}.npy")
        np.save(files[-1], image)
    facts = {name: value for name, value in msgspec.structs.asdict(capture).items() if name != "images"}
    record = {**origin, "view": msgspec.structs.asdict(view), **facts}
    files.append(folder / "capture.json")
    files[-1].write_bytes(msgspec.json.format(msgspec.json.encode(record, enc_hook=np.ndarray.tolist)) + b"\n")
    return files


def _write_pictures(folder: Path, origin: dict[str, Any], view: View, capture: Capture) -> list[Path]:
    from blendgym.images.pictures.boxes import boxes_picture
    from blendgym.images.pictures.layout import contact_sheet
    from blendgym.images.pictures.passes import picture_of

    pictures = [picture_of(name, capture) for name in view.passes]
    if "rgb" in view.passes:
        pictures.append(boxes_picture(capture))
    files = [folder / f"{picture.name}.png" for picture in pictures]
    for picture, file in zip(pictures, files, strict=True):
        (picture.image if picture.name in view.colours else picture.framed()).save(file)
    subtitle = (
        f"{view.engine}  ·  {view.camera}, {view.width} x {view.height}  ·  seed {origin['seed']}, "
        f"{origin['steps']} steps"
    )
    files.append(folder / "overview.png")
    contact_sheet(origin["env_id"], subtitle, pictures, capture.objects).save(files[-1])
    return files


def _table(capture: Capture) -> Table:
    from blendgym.images.pictures.layout import percent

    table = Table("id", "name", "category", box=None, padding=(0, 2))
    for heading in ("pixels", "visible", "cut off"):
        table.add_column(heading, justify="right")
    for seen in capture.objects:
        numbers = f"{seen.pixels:,}", percent(seen.visibility), f"{seen.truncation:.1%}"
        table.add_row(str(seen.id), escape(seen.name), escape(seen.category), *numbers)
    return table
