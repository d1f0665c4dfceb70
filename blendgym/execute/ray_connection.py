"""This process's connection to a cluster of Ray: one at a time, and not across a fork."""

from __future__ import annotations

import logging
import os
import socket
import threading

import ray

from blendgym.errors import ClusterNotFound, InvalidOption
from blendgym.execute.cluster import is_address
from blendgym.wire.transport.addresses import split_tcp

CONNECT_SECONDS = 5.0

HTTP2_PREFACE, EMPTY_SETTINGS, SETTINGS = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\4\0\0\0\0\0", 4
"""What clients of HTTP/2 begin with, and the type of the frame that a server begins with (RFC 9113, 3.4 and 6.5)."""

AUTO, HERE = "auto", "this machine"

_connecting = threading.Lock()
"""Several producers of a stream may be the first."""


class _Fork:
    """Whether this process is a fork of one that was connected."""

    has_happened = False

    @classmethod
    def note(cls) -> None:
        cls.has_happened = cls.has_happened or ray.is_initialized()


os.register_at_fork(after_in_child=_Fork.note)


def connection() -> str:
    """Which connection this process has; empty if it has none that works."""
    if _Fork.has_happened or not ray.is_initialized():
        return ""
    job: str = ray.get_runtime_context().get_job_id()
    return job


def connect(address: str) -> None:
    """Connects this process to a cluster, unless it is already.

    Args:
        address: ``HOST:PORT``; empty for the cluster that this process is connected to, or else that of the environment
            variable ``RAY_ADDRESS``, or the one on this machine.

    Raises:
        InvalidOption: If it is connected to another one, in a way or after a fork that Ray cannot work with, or
            ``RAY_ADDRESS`` is no address.
        ClusterNotFound: If there is no cluster, or it does not let this process in.
    """
    with _connecting:
        if _Fork.has_happened:
            raise InvalidOption(
                "This process is a fork of one that is connected to a Ray cluster, and Ray does not survive a fork. "
                "Start processes by 'spawn', as AsyncVectorEnv(..., context='spawn') does, or have the environments in "
                "the process that is connected: gym.make_vec(..., num_servers=...) steps them at the same time."
            )
        if ray.is_initialized():
            _require(address)
        else:
            _begin(address or _from_variable())


def _require(address: str) -> None:
    if ray.util.client.ray.is_connected():  # type: ignore[no-untyped-call]
        raise InvalidOption(
            "This process is connected by Ray Client (ray://), which cannot carry what Blenders answer. Run it on a "
            "machine of the cluster, where ray.init('auto') connects it."
        )
    connected = ray.get_runtime_context().gcs_address
    if address and not _is_same(address, connected):
        raise InvalidOption(
            f"This process is connected to the Ray cluster at {connected}, and execute= names the one at {address}. "
            "Ray connects a process to one cluster at a time: leave the address out, or call ray.shutdown() before "
            "anything is made there."
        )


def _from_variable() -> str:
    address = os.environ.get("RAY_ADDRESS", AUTO)
    if address != AUTO and not is_address(address):
        raise InvalidOption(f"The environment variable RAY_ADDRESS is {address!r}; expected HOST:PORT or auto.")
    return address


def _begin(address: str) -> None:
    try:
        if address != AUTO:  # Ray itself would try for ever.
            _require_grpc(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # Of many kinds: nobody listens, another version of Ray or Python, no permission.
        raise ClusterNotFound(
            f"There is no Ray cluster {'on this machine' if address == AUTO else f'at {address}'} that this "
            f"process could use: {str(error).rstrip('.')}. `ray start --head` begins one, and says how other machines "
            "join it; one that asks for a token wants RAY_AUTH_MODE=token here, too."
        ) from error


def _require_grpc(address: str) -> None:
    """Raises an ``OSError`` unless there is a server of HTTP/2, as those of gRPC are."""
    host, port = split_tcp(f"tcp://{address}")
    with socket.create_connection((host, int(port)), CONNECT_SECONDS) as talk:
        talk.settimeout(CONNECT_SECONDS)
        talk.sendall(HTTP2_PREFACE + EMPTY_SETTINGS)
        answer = b""
        while len(answer) < len(EMPTY_SETTINGS) and (part := talk.recv(len(EMPTY_SETTINGS) - len(answer))):
            answer += part
    if len(answer) < len(EMPTY_SETTINGS) or answer[3] != SETTINGS:
        raise ConnectionError("what listens there is no server of Ray")


def _is_same(address: str, other: str) -> bool:
    (host, port), (other_host, other_port) = (split_tcp(f"tcp://{each}") for each in (address, other))
    return port == other_port and (host == other_host or bool(_places(host) & _places(other_host)))


def _places(host: str) -> set[str]:
    """The addresses of a host; all of this machine are one."""
    try:
        found = {str(place[0]) for *_, place in socket.getaddrinfo(host, None)}
    except OSError:
        return {host}
    return {HERE if _is_here(place) else place for place in found}


def _is_here(place: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in place else socket.AF_INET, socket.SOCK_DGRAM) as attempt:
        try:
            attempt.bind((place, 0))
        except OSError:
            return False
    return True
