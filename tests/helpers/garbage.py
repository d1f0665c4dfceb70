"""What strangers send to a port."""

from __future__ import annotations

import numpy as np

from blendgym.wire.transport.zmtp import GREETING, encode_ready

GARBAGE = {
    "random bytes": np.random.default_rng(0).bytes(5000),
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "half a greeting": GREETING[:30],
    "a greeting": GREETING,
    "a handshake without keys": GREETING + encode_ready("REQ"),
    "a greeting for keys": GREETING[:12] + b"CURVE".ljust(20, b"\0") + GREETING[32:],
    "a broken HELLO": GREETING[:12] + b"CURVE".ljust(20, b"\0") + GREETING[32:] + b"\x04\xc8\x05HELLO" + bytes(194),
    "an endless frame": GREETING + encode_ready("REQ") + b"\x02" + b"\x7f" * 8 + bytes(5000),
}
