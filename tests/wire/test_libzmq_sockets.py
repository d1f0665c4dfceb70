"""Sockets that go over networks: who gets in, what whoever does not is told, and what is lost is sent again."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time

import pytest
import zmq
from garbage import GARBAGE
from network import FAULTS, BadNetwork

from blendgym.errors import AccessDenied, ServerStartError, ServerUnreachable, UnsafeAddress
from blendgym.wire.transport import handshakes, libzmq_sockets
from blendgym.wire.transport.addresses import needs_ipv6, split_tcp
from blendgym.wire.transport.keys import make_keys, read_client_keys, read_server_keys
from blendgym.wire.transport.sockets import bind, connect
from blendgym.wire.transport.zmtp import GREETING, encode_ready

LIMIT = 1 << 20
LOOPBACKS = ("127.0.0.1", "[::1]")


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.fixture(params=LOOPBACKS)
def host(request):
    if request.param == "[::1]" and not has_ipv6():
        pytest.skip("NOT TESTED: this machine has no IPv6")
    return request.param


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Folders of keys, made as they are asked for by name."""
    folder = tmp_path_factory.mktemp("keys")

    def get(name):
        if not (folder / name).exists():
            make_keys(folder / name)
        return folder / name

    return get


@pytest.fixture
def echo():
    """Makes servers that answer each request with its number and itself."""
    with contextlib.ExitStack() as running:
        yield lambda endpoint, keys=None: running.enter_context(EchoServer(endpoint, keys))


class EchoServer:
    """In a thread of its own, as a server is in a process of its own."""

    def __init__(self, endpoint, keys):
        self.requests = []
        self._socket = bind(endpoint, LIMIT, keys)
        self._ended = False
        self._thread = threading.Thread(target=self._serve)
        self.endpoint = self._socket.endpoint
        self.port = int(split_tcp(self.endpoint)[1]) if self.endpoint.startswith("tcp") else 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        self._thread.join()

    def _serve(self):
        while not self._ended:
            if self._socket.poll(0.01):
                self.requests.append(self._socket.receive())
                self._socket.send([b"%d" % len(self.requests), *self.requests[-1]])
        self._socket.close()


@pytest.fixture
def client():
    """Makes clients."""
    with contextlib.ExitStack() as opened:
        yield lambda *arguments: opened.enter_context(contextlib.closing(connect(arguments[0], LIMIT, *arguments[1:])))


def ask(client, *frames, seconds=5.0):
    """The reply to a request, without the server's count."""
    client.send(list(frames))
    limit = time.monotonic() + seconds
    while not client.poll(0.02):
        assert time.monotonic() < limit, "no reply came"
    return client.receive()[1:]


def test_the_right_key_opens_the_server(echo, client, keys, host):
    server = echo(f"tcp://{host}:*", read_server_keys(keys("right")))
    assert ask(client(server.endpoint, read_client_keys(keys("right"))), b"one", b"two") == [b"one", b"two"]


def test_a_loopback_address_needs_no_key(echo, client, host):
    assert ask(client(echo(f"tcp://{host}:*").endpoint), b"one") == [b"one"]


def test_a_name_is_reached_where_its_ipv4_address_is(echo, client):
    server = echo("tcp://127.0.0.1:*")
    assert ask(client(f"tcp://localhost:{server.port}"), b"one") == [b"one"]


@pytest.mark.parametrize(
    ("families", "expected"),
    [
        ((socket.AF_INET,), False),
        ((socket.AF_INET6,), True),
        ((socket.AF_INET6, socket.AF_INET), False),
    ],
)
def test_a_name_is_looked_for_in_ipv6_only_where_it_has_nothing_else(monkeypatch, families, expected):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(family, 0, 0, "", ()) for family in families])
    assert needs_ipv6("name") is expected


