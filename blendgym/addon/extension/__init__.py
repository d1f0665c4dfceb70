"""What Blender loads as an extension: it finds blendgym and its packages, or says how to get them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import bpy

MODULES = Path(__file__).parent / "modules"
"""In which the extension brings blendgym itself."""

NEEDED = ("msgspec", "zmq", "zstandard")


class LackingSection(bpy.types.Panel):
    """What is missing."""

    bl_idname = "BLENDGYM_PT_lacking"
    bl_label = "blendgym Needs Packages"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "blendgym"

    def draw(self, context: bpy.types.Context) -> None:  # noqa: ARG002 (Blender's signature)
        """Draws it."""
        lines = (
            f"Missing: {', '.join(lacking())}.",
            "In a terminal:",
            "blendgym install-server \\",
            bpy.app.binary_path,
        )
        for line in (*lines, "Then start Blender anew."):
            self.layout.label(text=line)


def register() -> None:
    """Makes the panel known to Blender."""
    _find_modules()
    if lacking():
        bpy.utils.register_class(LackingSection)
        return
    from blendgym import addon

    addon.register()


def unregister() -> None:
    """Takes it away again."""
    if LackingSection.is_registered:
        bpy.utils.unregister_class(LackingSection)
        return
    from blendgym import addon

    addon.unregister()


def lacking() -> list[str]:
    """The packages that are not there."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def _find_modules() -> None:
    """Adds blendgym and what ``blendgym install-server`` has installed; Blender's own modules come first."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "blendgym"]:
        del sys.modules[name]  # Those of an older version that has been replaced.
    _append(MODULES)
    from blendgym.client.process.packages_folder import packages_folder

    _append(packages_folder() / "python{}.{}".format(*sys.version_info))


def _append(folder: Path) -> None:
    if folder.is_dir() and str(folder) not in sys.path:
        sys.path.append(str(folder))
