"""The system libraries that Blender links, and the Debian packages that have them.

The bpy wheel needs X and GL client libraries even where no display is. Imports neither bpy nor anything else that
could fail for the lack of them.
"""

from __future__ import annotations

import ctypes

from blendgym.errors import SystemLibraryMissing

IMPORT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libXrender.so.1": "libxrender1",
}
"""What ``import bpy`` needs: library to Debian package."""

EGL_LIBRARY = "libEGL.so.1"
EGL_PACKAGES = ("libegl1", "libegl-mesa0", "libgl1-mesa-dri")
"""What Workbench and EEVEE need without a display, with Mesa's drivers for machines without a GPU."""


def missing_import_packages() -> list[str]:
    """The Debian packages without which Blender cannot start here."""
    return [package for library, package in IMPORT_LIBRARIES.items() if not _loadable(library)]


def missing_egl_packages() -> list[str]:
    """The Debian packages without which Blender cannot draw offscreen here."""
    return [] if _loadable(EGL_LIBRARY) else list(EGL_PACKAGES)


def install_command(packages: list[str]) -> str:
    """The command that installs Debian packages."""
    return f"apt-get install -y {' '.join(packages)}"


def require_import_libraries() -> None:
    """Checks for what ``import bpy`` needs.

    Raises:
        SystemLibraryMissing: If a library cannot be loaded.
    """
    _require(missing_import_packages(), "Blender cannot start")


def require_egl() -> None:
    """Checks for what offscreen drawing needs. Without libEGL, Blender aborts the process at its first frame.

    Raises:
        SystemLibraryMissing: If libEGL cannot be loaded.
    """
    _require(missing_egl_packages(), "Only the engine 'cycles' can render here; raster, workbench and eevee need EGL")


def _require(packages: list[str], consequence: str) -> None:
    if packages:
        raise SystemLibraryMissing(
            f"{consequence}: system libraries are missing. On Debian or Ubuntu, run as root: "
            f"{install_command(packages)}",
            packages=packages,
        )


def _loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
