"""Messages that no client of ours would send."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from blendgym.client.connection.session import Session
from blendgym.errors import MalformedMessage
from blendgym.images.views import View
from blendgym.version import __version__
from blendgym.wire import messages
from blendgym.wire.codec import Codec
from blendgym.wire.messages import PROTOCOL_VERSION
from blendgym.wire.transport.zmtp import GREETING, encode_ready
from blendgym.wire.transport.zmtp_frames import encode_message

READY = encode_ready("REQ")
DTYPES = ("float32", "float64", "bool", "uint8", "object", "V8", "")
VIEW = View(camera="Camera", width=8, height=8)
HUGE = 1 << 48

ORDINARY = {
    "hello": lambda rng: messages.Hello(protocol=PROTOCOL_VERSION, package=__version__, token="", warm_up=(VIEW,)),
    "reset": lambda rng: messages.Reset(episodes=(messages.Episode(slot=int(rng.integers(2)), seed=3),)),
    "step": lambda rng: messages.Step(actions=rng.uniform(-1, 1, (2, 1)).astype(np.float32)),
    "large step": lambda rng: messages.Step(actions=np.zeros((2, 1000), np.float32)),
    "render": lambda rng: messages.Render(views=(VIEW,), slot=int(rng.integers(2))),
    "ping": lambda rng: messages.Ping(),
    "close": lambda rng: messages.Close(),
}
"""One request of every kind, and one that has an array frame."""

REFUSED = (
    messages.Step(actions=np.full((2, 1), math.nan, np.float32)),
    messages.Step(actions=np.full((2, 1), math.inf, np.float32)),
    messages.Step(actions=np.zeros((2, 1), np.bool_)),
    messages.Step(actions=np.zeros((3, 1), np.float32)),
    messages.Step(actions=np.zeros((0,), np.float32)),
    messages.Step(actions=np.zeros((2, 1), np.float32), slots=(0, 0)),
    messages.Step(actions=np.zeros((1, 1), np.float32), slots=(-1,)),
    messages.Step(actions=np.zeros((1, 1), np.float32), slots=(2**62,)),
    messages.Reset(episodes=(messages.Episode(seed=-1),)),
    messages.Reset(episodes=(messages.Episode(seed=1, slot=7),)),
    messages.Reset(episodes=(messages.Episode(seed=1), messages.Episode(seed=2))),
    messages.Reset(episodes=(messages.Episode(seed=1, parameters={"cart.mass": math.nan}),)),
    messages.Reset(episodes=(messages.Episode(seed=1, slot=1), messages.Episode(seed=1, parameters={"nothing": 1.0}))),
    messages.Render(views=(VIEW,), slot=2),
    messages.Render(views=(View(camera="Camera", width=1 << 30, height=1 << 30),)),
    messages.Render(views=(View(camera="Nowhere", width=8, height=8),)),
)
"""Well-formed, from the client itself, and impossible."""


class Fuzzer:
    """Makes messages that must not change a server's state, whatever they are.

    Args:
        seed: Of everything random.
        session: The client's own; a stranger would not know it, but may send what the client has sent.
    """

    def __init__(self, seed: int, session: Session) -> None:
        self._rng = np.random.default_rng(seed)
        self._session = session
        self._codec: Codec = Codec(messages.AnyRequest)
        self._kinds = (
            self.random_bytes, self.truncated, self.flipped, self.shuffled, self.huge_claim, self.strange,
            self.old, self.refused,
        )  # fmt: skip

    def message(self) -> tuple[str, list[bytes]]:
        """The name of a kind of nonsense, and the frames of a message of that kind."""
        make = self._kinds[self._rng.integers(len(self._kinds))]
        return make.__name__, make()

    def garbage(self) -> bytes:
        """Bytes for a connection that nobody has used yet."""
        rng = self._rng
        real = GREETING + READY + b"".join(encode_message([b"", *self.strange()]))
        match rng.integers(5):
            case 0:
                return rng.bytes(rng.integers(1, 300))
            case 1:
                return real[: rng.integers(len(real))]
            case 2:
                return self._flip(real)
            case 3:  # A frame that says it is long.
                return GREETING + READY + b"\x02" + int(rng.integers(1, HUGE)).to_bytes(8, "big") + rng.bytes(50)
            case _:
                return GREETING + READY + rng.bytes(rng.integers(1, 3000))

    def random_bytes(self) -> list[bytes]:
        rng = self._rng
        return [rng.bytes(rng.integers(200)) for _ in range(rng.integers(70 if rng.random() < 0.1 else 4))]

    def truncated(self) -> list[bytes]:
        frames = self._ordinary()
        cut = self._rng.integers(len(frames))
        frames[cut] = frames[cut][: self._rng.integers(len(frames[cut]))]
        return self._harmless(frames)

    def flipped(self) -> list[bytes]:
        frames = self._ordinary()
        hit = self._rng.integers(len(frames))
        frames[hit] = self._flip(frames[hit])
        return self._harmless(frames)

    def shuffled(self) -> list[bytes]:
        frames = self._ordinary() + self._ordinary()
        self._rng.shuffle(frames)
        return self._harmless(frames[: self._rng.integers(1, 4)])

    def huge_claim(self) -> list[bytes]:
        rng = self._rng
        shape = [int(rng.integers(HUGE)) for _ in range(rng.integers(1, 12))]
        buffer = [rng.bytes(8), 1, -1, HUGE][rng.integers(4)]
        array = [buffer, DTYPES[rng.integers(len(DTYPES))], shape]
        header = {"kind": "step", "sequence": 1, "session": self._session.secret, "actions": array}
        return [msgspec.msgpack.encode(header), *([rng.bytes(8)] if rng.random() < 0.5 else [])]

    def strange(self) -> list[bytes]:
        """What the client could have asked, from somebody who is not the client."""
        secret = [b"", self._rng.bytes(16), self._rng.bytes(3)][self._rng.integers(3)]
        return self._stamped(self._any(), int(self._rng.integers(1 << 40)), secret)

    def old(self) -> list[bytes]:
        """What the client has asked long ago, on its way for too long."""
        return self._stamped(self._any(), int(self._rng.integers(-5, 1)), self._session.secret)

    def refused(self) -> list[bytes]:
        request = REFUSED[self._rng.integers(len(REFUSED))]
        return self._stamped(request, self._session.next_number(), self._session.secret)

    def _any(self) -> messages.Request:
        names = list(ORDINARY)
        return ORDINARY[names[self._rng.integers(len(names))]](self._rng)

    def _ordinary(self) -> list[bytes]:
        return self._stamped(self._any(), int(self._rng.integers(1 << 16)), self._session.secret)

    def _stamped(self, request: messages.Request, sequence: int, secret: bytes) -> list[bytes]:
        return self._codec.encode(msgspec.structs.replace(request, sequence=sequence, session=secret))

    def _flip(self, data: bytes) -> bytes:
        flipped = bytearray(data)
        for bit in self._rng.integers(8 * len(flipped), size=self._rng.integers(1, 9)):
            flipped[bit // 8] ^= 1 << bit % 8
        return bytes(flipped)

    def _harmless(self, frames: list[bytes]) -> list[bytes]:
        """The same, unless the damage has left a request of the client, which would rightly be carried out."""
        try:
            request = self._codec.decode(frames)
        except MalformedMessage:
            return frames
        is_the_clients = request.session == self._session.secret
        return self._stamped(request, request.sequence, b"somebody") if is_the_clients else frames
