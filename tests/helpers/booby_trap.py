"""A cart-pole that saves itself with code that runs when the file is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks import SavingCartpole

if TYPE_CHECKING:
    from blendgym.blender.physics.world import World

TRAPS = {"text", "handler", "driver"}

REGISTERED = """
open({markers!r} + "/text", "w").close()
"""

HANDLER = """
import bpy

@bpy.app.handlers.persistent
def act(*arguments):
    open({markers!r} + "/handler", "w").close()

bpy.app.handlers.frame_change_post.append(act)
"""

DRIVER = "open({markers!r} + '/driver', 'w').close() or 0.0"


class TrapMaker(SavingCartpole):
    """Sets the traps.

    Args:
        blend: The file.
        markers: Folder in which everything that runs leaves a file, called as in ``TRAPS``.
    """

    def __init__(self, blend: str, markers: str) -> None:
        super().__init__(blend)
        self._markers = markers

    def bind(self, world: World) -> None:
        import bpy

        for name, code in (("registered.py", REGISTERED), ("handler.py", HANDLER)):
            text = bpy.data.texts.new(name)
            text.write(code.format(markers=self._markers))
            text.use_module = True
        driver = world.scene.objects["Ground"].driver_add("location", 1).driver
        driver.type, driver.expression = "SCRIPTED", DRIVER.format(markers=self._markers)
        super().bind(world)