def test_an_unknown_client_is_told_at_once(echo, client, keys):
    server_keys = read_server_keys(keys("right"))
    stranger = read_client_keys(keys("other"))._replace(server=server_keys.public)
    with pytest.raises(AccessDenied, match="does not let in the key of this client.*clients/"):
        ask(client(echo("tcp://127.0.0.1:*", server_keys).endpoint, stranger), b"x")


def test_a_client_without_keys_is_told_at_once(echo, client, keys):
    server = echo("tcp://127.0.0.1:*", read_server_keys(keys("right")))
    with pytest.raises(AccessDenied, match="asks for keys; name the folder"):
        ask(client(server.endpoint), b"x")


def test_a_client_with_keys_is_told_at_once_that_the_server_has_none(echo, client, keys):
    with pytest.raises(AccessDenied, match="has no keys; leave keys= away"):
        ask(client(echo("tcp://127.0.0.1:*").endpoint, read_client_keys(keys("right"))), b"x")


def test_a_client_that_takes_the_server_for_another_is_told_soon(echo, client, keys, monkeypatch):
    monkeypatch.setattr(handshakes, "FAILING_SECONDS", 0.5)
    server = echo("tcp://127.0.0.1:*", read_server_keys(keys("right")))
    with pytest.raises(ServerUnreachable, match="hangs up on us.*its public key is not the one in server.key"):
        ask(client(server.endpoint, read_client_keys(keys("other"))), b"x")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        GREETING,
    ],
    ids=["nothing", "HTTP", "SSH", "TLS", "half a handshake"],
)
@pytest.mark.parametrize("hangs_up", [True, False], ids=["and hangs up", "and waits"])
@pytest.mark.parametrize("with_keys", [True, False], ids=["keys", "no keys"])
@pytest.mark.parametrize("hesitation", [0.0, 0.2], ids=["at once", "when libzmq has given up"])
def test_what_is_no_server_is_told_soon(client, keys, monkeypatch, answer, hangs_up, with_keys, hesitation):
    monkeypatch.setattr(handshakes, "FAILING_SECONDS", 0.3)
    monkeypatch.setattr(handshakes, "SILENT_SECONDS", 0.3)
    with contextlib.closing(Impostor(answer, hangs_up)) as impostor:
        asking = client(impostor.endpoint, read_client_keys(keys("right")) if with_keys else None)
        time.sleep(hesitation)
        with pytest.raises((ServerUnreachable, AccessDenied), match=impostor.endpoint):
            ask(asking, b"x")


class Impostor:
    """Listens like a server, and says something else."""

    def __init__(self, answer, hangs_up):
        self._answer, self._hangs_up = answer, hangs_up
        self._held = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._held.append(connection)
                connection.sendall(self._answer)
                if self._hangs_up:
                    connection.close()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for each in (self._listener, *self._held):
            each.close()


@pytest.mark.parametrize(
    "address",
    [
        "tcp://0.0.0.0:*",
        "tcp://*:*",
        "tcp://[::]:*",
        "tcp://eth0:*",
        "tcp://lo:*",
        "tcp://192.0.2.1:*",
        "ws://127.0.0.1:*",
    ],
)
def test_an_address_that_others_can_reach_is_not_bound_without_keys(address):
    with pytest.raises(UnsafeAddress, match="blendgym keys DIR"):
        bind(address, LIMIT)


def test_with_keys_it_is(echo, client, keys):
    server = echo("tcp://0.0.0.0:*", read_server_keys(keys("right")))
    assert ask(client(f"tcp://127.0.0.1:{server.port}", read_client_keys(keys("right"))), b"x") == [b"x"]


def test_an_address_that_is_taken_is_a_typed_error(echo):
    with pytest.raises(ServerStartError, match="cannot be bound: Address already in use"):
        bind(echo("tcp://127.0.0.1:*").endpoint, LIMIT)


