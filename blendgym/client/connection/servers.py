"""Where an environment gets its server from: it launches one, or is told the address of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from blendgym.client.connection.on_cluster import ClusterServer, new_keys
from blendgym.client.connection.remote import RemoteServer
from blendgym.client.process.blender import find_blender
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.client.process.processors import share_of_processors
from blendgym.errors import InvalidOption, ServerDied
from blendgym.execute.cluster import LOCAL, find_cluster
from blendgym.wire.transport.addresses import split_tcp
from blendgym.wire.transport.keys import ClientKeys, read_client_keys

Address = str | Sequence[str] | None


class Server(Protocol):
    """What a connection and an environment have to know of a server."""

    token: str
    client_keys: ClientKeys | None

    @property
    def endpoint(self) -> str:
        """Where it can be reached; waits until it is ready."""

    @property
    def pid(self) -> int | None:
        """Its process id, if it is a child of this process."""

    def is_running(self) -> bool:
        """Whether it is alive, as far as one can know."""

    def resident_bytes(self) -> int:
        """The memory that the process occupies; 0 if nobody knows."""

    def log(self) -> str:
        """What it has written so far, as far as one can read it."""

    def death(self) -> ServerDied:
        """The error that says that it is not."""

    def diagnose(self) -> str:
        """Why it does not answer, as far as one can know; empty, or sentences that end a message."""

    def stop(self, grace: float = 0.0) -> None:
        """Ends it, if it is the environment's own."""


def server_source(
    task: str, options: dict[str, Any], *, blender: str | None, window: bool, scene: Path | None, trust: bool,
    address: Address, keys: str | Path | None, execute: str, deadlines: Deadlines,
) -> Callable[[int, int, int], Server]:  # fmt: skip
    """What environments call when they need a server: with the number of slots, of the server, and of all servers.

    Args:
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        blender: Which Blender to launch.
        window: Whether its own window is to show the simulation.
        scene: A ``.blend`` in place of the task's own scene.
        trust: Whether scripts and drivers of a ``.blend`` may run.
        address: ``tcp://HOST:PORT`` of a server, or of several, instead of launching any.
        keys: Folder with the client's keys for it.
        execute: Where servers are launched; see ``find_cluster``.
        deadlines: ``start`` matters here.

    Raises:
        InvalidOption: If the arguments contradict each other, the address is none, or this Blender opens no window.
        DisplayNotFound: If there is no display for a window.
        InvalidKeys: If a file of keys cannot be used.
        ExtraMissing: If Ray is not installed.
    """
    if address is not None:
        elsewhere = "" if execute == LOCAL else execute
        given = {"blender": blender, "window": window, "scene": scene and str(scene), "trust": trust}
        return _remote_source(address, keys, deadlines, {**given, "execute": elsewhere})
    if keys is not None:
        raise InvalidOption("keys= is for a server at an address=; one that is launched needs none.")
    if cluster := find_cluster(execute):
        if window:
            raise InvalidOption(f"window=True and execute={execute!r} exclude each other: nodes have no display.")
        launch_there = partial(
            ClusterServer, cluster, new_keys(), deadlines, task, options, blender=blender, scene=scene, trust=trust
        )
        return lambda slots, _, __: launch_there(slots=slots)
    if window:
        find_blender(blender).require_window()
    launch = partial(
        ServerProcess, task, options, blender=blender, window=window, scene=scene, trust=trust, deadlines=deadlines
    )
    return lambda slots, number, count: launch(slots=slots, processors=share_of_processors(number, count))


def _remote_source(
    address: str | Sequence[str], keys: str | Path | None, deadlines: Deadlines, of_launches: dict[str, Any]
) -> Callable[[int, int, int], Server]:
    for name, value in of_launches.items():
        if value:
            raise InvalidOption(f"{name}={value!r} and address={address!r} exclude each other: nothing is launched.")
    addresses = addresses_of(address)
    for each in addresses:
        _check_address(each)
    client_keys = read_client_keys(Path(keys)) if keys else None
    return lambda _, number, __: RemoteServer(addresses[number], client_keys, deadlines)


def addresses_of(address: Address) -> tuple[str, ...]:
    """One address or several, as several.

    Raises:
        InvalidOption: If it is neither.
    """
    if address is None:
        return ()
    addresses = [address] if isinstance(address, str) or not isinstance(address, Sequence) else address
    if not all(isinstance(each, str) for each in addresses):
        raise InvalidOption(f"address is {address!r}; expected 'tcp://HOST:PORT', or a list of such addresses.")
    return tuple(addresses)


def _check_address(address: str) -> None:
    try:
        _, port = split_tcp(address)
    except ValueError as error:
        raise InvalidOption(f"address= is wrong: {error}") from None
    if port == "*":
        raise InvalidOption(f"address={address!r} has no port; `blendgym serve` prints the one that it has chosen.")
