"""The key files that let trainer and server recognize each other over a network (ZeroMQ's CURVE).

One folder, of which either side needs a half:

    server.key            the server's public key        on the trainer's machine
    client.key_secret     the client's own key pair      on the trainer's machine
    server.key_secret     the server's own key pair      on the server's machine
    clients/client.key    a public key that is let in    on the server's machine, one file for each client
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import zmq
from zmq.auth import create_certificates, load_certificate, load_certificates

from blendgym.errors import InvalidKeys

SERVER_PUBLIC = "server.key"
SERVER_SECRET = "server.key_secret"  # noqa: S105 (the name of a file)
CLIENT_SECRET = "client.key_secret"  # noqa: S105
CLIENTS = "clients"

Content = TypeVar("Content")


class ServerKeys(NamedTuple):
    """What a server needs.

    Args:
        public: Its own public key.
        secret: Its own secret key.
        clients: Folder with the public keys of all who are let in.
    """

    public: bytes
    secret: bytes
    clients: Path


class ClientKeys(NamedTuple):
    """What a client needs.

    Args:
        server: The server's public key.
        public: Its own public key.
        secret: Its own secret key.
    """

    server: bytes
    public: bytes
    secret: bytes


def make_keys(folder: Path) -> None:
    """Makes a folder with a key pair for a server and one for a client.

    Raises:
        InvalidKeys: If there is something at that place already, or nothing can be written there.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        (folder / CLIENTS).mkdir(mode=0o700)
        for name in ("server", "client"):
            _, secret = create_certificates(str(folder), name)
            os.chmod(secret, 0o600)  # noqa: PTH101 (it comes as a string)
        (folder / "client.key").replace(folder / CLIENTS / "client.key")
    except FileExistsError:
        raise InvalidKeys(f"{folder} exists already, and keys are never overwritten; name a new folder.") from None
    except OSError as error:
        raise InvalidKeys(f"No keys can be written into {folder}: {error.strerror}.") from None


def read_server_keys(folder: Path) -> ServerKeys:
    """Reads a server's half of a folder of keys.

    Raises:
        InvalidKeys: If a file is missing, unreadable or no key.
    """
    public, secret = _read_pair(folder / SERVER_SECRET)
    clients = folder / CLIENTS
    if not _read(clients, load_certificates):
        raise _invalid(clients, "no client's public key is in it")
    return ServerKeys(public, secret, clients)


def read_client_keys(folder: Path) -> ClientKeys:
    """Reads a client's half of a folder of keys.

    Raises:
        InvalidKeys: If a file is missing, unreadable or no key.
    """
    server, _ = _read(folder / SERVER_PUBLIC, load_certificate)
    return ClientKeys(server, *_read_pair(folder / CLIENT_SECRET))


def _read_pair(file: Path) -> tuple[bytes, bytes]:
    public, secret = _read(file, load_certificate)
    if secret is None or zmq.curve_public(secret) != public:
        raise _invalid(file, "it holds no key pair")
    return public, secret


def _read(path: Path, reader: Callable[[str], Content]) -> Content:
    try:
        path.stat()  # pyzmq's own message for what is missing says less.
        return reader(str(path))
    except OSError as error:
        raise _invalid(path, error.strerror or "it cannot be read") from None
    except ValueError:  # Not a key, or not even text.
        raise _invalid(path, "it is no key") from None


def _invalid(path: Path, reason: str) -> InvalidKeys:
    return InvalidKeys(
        f"{path} cannot be used as a key: {reason}. `blendgym keys DIR` makes a new folder of keys and says which "
        "files belong on which machine."
    )
