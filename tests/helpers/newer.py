"""Files as a newer Blender saves them."""

from __future__ import annotations

import re


def of_newer_blender(saved: bytes) -> bytes:
    """What a file would be if Blender 5.99 had saved it: three digits of its header, or four from Blender 5.0 on."""
    return re.sub(rb"^(BLENDER[^v]*v)(0?)\d{3}", rb"\g<1>\g<2>599", saved, count=1)
