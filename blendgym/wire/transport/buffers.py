"""What goes over the wire and comes from it."""

from __future__ import annotations

Buffer = bytes | bytearray | memoryview
"""The bytes of a frame, wherever they lie. A ``bytearray`` that was received is the receiver's own."""
