"""Which methods are watched on either side, and what they do in words."""

from __future__ import annotations

from blendgym.benchmarks.anatomy.spans import Method

WAITING, SLEEPING, BETWEEN = "waits awake", "sleeps", "between the layers"
SENDING, RECEIVING = "sends", "receives"

WIRE = (
    Method("blendgym.wire.transport.waiting:SpinWait", "wait", WAITING),
    Method("blendgym.wire.transport.zmtp:Peer", "read", RECEIVING),
    Method("blendgym.wire.transport.zmtp:Peer", "next_message", "unframes"),
    Method("blendgym.wire.transport.zmtp:Peer", "send", SENDING),
    Method("blendgym.wire.codec:Codec", "decode", "decodes"),
    Method("blendgym.wire.codec:Codec", "encode", "encodes"),
)

TRAINER = (
    *WIRE,
    Method("blendgym.wire.transport.unix_sockets:UnixRequester", "_exchange", "the socket's layer"),
    Method("blendgym.client.env:BlendEnv", "step", "BlendEnv.step"),
    Method("blendgym.client.connection.connection:Connection", "send", "asks"),
    Method("blendgym.client.connection.connection:Connection", "receive", "takes the answer"),
    Method("blendgym.client.connection.connection:Connection", "_wait_asleep", SLEEPING),
    Method("blendgym.spaces.array_space:ArraySpace", "validate", "checks"),
)
"""In the trainer's process."""

BLENDER = (
    *WIRE,
    Method("blendgym.wire.transport.unix_sockets:UnixReplier", "_exchange", "the socket's layer"),
    Method("blendgym.wire.transport.unix_sockets:UnixReplier", "receive", SLEEPING),
    Method("blendgym.server.server:Server", "_answer", "answers"),
    Method("blendgym.server.slots:Slots", "step", "steps its slots"),
    Method("blendgym.server.simulation:Simulation", "act", "acts"),
    Method("blendgym.blender.physics.world:World", "advance", "Blender's frame"),
    Method("blendgym.blender.physics.kinematics:Kinematics", "measure", "measures"),
    Method("blendgym.server.simulation:Simulation", "judge", "observes, judges"),
)
"""In Blender's."""

KINDS = {
    "Blender's physics": {"Blender's frame"},
    "task": {"acts", "measures", "observes, judges"},
    "encoding": {"encodes", "decodes"},
    "socket": {RECEIVING, "unframes", SENDING},
    "waiting": {WAITING, SLEEPING},
}
"""What belongs together."""


def kind_of(part: str) -> str:
    """The kind of a part; what has none is between the layers."""
    return next((kind for kind, parts in KINDS.items() if part in parts), BETWEEN)
