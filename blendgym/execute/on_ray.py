"""A cluster of Ray."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from blendgym.errors import BlendgymError, NodeLost, NodeUnfit
from blendgym.execute.cluster import Actor
from blendgym.execute.ray_connection import connect, connection

POLL_SECONDS = 0.1
KILL_SECONDS = 5.0
"""In which an actor may end what it does; then its process is killed."""

LEFT = "This process has left the Ray cluster, or is a fork; with its connection all has ended that it had there."


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
    """An actor of Ray, as long as this process stays connected: with its connection it has ended.

    Args:
        host: Ray's own handle of it.
    """

    def __init__(self, host: Any) -> None:
        self._host, self._connection = host, connection()
        self.answers: Any = None
        self._finalizer = weakref.finalize(self, _kill, host, self._connection)
        self._finalizer.atexit = False  # Ray ends all actors of a process that ends.

    @property
    def is_left(self) -> bool:
        """Whether this process is connected no longer. Ray would connect to whatever it finds, and abort (2.60)."""
        return self._connection != connection()

    def perform(self, *what: Any) -> None:
        """Lets it do one thing."""
        self.answers = self._host.perform.options(num_returns="streaming").remote(what)

    def has_answer(self) -> bool:
        """Whether ``answer`` would return, or raise, at once."""
        return self.is_left or bool(_ready([self.answers], timeout=0.0))

    def answer(self, timeout: float | None = None) -> Any:
        """The next answer, or ``None``; see ``Handle``."""
        if self.is_left:
            raise NodeLost(LEFT)
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
        if self._finalizer.alive and not self.is_left:
            _ready([self._host.kill.remote()], KILL_SECONDS)
            self._forget_answers()
        self._finalizer()

    def _forget_answers(self) -> None:
        """Takes what nobody asks for any more: Ray prints errors that nobody takes."""
        try:
            while self.answers is not None and self.has_answer():
                ray.get(next(self.answers))
        except (StopIteration, RayError):
            return


class RayCluster:
    """A cluster of Ray, which is connected to when the first actor is placed.

    Args:
        address: As ``connect`` takes it.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def connect(self) -> None:
        """Connects this process to it."""
        connect(self._address)

    def place(self, make: Callable[..., Actor], *arguments: Any) -> RayHandle:
        """Makes an actor on whichever node has a processor for it."""
        self.connect()
        # One call performs, another one kills.
        options = {"num_cpus": 1, "max_concurrency": 2, "scheduling_strategy": "SPREAD"}
        return RayHandle(ray.remote(Host).options(**options).remote(make, arguments))

    def ready(self, handles: Sequence[Any]) -> list[Any]:
        """Those that have an answer."""
        if left := [handle for handle in handles if handle.is_left]:
            return left
        done = _ready([handle.answers for handle in handles], None)
        return [handle for handle in handles if handle.answers in done]


def _ready(references: list[Any], timeout: float | None) -> list[Any]:
    ready: list[Any]  # Also for mypy where Ray is not installed.
    ready, _ = ray.wait(references, timeout=timeout)
    return ready


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


def _kill(host: Any, its_connection: str) -> None:
    if its_connection == connection():
        ray.kill(host)
