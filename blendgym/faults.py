"""What is wrong with something, all of it at once: whoever mends one fault after the other begins again after each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from blendgym.errors import BlendgymError


class Faults:
    """Collects faults, each a sentence with its cure, and raises them as one error.

    Args:
        subject: What they are faults of, with its name: it begins the message.
        kind: The class of the error.
    """

    def __init__(self, subject: str, kind: type[BlendgymError]) -> None:
        self._subject, self._kind = subject, kind
        self._found: dict[str, None] = {}

    def add(self, fault: str) -> None:
        """Notes a fault, unless it is known already."""
        self._found[fault] = None

    @property
    def found(self) -> tuple[str, ...]:
        """Those that have been noted."""
        return tuple(self._found)

    @contextlib.contextmanager
    def collected(self) -> Iterator[None]:
        """Notes what an error of the same class says that is raised inside, and goes on behind it."""
        try:
            yield
        except self._kind as error:
            for fault in error.details.get("faults", [str(error)]):
                self.add(fault)

    def report(self) -> None:
        """Raises what has been found, if anything has.

        Raises:
            BlendgymError: Of the class of these faults; a single one is raised as it is. Several are in its
                ``details``, too, as ``faults``.
        """
        if not self._found:
            return
        if len(self._found) == 1:
            raise self._kind(*self._found)
        faults = "".join(f"\n  - {fault}" for fault in self._found)
        raise self._kind(f"{self._subject} has {len(self._found)} faults:{faults}", faults=list(self._found))
