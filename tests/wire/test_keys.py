"""Keys: who may read the files, and what is said where one is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from blendgym.errors import InvalidKeys
from blendgym.wire.transport.keys import make_keys, read_client_keys, read_server_keys

TRAINERS_HALF = ("server.key", "client.key_secret")
SERVERS_HALF = ("server.key_secret", "clients")


@pytest.fixture
def keys(tmp_path):
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


def permissions(path):
    return oct(path.stat().st_mode & 0o777)


def remove_all_but(names, folder):
    for path in folder.iterdir():
        if path.name not in names:
            path.rename(folder.parent / path.name)


def test_nobody_else_can_read_the_secrets(keys):
    assert permissions(keys) == permissions(keys / "clients") == "0o700"
    assert {permissions(path) for path in keys.glob("*_secret")} == {"0o600"}


def test_either_half_is_enough_for_its_side(keys):
    whole = read_client_keys(keys), read_server_keys(keys)
    remove_all_but(TRAINERS_HALF, keys)
    assert read_client_keys(keys) == whole[0]
    remove_all_but((), keys)
    for name in SERVERS_HALF:
        (keys.parent / name).rename(keys / name)
    assert read_server_keys(keys) == whole[1]


def test_client_and_server_know_each_other(keys):
    client, server = read_client_keys(keys), read_server_keys(keys)
    assert client.server == server.public
    assert client.public.decode() in (server.clients / "client.key").read_text()
    assert client.secret != server.secret


def test_keys_are_never_overwritten(keys):
    before = (keys / "server.key_secret").read_bytes()
    with pytest.raises(InvalidKeys, match="exists already, and keys are never overwritten"):
        make_keys(keys)
    assert (keys / "server.key_secret").read_bytes() == before


@pytest.mark.parametrize("name", TRAINERS_HALF)
@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"", "it is no key"), (b"\xff\xfe\x00", "it is no key"), (b"[curve]\n", "it is no key")],
)
def test_a_file_that_a_client_cannot_use_is_named(keys, name, content, reason):
    damage(keys / name, content)
    with pytest.raises(InvalidKeys, match=f"{name} cannot be used as a key: {reason}.*blendgym keys DIR"):
        read_client_keys(keys)


def test_a_file_that_a_server_cannot_use_is_named(keys):
    (keys / "clients" / "client.key").unlink()
    with pytest.raises(InvalidKeys, match="clients cannot be used as a key: no client's public key is in it"):
        read_server_keys(keys)
    damage(keys / "server.key_secret", (keys / "server.key").read_bytes())
    with pytest.raises(InvalidKeys, match="server.key_secret cannot be used as a key: it holds no key pair"):
        read_server_keys(keys)


def damage(file, content):
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


def test_the_command_makes_them_and_says_what_belongs_where(tmp_path):
    command = [sys.executable, "-m", "blendgym", "keys", str(tmp_path / "new" / "keys")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for name in (*TRAINERS_HALF, *SERVERS_HALF):
        assert name in done.stdout
    assert read_client_keys(tmp_path / "new" / "keys")
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert again.stderr.startswith("InvalidKeys: ")