@pytest.mark.parametrize("with_keys", [True, False], ids=["keys", "no keys"])
def test_whatever_strangers_send_the_client_is_served(echo, client, keys, with_keys):
    server = echo("tcp://127.0.0.1:*", read_server_keys(keys("right")) if with_keys else None)
    known = client(server.endpoint, read_client_keys(keys("right")) if with_keys else None)
    assert ask(known, b"before") == [b"before"]
    with contextlib.ExitStack() as strangers:
        for garbage in GARBAGE.values():
            for stays in (True, False):
                stranger = strangers.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                stranger.sendall(garbage)
                if not stays:
                    stranger.close()
                assert ask(known, b"meanwhile") == [b"meanwhile"]
    assert server.requests == [[b"before"], *[[b"meanwhile"]] * 2 * len(GARBAGE)]


def test_a_peer_that_has_vanished_without_a_word_is_hung_up_on(echo, monkeypatch):
    hasty = {zmq.HEARTBEAT_IVL: 50, zmq.HEARTBEAT_TIMEOUT: 100}
    monkeypatch.setattr(libzmq_sockets, "NOTICE_A_VANISHED_PEER", hasty)
    heartbeats_known = GREETING[:11] + b"\x01" + GREETING[12:]  # ZMTP 3.1
    with socket.create_connection(("127.0.0.1", echo("tcp://127.0.0.1:*").port), timeout=5) as peer:
        peer.sendall(heartbeats_known + encode_ready("REQ"))
        while peer.recv(1000):
            pass


def test_an_oversize_request_is_not_taken_and_the_next_client_is_served(echo, client):
    server = echo("tcp://127.0.0.1:*")
    greedy = client(server.endpoint)
    greedy.send([bytes(LIMIT + 1)])
    assert not greedy.poll(0.2)
    assert ask(client(server.endpoint), b"modest") == [b"modest"]
    assert server.requests == [[b"modest"]]


def test_an_oversize_reply_is_not_taken(echo):
    server = echo("tcp://127.0.0.1:*")
    modest = connect(server.endpoint, 1000)
    modest.send([bytes(2000)])
    assert not modest.poll(0.3)
    assert len(server.requests) == 1
    modest.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_over_a_bad_network_every_request_gets_its_own_reply(echo, client, monkeypatch, fault):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.1)
    server = echo("tcp://127.0.0.1:*")
    with contextlib.closing(BadNetwork(server.port, fault, every=4)) as network:
        asking = client(network.address)
        for number in range(20):
            assert ask(asking, b"%d" % number) == [b"%d" % number]
        assert network.faults >= 5
    assert [request for request, _ in itertools.groupby(server.requests)] == [[b"%d" % number] for number in range(20)]


def test_a_reply_that_takes_longer_than_a_request_is_waited_for_arrives_in_the_end(echo, client, monkeypatch):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.02)
    server = echo("tcp://127.0.0.1:*")
    with contextlib.closing(BadNetwork(server.port, delay=0.1)) as network:
        assert ask(client(network.address), b"slow") == [b"slow"]
    assert len(server.requests) > 1


def test_a_client_waits_for_a_server_that_begins_anew(echo, client, monkeypatch):
    monkeypatch.setattr(libzmq_sockets, "RESEND_SECONDS", 0.2)
    with EchoServer("tcp://127.0.0.1:*", None) as first:
        asking = client(first.endpoint)
        assert ask(asking, b"one") == [b"one"]
    asking.send([b"two"])
    assert not asking.poll(0.3)
    echo(first.endpoint)
    limit = time.monotonic() + 5
    while not asking.poll(0.02):
        assert time.monotonic() < limit
    assert asking.receive()[1:] == [b"two"]


def test_a_client_that_waits_sleeps(client):
    with zmq.Context() as context, context.socket(zmq.REP) as silent:
        port = silent.bind_to_random_port("tcp://127.0.0.1")
        asking = client(f"tcp://127.0.0.1:{port}")
        asking.send([b"x"])
        asking.poll(0.1)
        cpu = time.process_time()
        for _ in range(15):
            asking.poll(0.02)
        assert time.process_time() - cpu < 0.1
        asking.close()
