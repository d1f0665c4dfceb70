"""Servers on the nodes of a cluster. They are reached over the network, with keys of their own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import BlendgymError, NodeLost, NodesBusy, ServerDied, ServerStartError
from blendgym.execute.cluster import Cluster
from blendgym.wire.transport.keys import CLIENTS, SERVER_SECRET, ClientKeys, make_keys, read_client_keys

LOOK_SECONDS = 0.05


class KeyPairs(NamedTuple):
    """What the trainer and the servers on the nodes recognize each other by.

    Args:
        client: The trainer's half.
        server: The servers' half: the content of its files, by name.
    """

    client: ClientKeys
    server: dict[str, bytes]


def new_keys() -> KeyPairs:
    """Keys that nobody else has."""
    with TemporaryDirectory(prefix="blendgym-keys-") as name:
        folder = Path(name) / "keys"
        make_keys(folder)
        files = (folder / SERVER_SECRET, *(folder / CLIENTS).iterdir())
        return KeyPairs(read_client_keys(folder), {str(file.relative_to(folder)): file.read_bytes() for file in files})


class ServerActor:
    """Launches a server on its node, says where it listens, and watches it.

    Args:
        node: The node's address.
    """

    def __init__(self, node: str) -> None:
        self._host = f"[{node}]" if ":" in node else node
        self._process: ServerProcess | None = None
        self._is_ended = False

    def perform(
        self, task: str, options: dict[str, Any], keys: Mapping[str, bytes], arguments: dict[str, Any]
    ) -> Iterator[str]:
        """Serves one session.

        Args:
            task: The task, as ``module:Class``.
            options: Keyword arguments of the task.
            keys: The server's half of the keys: the content of its files, by name.
            arguments: Further ones of ``ServerProcess``.

        Yields:
            The address, once it is ready.

        Raises:
            ServerDied: When it has ended.
            BlendgymError: If it does not start.
        """
        with TemporaryDirectory(prefix="blendgym-keys-") as name:  # The server reads them before it is ready.
            for file, content in keys.items():
                (Path(name) / file).parent.mkdir(mode=0o700, exist_ok=True)
                (Path(name) / file).write_bytes(content)
            self._process = process = ServerProcess(
                task, options, endpoint=f"tcp://{self._host}:*", keys=Path(name), **arguments
            )
            try:
                endpoint = process.endpoint
            except BlendgymError:
                if self._is_ended:
                    return
                raise
        try:
            yield endpoint
            while process.is_running():
                time.sleep(LOOK_SECONDS)
            if not self._is_ended:
                raise process.death()
        finally:
            process.stop()

    def kill(self) -> None:
        """Ends it."""
        self._is_ended = True
        if self._process:
            self._process.stop()


class ClusterServer:
    """A server on a node. To the environment it is what a ``ServerProcess`` is: it is launched for it, and ended.

    Args:
        cluster: The cluster.
        keys: The keys.
        deadlines: ``start`` matters here: until then a node has to have a processor for it, and it has to be ready.
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        arguments: Further ones of ``ServerProcess``.

    Raises:
        ClusterNotFound: If there is no cluster.
    """

    token = ""  # The keys tell who is let in.
    pid = None

    def __init__(
        self, cluster: Cluster, keys: KeyPairs, deadlines: Deadlines, task: str, options: dict[str, Any],
        **arguments: Any,
    ) -> None:  # fmt: skip
        self.client_keys: ClientKeys | None = keys.client
        self._seconds, self._started = deadlines.start, time.monotonic()
        self._is_ready = False
        self._handle = cluster.place(ServerActor)
        self._handle.perform(task, options, keys.server, {"deadlines": deadlines, **arguments})

    @cached_property
    def endpoint(self) -> str:
        """Where it can be reached; waits until it is ready.

        Raises:
            NodesBusy: If it is not in time.
            ServerStartError: If its node is lost before.
            NodeUnfit: If the node lacks blendgym.
            BlendgymError: Whatever the server reports.
        """
        try:
            address: str = self._handle.answer(max(0.0, self._started + self._seconds - time.monotonic()))
        except TimeoutError:
            self.stop()
            raise NodesBusy(
                f"The Blender server was not ready on any node of the cluster after {self._seconds:g} s (deadline "
                "'start'). Each takes one processor of the cluster's count; `ray status` shows how many are free, and "
                "close() gives back those of an environment, also of one that could not get all that it needs."
            ) from None
        except NodeLost as error:
            raise ServerStartError(f"The Blender server was not ready yet. {error}") from error
        self._is_ready = True
        return address

    def is_running(self) -> bool:
        """Whether it is alive; also while nobody knows yet that its node is gone."""
        return not (self._is_ready and self._handle.has_answer())

    def resident_bytes(self) -> int:
        """0: it is not looked up so far away."""
        return 0

    def log(self) -> str:
        """Nothing: its last lines come with its death."""
        return ""

    def death(self) -> ServerDied:
        """The error that says how it ended."""
        return self._death

    @cached_property
    def _death(self) -> ServerDied:
        try:
            self._handle.answer()
        except ServerDied as error:
            return error
        except BlendgymError as error:
            return ServerDied(f"The Blender server is gone; reset() launches a new one on another node. {error}")
        return ServerDied("The Blender server was ended; reset() launches a new one.")

    def diagnose(self) -> str:
        """Nothing: nobody can look from here."""
        return ""

    def stop(self, grace: float = 0.0) -> None:
        """Ends it.

        Args:
            grace: Seconds in which it may end by itself.
        """
        until = time.monotonic() + grace
        while self.is_running() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        self._handle.kill()
