"""What tests of the wire share."""

from __future__ import annotations

from collections.abc import Sequence

from blendgym.wire.transport.zmtp_frames import encode_message


def message_bytes(frames: Sequence[bytes]) -> bytes:
    """A message as it goes over the wire, in one piece."""
    return b"".join(encode_message(frames))
