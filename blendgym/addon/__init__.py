"""What Blender's own interface has of blendgym: a panel in the sidebar of the 3D view, and the operators behind it.

``blendgym addon`` packs it as an extension of Blender. All that the buttons do are functions of this package, which
run in the ``bpy`` module as well, without a window.
"""

from __future__ import annotations

import bpy
from bpy.props import StringProperty

from blendgym.addon.acting import ROOM_SETTING
from blendgym.addon.marking_operators import MARKING_OPERATORS
from blendgym.addon.mechanics_operators import MECHANICS_OPERATORS
from blendgym.addon.panels import PANELS
from blendgym.addon.play_operators import PLAY_OPERATORS, stop
from blendgym.addon.room_operators import ROOM_OPERATORS

CLASSES = (*MARKING_OPERATORS, *MECHANICS_OPERATORS, *ROOM_OPERATORS, *PLAY_OPERATORS, *PANELS)


def register() -> None:
    """Makes operators and panels known to Blender."""
    for each in CLASSES:
        bpy.utils.register_class(each)
    room = StringProperty(name="Environment", subtype="DIR_PATH", description="Its folder; empty for a new one")
    setattr(bpy.types.WindowManager, ROOM_SETTING, room)


def unregister() -> None:
    """Ends what is played, and takes them away again."""
    stop()
    delattr(bpy.types.WindowManager, ROOM_SETTING)
    for each in reversed(CLASSES):
        bpy.utils.unregister_class(each)
