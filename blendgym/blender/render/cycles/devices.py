"""Which GPU renders the colours of Cycles, out of those that Blender finds."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from blendgym.errors import DeviceNotFound

INTERFACES = {"OPTIX": "OptiX", "CUDA": "CUDA", "HIP": "HIP", "ONEAPI": "oneAPI", "METAL": "Metal"}
"""How Cycles speaks to GPUs, by Blender's identifiers: the first by which one is found is taken."""

LOG = logging.getLogger(__name__)


class Gpu(NamedTuple):
    """A GPU that Blender has found.

    Args:
        interface: One of ``INTERFACES``.
        name: What its driver calls it.
    """

    interface: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({INTERFACES[self.interface]})"


def chosen(found: Mapping[str, Iterable[str]]) -> Gpu | None:
    """The GPU that is taken: the first of the best interface by which there is one.

    One alone, for two would share each picture anew every time, and one picture would not be like the other.

    Args:
        found: The names of GPUs by interface, in Blender's order. Interfaces that are not known here are left alone.
    """
    return next((Gpu(interface, name) for interface in INTERFACES for name in found.get(interface, ())), None)


def not_found(looked_for: Iterable[str], blender: str) -> DeviceNotFound:
    """The error where there is none.

    Args:
        looked_for: By which interfaces.
        blender: Version of Blender.
    """
    known = set(looked_for)
    names = ", ".join(name for interface, name in INTERFACES.items() if interface in known)
    return DeviceNotFound(
        f"device='gpu' is asked for, and Blender {blender} finds no GPU where it runs; it has looked for "
        f"{names or 'none, for it was built without'}. Install the driver of the GPU there; a container must be given "
        "the GPU, too (docker run --gpus all). `blendgym doctor` names what is found. Or render on the processor, with "
        "device='cpu'."
    )


@cache
def taken_gpu() -> Gpu:
    """The GPU of this Blender, which Cycles renders on from now on wherever it is told to.

    Blender is asked for GPUs here and not before, since that calls drivers.

    Raises:
        DeviceNotFound: If there is none, or Blender does not take it.
    """
    import bpy

    preferences = bpy.context.preferences.addons["cycles"].preferences
    known = [name for name, *_ in preferences.get_device_types(bpy.context)]
    gpu = take(preferences, known)
    if gpu is None:
        raise not_found(known, bpy.app.version_string)
    LOG.info("Cycles renders on %s. Its driver may compile kernels for the first picture, which can take minutes.", gpu)
    return gpu


def take(preferences: Any, interfaces: Iterable[str]) -> Gpu | None:
    """Makes Cycles use one GPU and nothing else, where it is told to use GPUs.

    Args:
        preferences: Those of Cycles.
        interfaces: By which it may find GPUs.

    Returns:
        Which; ``None`` if there is none.

    Raises:
        DeviceNotFound: If Cycles does not take it.
    """
    # Not the entries themselves, which move when Blender finds more of them (4.5).
    list_of = preferences.get_devices_for_type
    found = {
        interface: {entry.id: entry.name for entry in list_of(interface) if entry.type == interface}
        for interface in INTERFACES
        if interface in interfaces
    }
    gpu = chosen({interface: names.values() for interface, names in found.items()})
    if gpu is None:
        return None
    preferences.compute_device_type = gpu.interface
    taken = next(iter(found[gpu.interface]))
    for entry in preferences.devices:
        entry.use = entry.type == gpu.interface and entry.id == taken
    # Without a device in use, Cycles renders on the processor and says nothing (4.5).
    if not preferences.has_active_device():
        raise DeviceNotFound(f"Blender has found {gpu}, but does not use it; render with device='cpu'.")
    return gpu
