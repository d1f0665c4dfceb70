"""REQ and REP over a Unix-domain socket: with each other, with libzmq's sockets, and among peers that misbehave."""

from __future__ import annotations

import contextlib
import itertools
import socket
import time

import pytest
import zmq
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import message_bytes

from blendgym.wire.transport.libzmq_sockets import LibzmqReplier, LibzmqRequester
from blendgym.wire.transport.sockets import bind, connect
from blendgym.wire.transport.unix_sockets import MAX_PEERS, UnixReplier, UnixRequester
from blendgym.wire.transport.zmtp import GREETING, encode_ready

LIMIT = 8 << 20
HANDSHAKE = GREETING + encode_ready("REQ")
REQUEST = message_bytes([b"", b"request"])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """Makes addresses at which nothing is yet."""
    numbers, folder = itertools.count(), tmp_path_factory.mktemp("sockets")
    return lambda: f"ipc://{folder}/{next(numbers)}"


@pytest.fixture(
    scope="module",
    params=[
        (UnixRequester, UnixReplier),
        (UnixRequester, LibzmqReplier),
        (LibzmqRequester, UnixReplier),
    ],
    ids=["both ours", "libzmq's server", "libzmq's client"],
)
def pair(request, endpoint):
    """A client and a server of each kind, of which at least one is ours."""
    client_kind, server_kind = request.param
    address = endpoint()
    server, client = server_kind(address, LIMIT), client_kind(address, LIMIT)
    yield client, server
    client.close()
    server.close()


@pytest.fixture
def server(endpoint):
    made = bind(endpoint(), LIMIT)
    yield made
    made.close()


@pytest.fixture
def client(server):
    made = connect(server.endpoint, LIMIT)
    yield made
    made.close()


@pytest.fixture
def stranger(server):
    """Connects to the server without following any rules."""
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(raw_connection(server.endpoint))


def raw_connection(address):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(5)
    connection.connect(address.removeprefix("ipc://"))
    return connection


def wait_for(waiting, *others, seconds=10):
    """Lets all sides go on until one of them has a message."""
    limit = time.monotonic() + seconds
    while not waiting.poll(0.001):
        for other in others:
            other.poll(0)
        assert time.monotonic() < limit, "no message came"


def exchange(client, server, request=(b"request",), reply=(b"reply",)):
    """Sends a request and its reply; returns what arrived."""
    client.send(list(request))
    wait_for(server, client)
    arrived = server.receive()
    server.send(list(reply))
    wait_for(client, server)
    return arrived, client.receive()


