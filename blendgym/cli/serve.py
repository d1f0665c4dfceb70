"""``blendgym serve``."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import tyro
from rich.console import Console

from blendgym.client.launcher import ServerProcess
from blendgym.envs import ENVIRONMENTS
from blendgym.errors import BlendgymError, InvalidOption
from blendgym.protocol.launch import VISITORS_FILE
from blendgym.transport.addresses import split_tcp

LOOK_SECONDS = 0.2
MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
EVERYWHERE = ("0.0.0.0", "::", "*")  # noqa: S104 (recognized here, not bound)


def serve(
    env_id: Annotated[str, tyro.conf.Positional], bind: str = "tcp://127.0.0.1:5555", keys: Path | None = None,
    slots: int = 1, idle_timeout: float = 600.0, options: tuple[str, ...] = (), blender: str | None = None,
) -> None:  # fmt: skip
    """Serves an environment to trainers on other machines, one after the other, until Ctrl-C.

    Args:
        env_id: Id of the environment.
        bind: Address to listen at; port * chooses one.
        keys: Folder of keys, made by `blendgym keys`. Needed wherever other machines can connect.
        slots: How many episodes the server holds side by side.
        idle_timeout: Seconds of silence after which a trainer gives way to the next.
        options: Of the task, as name=value.
        blender: A Blender executable or a Python with bpy, instead of the default.
    """
    signal.signal(signal.SIGTERM, _leave)
    console = Console(highlight=False, soft_wrap=True)
    served = Served(
        console, _task_of(env_id), _parse(options), blender=blender, endpoint=_checked(bind), keys=keys, slots=slots,
        idle_timeout=idle_timeout,
    )  # fmt: skip
    try:
        served.launch()
        console.print(f"[green]{env_id} is served at {served.endpoint}[/]; Ctrl-C ends it. In the trainer:")
        console.print(f"  {_call(env_id, served.endpoint, keys, _parse(options))}", markup=False)
        while True:
            served.look()
            time.sleep(LOOK_SECONDS)
    finally:
        served.stop()


class Served:
    """A server that is launched again, at the same address, whenever it dies.

    Args:
        console: Where to say what happens.
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        arguments: Further arguments of ``ServerProcess``.
    """

    def __init__(self, console: Console, task: str, options: dict[str, Any], **arguments: Any) -> None:
        self._console = console
        self._task, self._options, self._arguments = task, options, arguments
        self._process: ServerProcess | None = None
        self._deaths: deque[tuple[float, BlendgymError]] = deque(maxlen=MOST_DEATHS)
        self._shown = 0

    @property
    def endpoint(self) -> str:
        """The address that is bound."""
        return str(self._arguments["endpoint"])

    def launch(self) -> None:
        """Launches it.

        Raises:
            BlendgymError: If it does not start.
        """
        self._process, self._shown = ServerProcess(self._task, self._options, **self._arguments), 0
        self._arguments["endpoint"] = self._process.endpoint

    def look(self) -> None:
        """Shows which clients have come and gone, and launches the server again if it has died.

        Raises:
            BlendgymError: The first death, if there were too many in a short time.
        """
        if self._process and self._process.is_running():
            self._show_visitors(self._process)
            return
        try:
            if self._process:
                self._show_visitors(self._process)
                raise self._process.death("it is launched again")
            self.launch()
            self._console.print(f"Launched again at {self.endpoint}.")
        except BlendgymError as error:
            self._note_death(error)

    def stop(self) -> None:
        """Ends it."""
        if self._process:
            self._process.stop()
        self._process = None

    def _note_death(self, error: BlendgymError) -> None:
        self.stop()
        self._console.print(f"[red]{type(error).__name__}:[/]", end=" ")
        self._console.print(str(error), markup=False)
        self._deaths.append((time.monotonic(), error))
        first, its_error = self._deaths[0]
        if len(self._deaths) == MOST_DEATHS and time.monotonic() - first < WITHIN_SECONDS:
            self._console.print(f"[red]That was the {MOST_DEATHS}th death within a minute. The first one was:[/]")
            raise its_error

    def _show_visitors(self, process: ServerProcess) -> None:
        file = process.folder / VISITORS_FILE
        lines = file.read_text().splitlines() if file.exists() else []
        for line in lines[self._shown :]:
            self._console.print(f"[dim]{time.strftime('%H:%M:%S')}[/] {line}")
        self._shown = len(lines)


def _task_of(env_id: str) -> str:
    if env_id not in ENVIRONMENTS:
        raise InvalidOption(f"There is no environment {env_id!r} of blendgym; there are {', '.join(ENVIRONMENTS)}.")
    return str(ENVIRONMENTS[env_id]["task"])


def _checked(address: str) -> str:
    try:
        split_tcp(address)
    except ValueError as error:
        raise InvalidOption(f"--bind is wrong: {error}") from None
    return address


def _parse(options: tuple[str, ...]) -> dict[str, Any]:
    """Values are JSON where they can be read as such, text otherwise."""
    parsed: dict[str, Any] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not (equals and name.isidentifier()):
            raise InvalidOption(f"--options takes name=value, got {option!r}.")
        try:
            parsed[name] = msgspec.json.decode(text)
        except ValueError:
            parsed[name] = text
    return parsed


def _call(env_id: str, endpoint: str, keys: Path | None, options: dict[str, Any]) -> str:
    """What the trainer has to write."""
    host, port = split_tcp(endpoint)
    address = f"tcp://{socket.gethostname()}:{port}" if host in EVERYWHERE else endpoint
    arguments = {"address": address, **({"keys": str(keys)} if keys else {}), **options}
    return f"gym.make({env_id!r}, {', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


def _leave(signal_number: int, frame: object) -> NoReturn:  # noqa: ARG001 (the signal's)
    sys.exit(0)
