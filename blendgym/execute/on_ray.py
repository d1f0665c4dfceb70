"""A cluster of Ray."""

from __future__ import annotations

import logging
import os
import socket
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from blendgym.errors import BlendgymError, ClusterNotFound, InvalidOption, NodeLost, NodeUnfit
from blendgym.execute.cluster import Actor
from blendgym.wire.transport.addresses import split_tcp

CONNECT_SECONDS = 5.0
POLL_SECONDS = 0.1
KILL_SECONDS = 5.0
"""In which an actor may end what it does; then its process is killed."""

CONNECTING = threading.Lock()
"""Several producers of a stream may be the first."""


class Host:
    """The process of an actor on a node.

    Args:
        make: Makes the actor.
        arguments: Further ones beside the node's address.
    """

    def __init__(self, make: Callable[..., Actor], arguments: tuple[Any, ...]) -> None:
        self._actor = make(ray.util.get_node_ip_address(), *arguments)
        self._performance = threading.Lock()

    def perform(self, what: tuple[Any, ...]) -> Iterator[Any]:
        """What the actor answers."""
        with self._performance:
            yield from self._actor.perform(*what)

    def kill(self) -> None:
        """Ends what it does, and waits until that has cleaned up."""
        while not self._performance.acquire(timeout=POLL_SECONDS):
            self._actor.kill()  # Again and again: it may be just beginning.


class RayHandle:
    """An actor of Ray.

    Args:
        host: Ray's own handle of it.
    """

    def __init__(self, host: Any) -> None:
        self._host = host
        self.answers: Any = None
        self._finalizer = weakref.finalize(self, _kill, host)
        self._finalizer.atexit = False  # Ray ends all actors of a process that ends.

    def perform(self, *what: Any) -> None:
        """Lets it do one thing."""
        self.answers = self._host.perform.options(num_returns="streaming").remote(what)

    def has_answer(self) -> bool:
        """Whether ``answer`` would return, or raise, at once."""
        return bool(_ready([self.answers], timeout=0.0))

    def answer(self, timeout: float | None = None) -> Any:
        """The next answer, or ``None``; see ``Handle``."""
        if not _ready([self.answers], timeout):
            raise TimeoutError
        try:
            return ray.get(next(self.answers))
        except StopIteration:
            return None
        except RayTaskError as error:
            raise _cause_of(error) from None
        except RayError as error:
            raise _loss(error) from None

    def kill(self) -> None:
        """Ends what it does, and then its process."""
        if self._finalizer.alive and ray.is_initialized():
            _ready([self._host.kill.remote()], KILL_SECONDS)
        self._finalizer()


class RayCluster:
    """A cluster of Ray, which is connected to when the first actor is placed.

    Args:
        address: ``HOST:PORT``; empty for that of the environment variable ``RAY_ADDRESS``, or the one on this machine.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def place(self, make: Callable[..., Actor], *arguments: Any) -> RayHandle:
        """Makes an actor on whichever node has a processor for it."""
        with CONNECTING:
            _connect(self._address)
        # One call performs, another one kills.
        options = {"num_cpus": 1, "max_concurrency": 2, "scheduling_strategy": "SPREAD"}
        return RayHandle(ray.remote(Host).options(**options).remote(make, arguments))

    def ready(self, handles: Sequence[Any]) -> list[Any]:
        """Those that have an answer."""
        done = _ready([handle.answers for handle in handles], None)
        return [handle for handle in handles if handle.answers in done]


def _ready(references: list[Any], timeout: float | None) -> list[Any]:
    ready: list[Any]  # Also for mypy where Ray is not installed.
    ready, _ = ray.wait(references, timeout=timeout)
    return ready


def _connect(address: str) -> None:
    address = address or os.environ.get("RAY_ADDRESS", "auto")
    if not ray.is_initialized():
        try:
            if address != "auto":  # Ray itself would try for ever.
                host, port = split_tcp(f"tcp://{address}")
                socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:  # Of many kinds: nobody listens, another version of Ray or Python, no permission.
            raise ClusterNotFound(
                f"There is no Ray cluster {'on this machine' if address == 'auto' else f'at {address}'} that this "
                f"process could use: {str(error).rstrip('.')}. `ray start --head` begins one, and says how other "
                "machines join it."
            ) from error
        return
    connected = ray.get_runtime_context().gcs_address
    if address not in ("auto", connected):
        raise InvalidOption(
            f"This process is connected to the Ray cluster at {connected}, and execute= names the one at {address}. "
            "Ray connects a process to one cluster at a time: leave the address out, or call ray.shutdown() before."
        )


def _cause_of(error: RayTaskError) -> BaseException:
    cause = error.cause
    return cause if isinstance(cause, BlendgymError) else NodeUnfit(f"{type(cause).__name__}: {cause}")


def _loss(error: RayError) -> BlendgymError:
    lines = str(error).strip().splitlines()
    if getattr(error, "actor_init_failed", False):
        return NodeUnfit(
            f"A node of the cluster cannot work for blendgym: {lines[-1].strip()}. Install the same version with the "
            "same extras on every node, or name such an environment in the runtime_env of ray.init()."
        )
    said = " ".join(line.strip() for line in lines)
    return NodeLost(f"A node of the cluster, or the process of an actor there, is lost. Ray says: {said}")


def _kill(host: Any) -> None:
    if ray.is_initialized():
        ray.kill(host)
