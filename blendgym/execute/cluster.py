"""What blendgym asks of a cluster: to place actors on its nodes, and to hand over what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from blendgym.errors import ExtraMissing, InvalidOption
from blendgym.wire.transport.addresses import split_tcp

LOCAL, RAY = "local", "ray"


class Actor(Protocol):
    """What works on a node. It is made there, of the node's address and of arguments that can be pickled."""

    def perform(self, *what: Any) -> Iterator[Any]:
        """Does one thing, and answers as often as there is something to tell."""

    def kill(self) -> None:
        """Ends what is being performed, and leaves nothing of it on the node; comes from another thread."""


class Handle(Protocol):
    """An actor, as it is seen from this process."""

    def perform(self, *what: Any) -> None:
        """Lets it do one thing, as soon as a node has a processor for it."""

    def has_answer(self) -> bool:
        """Whether ``answer`` would return, or raise, at once."""

    def answer(self, timeout: float | None = None) -> Any:
        """The next answer; ``None`` when it has done what it was to do.

        Args:
            timeout: Seconds to wait for it; ``None`` for as long as it takes.

        Raises:
            TimeoutError: If there is none in time.
            NodeLost: If its node, or its process there, is gone.
            NodeUnfit: If its node lacks blendgym.
            BlendgymError: Whatever the actor raises.
        """

    def kill(self) -> None:
        """Ends it and all that it does. May be called more than once, and from any thread."""


class Cluster(Protocol):
    """Machines that work for this process, which is connected to them when the first actor is placed."""

    def connect(self) -> None:
        """Connects now: for whoever wants to know before anything else is done.

        Raises:
            ClusterNotFound: If there is no cluster, or it does not let this process in.
            InvalidOption: If this process is connected to another one, or cannot be connected.
        """

    def place(self, make: Callable[..., Actor], *arguments: Any) -> Handle:
        """Makes an actor on whichever node has a processor for it, now or later.

        Args:
            make: Makes it there, of the node's address and the arguments.
            arguments: Whatever can be pickled.
        """

    def ready(self, handles: Sequence[Handle]) -> list[Handle]:
        """Those that have an answer; waits until there is one."""


def find_cluster(execute: str) -> Cluster | None:
    """The cluster that ``execute=`` names.

    Args:
        execute: ``"local"`` for processes of this machine; ``"ray"`` for the Ray cluster that this process is connected
            to, or else the one that ``RAY_ADDRESS`` names, or that runs on this machine; ``"ray:HOST:PORT"`` for the
            one at that address. None is ever started.

    Returns:
        ``None`` for this machine.

    Raises:
        InvalidOption: If it is something else, or this process is connected to another cluster.
        ExtraMissing: If Ray is not installed.
        ClusterNotFound: If there is no cluster, or it cannot be connected to.
    """
    kind, colon, address = execute.partition(":") if isinstance(execute, str) else ("", "", "")
    if execute == LOCAL:
        return None
    if kind != RAY or (colon and not is_address(address)):
        raise InvalidOption(f"execute is {execute!r}; expected 'local', 'ray' or 'ray:HOST:PORT'.")
    try:
        from blendgym.execute.on_ray import RayCluster
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise ExtraMissing(
            f"execute={execute!r} needs Ray, which is not installed: pip install 'blendgym[ray]'"
        ) from None
    return RayCluster(address)


def connected_cluster(execute: str) -> Cluster | None:
    """The cluster that ``execute=`` names, connected to now: for commands, which want to know before they begin.

    Args:
        execute: As ``find_cluster`` takes it.

    Returns:
        ``None`` for this machine.

    Raises:
        InvalidOption: As ``find_cluster`` does, or if this process cannot be connected to it.
        ExtraMissing: If Ray is not installed.
        ClusterNotFound: If there is no cluster, or it cannot be connected to.
    """
    cluster = find_cluster(execute)
    if cluster:
        cluster.connect()
    return cluster


def is_address(address: str) -> bool:
    """Whether it is ``HOST:PORT``."""
    try:
        host, port = split_tcp(f"tcp://{address}")
    except ValueError:
        return False
    return port.isdecimal() and "/" not in host and not any(map(str.isspace, host))
