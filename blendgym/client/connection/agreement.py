"""Whether client and server speak the same protocol, and mean the same task."""

from __future__ import annotations

import warnings
from typing import Any

from blendgym.errors import InvalidOption, ProtocolMismatch
from blendgym.task import Task
from blendgym.version import __version__
from blendgym.wire.messages import PROTOCOL_VERSION, Welcome


def check_protocol(welcome: Welcome) -> None:
    """Compares the server's version of the protocol with the client's; warns if only the minor ones differ.

    Raises:
        ProtocolMismatch: If the major ones differ.
    """
    ours, theirs = PROTOCOL_VERSION, welcome.protocol
    said = f"The server (blendgym {welcome.package}) speaks protocol {theirs}, the client ({__version__}) {ours}"
    if ours[0] != theirs[0]:
        raise ProtocolMismatch(f"{said}; install the same version on both sides.")
    if ours[1] != theirs[1]:
        warnings.warn(f"{said}; what only the newer one knows will not work.", stacklevel=2)


def check_agreement(task_name: str, task: Task, slots: int, welcome: Welcome) -> None:
    """Compares what the server says of its task with the client's own.

    Args:
        task_name: As ``module:Class``.
        task: The client's.
        slots: How many it needs.
        welcome: What the server says.

    Raises:
        InvalidOption: If the server has not enough slots.
        ProtocolMismatch: If they differ. The message has the first difference, with both values.
    """
    if welcome.slots < slots:
        raise InvalidOption(
            f"The server has {welcome.slots} slots, and {slots} environments are to be there; serve it with --slots "
            f"{slots}, or ask for fewer environments."
        )
    ours: dict[str, Any] = {
        "task": task_name,
        "control_rate": task.control_rate,
        "action_space": task.action_space,
        "observation_space": task.observation_space,
        **{f"parameter {name}": parameter.spec for name, parameter in task.parameters.items()},
    }
    theirs: dict[str, Any] = {
        "task": welcome.task,
        "control_rate": welcome.control_rate,
        "action_space": welcome.action_space,
        "observation_space": welcome.observation_space,
        **{f"parameter {spec.name}": spec for spec in welcome.parameters},
    }
    for field in ours | theirs:
        if ours.get(field) != theirs.get(field):
            raise ProtocolMismatch(
                f"Client and server disagree about {field}: here it is {ours.get(field)}, on the server "
                f"{theirs.get(field)}. Give both the same task, options and version of blendgym."
            )
