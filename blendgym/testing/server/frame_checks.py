"""A server answers whatever bytes it gets, and believes none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from blendgym.errors import MalformedMessage
from blendgym.testing.checks import require
from blendgym.testing.rollouts import require_same
from blendgym.testing.server.addresses import plain_connection
from blendgym.testing.server.raw_client import RawClient
from blendgym.testing.server.replies import require_refusal
from blendgym.testing.server.server_under_test import ServerUnderTest
from blendgym.wire import messages
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.zmtp import GREETING

RANDOM_MESSAGES = 50
STRANGERS = (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 5000, GREETING[:30], GREETING, GREETING + b"\x00\x05half")
"""What whoever connects may say before breaking off."""


def check_garbage_is_refused(server: ServerUnderTest) -> None:
    """Sends frames that are no message, in the midst of episodes."""
    client, garbage = server.client, list(_garbage())

    def litter() -> None:
        for frames in garbage:
            _require_malformed(client, frames, f"Garbage of {len(frames)} frames that begin with {frames[0][:12]!r}")

    server.require_undisturbed(litter, "garbage")


def check_truncated_messages_are_refused(server: ServerUnderTest) -> None:
    """Sends every beginning of real messages."""
    client = server.client

    def cut() -> None:
        for kind, fields in _real_requests(server):
            (header,) = client.frames(kind, **fields)
            for length in range(len(header)):
                _require_malformed(client, [header[:length]], f"A {kind.__name__} cut off after {length} bytes")

    server.require_undisturbed(cut, "messages that were cut off")


def check_flipped_bits_do_no_lasting_harm(server: ServerUnderTest) -> None:
    """Flips every bit of real messages, one at a time. What stays legal may be carried out, until the next reset."""
    before = server.play()
    for kind, fields in _real_requests(server):
        _flip_every_bit(server.client, kind, fields)
    require_same(server.play(), before, "Episodes after flipped bits", "Let a reset set all state.")


def check_arrays_that_claim_to_be_what_they_are_not_are_refused(server: ServerUnderTest) -> None:
    """Describes actions as larger, of other dtypes, or elsewhere than they are."""
    client = server.client

    def claim() -> None:
        for described, more in _claims():
            header = {
                "kind": "step", "sequence": client.next_number(), "session": client.secret, "actions": described,
            }  # fmt: skip
            frames = [msgspec.msgpack.encode(header), *more]
            _require_malformed(client, frames, f"An array described as {described!r:.80} with {len(more)} frames")

    server.require_undisturbed(claim, "arrays that claimed to be what they are not")


def check_strangers_who_break_off_disturb_nobody(server: ServerUnderTest) -> None:
    """Connects below the protocol, says something or nothing, and hangs up."""

    def call() -> None:
        for said in STRANGERS:
            with plain_connection(server.endpoint) as stranger:
                stranger.sendall(said)
                server.client.ask(messages.Ping)

    server.require_undisturbed(call, "strangers who broke off")


def _garbage() -> Iterator[Sequence[Buffer]]:
    yield from ([b""], [b"", b""], [b"\xff" * 100], [b"{}"], [b"{}", b"x"], [b"\x80"], [b"\x80" * 3], [b"a"] * 70)
    yield [b'{"kind": "ping", "sequence": 1}']
    yield [b"\x91" * 100_000]  # lists in lists
    yield from ([b"\xdf\xff\xff\xff\xff"], [b"\xdd\xff\xff\xff\xff"], [b"\xc6\xff\xff\xff\xff"])  # long claims
    yield [msgspec.msgpack.encode({"kind": "no such kind", "sequence": 1})]
    yield [msgspec.msgpack.encode({"kind": "ping", "sequence": "1"})]
    yield [msgspec.msgpack.encode({"kind": "step", "sequence": 1})]
    yield [b"\x81\xa4kind\xa4\xff\xfe\xfd\xfc"]  # no UTF-8
    yield [bytes(1 << 20)]
    rng = np.random.default_rng(0)
    for _ in range(RANDOM_MESSAGES):
        yield [rng.bytes(int(rng.integers(1, 200))) for _ in range(int(rng.integers(1, 4)))]


def _claims() -> Iterator[tuple[Any, list[Buffer]]]:
    for shape in ((2**40,), (2**32, 2**32), (2**62, 4), (0, 2**62), (-1,), (1,) * 20, (1.5,), ("1",), None):
        yield (b"", "float32", shape), []
    for dtype in ("object", "O", "V8", "S4", "<f4", "datetime64", "complex64", "no such dtype", "", 4, None):
        yield (bytes(8), dtype, (1,)), []
    for place, frames in ((1, 0), (0, 1), (-1, 1), (2, 1), (2**60, 1), (1, 2)):
        yield (place, "float32", (1, 1)), [bytes(4)] * frames
    for described in (None, 0.0, [], "array", {"dtype": "float32"}, [0.0, 1.0], (bytes(4), "float32", (1,), 5)):
        yield described, []


def _real_requests(server: ServerUnderTest) -> tuple[tuple[type[messages.Request], dict[str, Any]], ...]:
    spec = next(iter(server.welcome.parameters), None)
    values = {spec.name: spec.nominal} if spec else {}
    episode = messages.Episode(seed=2**40, parameters=values)
    return (messages.Step, {"actions": server.actions[0]}), (messages.Reset, {"episodes": (episode,)})


def _flip_every_bit(client: RawClient, kind: type[messages.Request], fields: dict[str, Any]) -> None:
    bit = 0
    while True:
        frames = client.frames(kind, **fields)
        if bit == 8 * len(frames[0]):
            return
        header = bytearray(frames[0])
        header[bit // 8] ^= 1 << bit % 8
        reply = client.exchange([bytes(header), *frames[1:]])
        client.number = max(client.number, reply.sequence)  # A bit of the number itself may have been flipped.
        bit += 1


def _require_malformed(client: RawClient, frames: Sequence[Buffer], what: str) -> None:
    reply = client.exchange(frames)
    require_refusal(reply, MalformedMessage, what)
    require(
        reply.sequence < 0,
        f"{what} cannot be read, so the reply should have the number -1, but has {reply.sequence}.",
    )


FRAME_CHECKS = (
    check_garbage_is_refused,
    check_truncated_messages_are_refused,
    check_flipped_bits_do_no_lasting_harm,
    check_arrays_that_claim_to_be_what_they_are_not_are_refused,
    check_strangers_who_break_off_disturb_nobody,
)
