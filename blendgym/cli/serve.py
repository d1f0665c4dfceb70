"""``blendgym serve``."""

from __future__ import annotations

import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, Positive
from blendgym.cli.served import Served
from blendgym.client.settings import Settings
from blendgym.errors import InvalidOption
from blendgym.keywords import parse_keywords
from blendgym.registry import environment_spec
from blendgym.scene_places import read_scene
from blendgym.wire.transport.addresses import split_tcp

LOOK_SECONDS = 0.2
EVERYWHERE = ("0.0.0.0", "::", "*")  # noqa: S104 (recognized here, not bound)


def serve(
    env_id: EnvironmentId, /, bind: str = "tcp://127.0.0.1:5555", keys: Path | None = None,
    slots: Count = 1, idle_timeout: Positive = 600.0, options: tuple[str, ...] = (), scene: Path | None = None,
    blender: str | None = None,
) -> None:  # fmt: skip
    """Serves an environment to trainers on other machines, one after the other, until Ctrl-C.

    Args:
        env_id: Id of the environment, or of your own as module:Id.
        bind: Address to listen at; port * chooses one.
        keys: Folder of keys, made by `blendgym keys`. Needed wherever other machines can connect.
        slots: How many environments the server holds, each in a scene of its own.
        idle_timeout: Seconds of silence after which a trainer gives way to the next.
        options: Arguments of the task, as name=value.
        scene: A .blend in place of the task's own scene.
        blender: A Blender executable or a Python with bpy, instead of the default.
    """
    signal.signal(signal.SIGTERM, _leave)
    console = Console(highlight=False, soft_wrap=True)
    spec, given = environment_spec(env_id), parse_keywords(options)
    settings = Settings(**{**spec.kwargs, **given})
    served = Served(
        console, settings.task_name, settings.options, blender=blender, endpoint=_checked(bind), keys=keys, slots=slots,
        idle_timeout=idle_timeout, scene=read_scene(scene).file if scene else None,
    )  # fmt: skip
    try:
        served.launch()
        console.print(f"[green]{env_id} is served at {served.endpoint}[/]; Ctrl-C ends it. In the trainer:")
        console.print(f"  {_call(env_id, served.endpoint, keys, slots, given)}", markup=False)
        while True:
            served.look()
            time.sleep(LOOK_SECONDS)
    finally:
        served.stop()


def _checked(address: str) -> str:
    try:
        split_tcp(address)
    except ValueError as error:
        raise InvalidOption(f"--bind is wrong: {error}") from None
    return address


def _call(env_id: str, endpoint: str, keys: Path | None, slots: int, options: dict[str, Any]) -> str:
    """What the trainer has to write."""
    host, port = split_tcp(endpoint)
    address = f"tcp://{socket.gethostname()}:{port}" if host in EVERYWHERE else endpoint
    arguments = {"address": address, **({"keys": str(keys)} if keys else {}), **options}
    if slots > 1:
        arguments = {"num_envs": slots, **arguments}
    make = "make_vec" if slots > 1 else "make"
    return f"gym.{make}({env_id!r}, {', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


def _leave(signal_number: int, frame: object) -> NoReturn:  # noqa: ARG001 (the signal's)
    sys.exit(0)