def serve_everyone(server, seconds=0.05):
    """Takes whoever connects, answers whatever is asked."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if server.poll(0.01):
            server.receive()
            server.send([b"reply"])


def assert_sleeps(waiting):
    """Nothing comes, and nothing is busy meanwhile."""
    start = time.monotonic()
    assert not waiting.poll(0.1)
    assert time.monotonic() - start >= 0.1


def test_an_endpoint_has_our_sockets_for_a_path_and_libzmq_for_everything_else(endpoint):
    address = endpoint()
    for target, kinds in (
        (address, (UnixReplier, UnixRequester)),
        ("tcp://127.0.0.1:*", (LibzmqReplier, LibzmqRequester)),
    ):
        server = bind(target, LIMIT)
        client = connect(server.endpoint, LIMIT)
        assert (type(server), type(client)) == kinds
        assert exchange(client, server) == ([b"request"], [b"reply"])
        client.close()
        server.close()


frames = st.lists(st.one_of(st.binary(max_size=20), st.integers(250, 70_000).map(bytes)), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None)
@given(request=frames, reply=frames)
def test_every_message_crosses_in_both_directions(pair, request, reply):
    assert exchange(*pair, request, reply) == (request, reply)


def test_messages_that_no_buffer_of_the_kernel_holds_cross_in_both_directions(pair):
    request, reply = [b"head", bytes(range(256)) * 20_000], [b"x" * (7 << 20), b""]
    assert exchange(*pair, request, reply) == (request, reply)


def test_several_clients_are_served_in_turn(server):
    clients = [connect(server.endpoint, LIMIT) for _ in range(3)]
    for client in clients:
        client.send([b"%d" % clients.index(client)])
    for _ in clients:
        wait_for(server, *clients)
        server.send([b"you are ", *server.receive()])
    for number, client in enumerate(clients):
        wait_for(client, server)
        assert client.receive() == [b"you are ", b"%d" % number]
        client.close()


def test_a_dealer_of_libzmq_gets_its_replies_in_order_and_in_their_envelopes(server):
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.connect(server.endpoint)
        for number in range(5):
            dealer.send_multipart([b"route", b"", b"%d" % number])
        for number in range(5):
            assert server.receive() == [b"%d" % number]
            server.send([b"reply to %d" % number])
        for number in range(5):
            assert dealer.recv_multipart() == [b"route", b"", b"reply to %d" % number]


def test_a_client_that_sends_without_pause_does_not_keep_others_from_being_served(server, client, stranger):
    exchange(client, server)
    stranger().send(HANDSHAKE + REQUEST * 1000)
    wait_for(server, client)
    client.send([b"patient"])
    served = []
    while served[-1:] != [[b"patient"]]:
        assert server.poll(1)
        served.append(server.receive())
        server.send([b"reply"])
        assert len(served) < 5


def test_a_request_waits_for_its_turn_while_its_client_sends_another(server, client, stranger):
    exchange(client, server)
    hasty = stranger()
    hasty.send(HANDSHAKE + message_bytes([b"", b"first"]))
    client.send([b"second"])
    wait_for(server, client)
    hasty.send(message_bytes([b"", b"third"]))
    served = []
    for _ in range(3):
        assert server.poll(1)
        served.append(server.receive())
        server.send([b"reply"])
    assert sorted(served) == [[b"first"], [b"second"], [b"third"]]


def test_a_client_that_goes_before_its_reply_disturbs_nobody(server, client, stranger):
    hasty = stranger()
    hasty.send(HANDSHAKE + REQUEST)
    wait_for(server, client)
    server.receive()
    hasty.close()
    server.send([b"reply"])
    assert exchange(client, server) == ([b"request"], [b"reply"])


def test_a_client_that_takes_no_replies_keeps_only_itself_waiting(server, client, stranger):
    exchange(client, server)
    greedy = stranger()
    greedy.send(HANDSHAKE + REQUEST * 2)
    wait_for(server, client)
    server.receive()
    server.send([bytes(5 << 20)])
    for _ in range(3):
        assert exchange(client, server) == ([b"request"], [b"reply"])
    assert not server.poll(0.02), "it asks again before it has taken the reply"
    taken = 0
    while taken < 5 << 20:
        server.poll(0)
        taken += len(greedy.recv(1 << 20))
    wait_for(server, client)
    assert server.receive() == [b"request"]
    server.send([b"reply"])
    assert_sleeps(server)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"garbage",
        b"\x00" * 100_000,
        b"\xff" * 100_000,
        GREETING[:10],
        GREETING[:40],
        GREETING,
        HANDSHAKE[:-3],
        HANDSHAKE + REQUEST[:-1],
        HANDSHAKE + b"\xff" * 1000,
        HANDSHAKE + message_bytes([b"no envelope"]),
        HANDSHAKE + b"\x02" + b"\xff" * 8,
        HANDSHAKE + REQUEST,
    ],
    ids=lambda sent: f"{len(sent)} bytes {sent[64:][:12] or sent[:12]!r}",
)
@pytest.mark.parametrize("stays", [True, False], ids=["and stays", "and goes"])
def test_whatever_a_stranger_sends_the_client_is_served(server, client, stranger, sent, stays):
    assert exchange(client, server) == ([b"request"], [b"reply"])
    connection = stranger()
    with contextlib.suppress(ConnectionError, TimeoutError):
        connection.settimeout(0.1)
        connection.sendall(sent)
    if not stays:
        connection.close()
    serve_everyone(server)
    assert exchange(client, server) == ([b"request"], [b"reply"])


@pytest.mark.parametrize(
    "sent", [b"garbage".ljust(64), HANDSHAKE + b"\x02" + (LIMIT + 1).to_bytes(8, "big"), HANDSHAKE + b"\xff\xff"]
)
def test_a_stranger_that_breaks_the_rules_is_hung_up_on(server, stranger, sent):
    connection = stranger()
    connection.sendall(sent)
    serve_everyone(server)
    while receive_some(connection):
        pass


def receive_greeting(connection):
    """What a server says first."""
    return connection.recv(len(GREETING + encode_ready("REP")), socket.MSG_WAITALL)


def receive_some(connection):
    """What comes next; nothing from one that has hung up."""
    try:
        return connection.recv(1000)
    except ConnectionError:
        return b""


def test_more_connections_than_a_server_takes_are_hung_up_on_and_the_client_is_served(server, client, stranger):
    exchange(client, server)
    held = [stranger() for _ in range(MAX_PEERS)]
    serve_everyone(server, seconds=0.5)
    assert held[-1].recv(100) == b""
    assert receive_greeting(held[0]) == GREETING + encode_ready("REP")
    assert exchange(client, server) == ([b"request"], [b"reply"])
    held[0].close()
    serve_everyone(server)
    later = stranger()
    serve_everyone(server)
    assert receive_greeting(later) == GREETING + encode_ready("REP")
