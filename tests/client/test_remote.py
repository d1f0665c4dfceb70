"""An environment whose Blender somebody else has launched, over TCP: the same episodes, whatever the network does."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time

import numpy as np
import pytest
from episodes import rollout, same
from garbage import GARBAGE
from network import FAULTS, BadNetwork
from places import CARTPOLE
from waiting import wait_for

from blendgym.client.connection import agreement
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import (
    ConnectionPoisoned,
    InvalidKeys,
    InvalidOption,
    ProtocolMismatch,
    ServerBusy,
    ServerTimeout,
    ServerUnreachable,
    SessionEnded,
)
from blendgym.wire.launch_files import VISITORS_FILE
from blendgym.wire.messages import PROTOCOL_VERSION
from blendgym.wire.transport import libzmq_sockets
from blendgym.wire.transport.addresses import split_tcp
from blendgym.wire.transport.keys import make_keys

STILL = np.zeros(1, np.float32)
IDLE_SECONDS = 2.0


@pytest.fixture(scope="module")
def served():
    """A server for whoever comes."""
    process = ServerProcess(CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=IDLE_SECONDS)
    yield process
    process.stop()


@pytest.fixture
def stopped(served):
    """Stops the server for a while."""

    @contextlib.contextmanager
    def stop():
        os.kill(served.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(served.pid, signal.SIGCONT)

    return stop


def test_an_episode_is_the_same_bit_for_bit_as_with_a_launched_server(make_env, served, cartpole):
    env = make_env(address=served.endpoint)
    assert same(rollout(env, seed=3), rollout(cartpole, seed=3))
    assert env.server_pid is None


def test_closing_an_environment_leaves_the_server_to_the_next_one(make_env, served):
    for _ in range(3):
        env = make_env(address=served.endpoint)
        env.reset()
        env.close()
    assert served.is_running()
    visitors = served.folder / VISITORS_FILE  # Where they are noted once they have been answered.
    wait_for(lambda: visitors.read_text().splitlines()[-2:] == ["A client has come.", "The client has gone."])


def test_a_second_client_is_told_that_the_server_is_busy_and_the_first_goes_on(make_env, served):
    first, second = make_env(address=served.endpoint), make_env(address=served.endpoint)
    first.reset()
    with pytest.raises(ServerBusy, match=f"last heard \\d+ s ago; .* after {IDLE_SECONDS:g} s of silence"):
        second.reset()
    first.step(STILL)
    first.close()
    second.reset()


def test_a_silent_client_gives_way_to_another_and_is_told_so(make_env, served):
    silent, next_one = make_env(address=served.endpoint), make_env(address=served.endpoint)
    silent.reset()
    time.sleep(IDLE_SECONDS)
    next_one.reset()
    for _ in range(2):
        with pytest.raises(
            SessionEnded, match="another client came after a long silence.*reset\\(\\) says hello again"
        ):
            silent.step(STILL)
    with pytest.raises(ServerBusy):
        silent.reset()
    next_one.close()
    silent.reset()
    silent.step(STILL)


def test_a_client_that_is_alone_may_be_silent(make_env, served):
    env = make_env(address=served.endpoint)
    env.reset()
    time.sleep(IDLE_SECONDS + 0.1)
    env.step(STILL)


def test_a_time_out_is_over_with_the_next_reset(make_env, served, stopped, cartpole):
    env = make_env(address=served.endpoint, deadlines={"step": 1.0, "close": 0.3})
    env.reset()
    with stopped(), pytest.raises(ServerTimeout, match=f"at {served.endpoint} did not answer Step within 1 s"):
        env.step(STILL)
    with pytest.raises(ConnectionPoisoned):
        env.step(STILL)
    assert same(rollout(env, seed=3), rollout(cartpole, seed=3))


def test_an_environment_that_timed_out_and_is_closed_does_not_keep_the_server(make_env, served, stopped):
    env, next_one = make_env(address=served.endpoint, deadlines={"step": 1.0}), make_env(address=served.endpoint)
    env.reset()
    with stopped(), pytest.raises(ServerTimeout):
        env.step(STILL)
    env.close()
    next_one.reset()


@pytest.mark.parametrize("fault", FAULTS)
def test_over_a_bad_network_every_step_is_executed_once(make_env, served, cartpole, monkeypatch, fault):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.1)
    with contextlib.closing(BadNetwork(int(split_tcp(served.endpoint)[1]), fault, every=7)) as network:
        env = make_env(address=network.address)
        assert same(rollout(env, seed=3), rollout(cartpole, seed=3))
        assert network.faults >= 5
        env.close()


def test_whatever_strangers_send_the_episode_is_the_same(make_env, served, cartpole):
    env = make_env(address=served.endpoint)
    with contextlib.ExitStack() as strangers:
        for garbage in GARBAGE.values():
            stranger = socket.create_connection(("127.0.0.1", int(split_tcp(served.endpoint)[1])))
            strangers.enter_context(stranger).sendall(garbage)
        assert same(rollout(env, seed=3), rollout(cartpole, seed=3))


def test_a_welcome_that_gets_lost_does_not_lock_the_client_out(make_env, served, monkeypatch):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.1)
    with contextlib.closing(BadNetwork(int(split_tcp(served.endpoint)[1]), "loses the reply", every=1)) as network:
        env = make_env(address=network.address, deadlines={"start": 0.5})
        with pytest.raises(ServerTimeout, match="did not answer Hello"):
            env.reset()
        network.every = 1_000_000
        env.reset()
        env.step(STILL)
        env.close()


def test_a_server_that_was_launched_again_ends_the_episode_and_reset_goes_on(make_env, tmp_path, cartpole):
    make_keys(tmp_path / "keys")
    arguments = {"endpoint": "tcp://127.0.0.1:*", "idle_timeout": IDLE_SECONDS, "keys": tmp_path / "keys"}
    first = ServerProcess(CARTPOLE, {}, **arguments)
    env = make_env(address=first.endpoint, keys=tmp_path / "keys")
    env.reset()
    first.stop()
    second = ServerProcess(CARTPOLE, {}, **arguments | {"endpoint": first.endpoint})
    with pytest.raises(SessionEnded, match="the server was launched again. reset\\(\\) says hello again"):
        env.step(STILL)
    assert same(rollout(env, seed=3), rollout(cartpole, seed=3))
    env.close()
    second.stop()


def test_a_reset_does_not_even_notice_a_server_that_was_launched_again_between_episodes(make_env):
    first = ServerProcess(CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=IDLE_SECONDS)
    env = make_env(address=first.endpoint)
    env.reset()
    first.stop()
    second = ServerProcess(CARTPOLE, {}, endpoint=first.endpoint, idle_timeout=IDLE_SECONDS)
    env.reset()
    env.step(STILL)
    env.close()
    second.stop()


def test_an_address_at_which_nobody_listens_is_named_within_the_deadline(make_env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    start = time.monotonic()
    with pytest.raises(ServerUnreachable, match=f"Nothing listens at tcp://127.0.0.1:{port}: Connection refused"):
        make_env(address=f"tcp://127.0.0.1:{port}", deadlines={"start": 0.5}).reset()
    assert 0.3 < time.monotonic() - start < 30


def test_a_host_that_does_not_exist_is_named(make_env, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ServerUnreachable, match="The host 'no.such.host.invalid' of address= is unknown"):
        make_env(address="tcp://no.such.host.invalid:5555").reset()


def unknown(*_, **__):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_server_that_fails_for_a_while_is_waited_for(make_env, served, monkeypatch):
    find, failures = socket.getaddrinfo, [socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")] * 2

    def find_in_the_end(*arguments, **options):
        if failures:
            raise failures.pop()
        return find(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find_in_the_end)
    make_env(address=f"tcp://localhost:{split_tcp(served.endpoint)[1]}").reset()
    assert not failures


def test_another_minor_version_of_the_protocol_is_a_warning(make_env, served, monkeypatch):
    monkeypatch.setattr(agreement, "PROTOCOL_VERSION", (PROTOCOL_VERSION[0], 99))
    with pytest.warns(UserWarning, match=r"speaks protocol \(\d, \d+\), the client .* \(\d, 99\); what only the newer"):
        make_env(address=served.endpoint).reset()


def test_another_major_version_of_the_protocol_is_refused_and_the_server_is_free(make_env, served, monkeypatch):
    with monkeypatch.context() as here:
        here.setattr(agreement, "PROTOCOL_VERSION", (99, 0))
        with pytest.raises(ProtocolMismatch, match="install the same version on both sides"):
            make_env(address=served.endpoint).reset()
    make_env(address=served.endpoint).reset()


def test_another_task_on_the_server_is_named_with_both_sides(make_env, served):
    with pytest.raises(
        ProtocolMismatch, match="disagree about task: here it is free_tasks:EndlessCartpole, on the server bl"
    ):
        make_env("free_tasks:EndlessCartpole", address=served.endpoint).reset()
    with pytest.raises(ProtocolMismatch, match="disagree about action_space: here it is Discrete.* on the server Box"):
        make_env(address=served.endpoint, action_type="discrete").reset()
    make_env(address=served.endpoint).reset()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"address": "tcp://host:1", "blender": "blender"}, "exclude each other"),
        ({"address": "host:5555"}, "expected tcp://HOST:PORT"),
        ({"address": "tcp://host"}, "expected tcp://HOST:PORT"),
        ({"address": "tcp://host:99999"}, "expected tcp://HOST:PORT"),
        ({"address": "tcp://host:*"}, "has no port"),
        ({"address": "tcp://host:1", "max_steps_per_server": 1}, "one at an address= is never replaced"),
        ({"address": "tcp://host:1", "max_rss": 1}, "one at an address= is never replaced"),
        ({"keys": "somewhere"}, "keys= is for a server at an address="),
    ],
)
def test_arguments_that_make_no_sense_are_refused_at_once(make_env, arguments, message):
    with pytest.raises(InvalidOption, match=message):
        make_env(**arguments)


def test_a_folder_without_keys_is_refused_at_once(make_env, tmp_path):
    with pytest.raises(InvalidKeys, match="server.key cannot be used as a key: No such file"):
        make_env(address="tcp://host:1", keys=tmp_path)
