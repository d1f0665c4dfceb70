"""What a server knows a client by."""

from __future__ import annotations

import secrets

from blendgym.processes import Owner

SECRET_BYTES = 16


class Session:
    """A client's place on a server, which outlasts its connections: whoever lost one comes back under the same secret.

    Attributes:
        secret: Known to this client and its server alone.
    """

    def __init__(self) -> None:
        self._begin()

    def part_from_parent(self) -> None:
        """Makes it another session in a forked child: its parent goes on under the old secret."""
        if not self._owner.is_here():
            self._begin()

    def next_number(self) -> int:
        """The number of the next request. None is used twice, so that no request is carried out twice."""
        self._last_number += 1
        return self._last_number

    def _begin(self) -> None:
        self._owner = Owner()
        self.secret = secrets.token_bytes(SECRET_BYTES)
        self._last_number = 0
