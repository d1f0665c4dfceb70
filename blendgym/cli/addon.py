"""``blendgym addon``."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

import blendgym
from blendgym.arguments import OutputFile
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written
from blendgym.version import __version__

PACKAGE = Path(blendgym.__file__).parent
EXTENSION = PACKAGE / "addon" / "extension"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all files, so that the same version is the same archive."""


def addon(output: OutputFile = Path("blendgym_addon.zip")) -> None:
    """Packs blendgym as an extension for Blender 4.2 or later: a panel that marks, checks and plays the open scene.

    Args:
        output: The .zip to make. One that exists is replaced.
    """
    if output.suffix != ".zip":
        raise InvalidOption(f"The extension is packed as a .zip; {str(output)!r} ends otherwise.")
    with atomically_written(output) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Packed {output}. What Blender's own Python lacks is installed once:")
    console.print("  blendgym install-server BLENDER")
    console.print("Then, in Blender: Edit > Preferences > Get Extensions > Install from Disk; or in a terminal:")
    console.print(f"  BLENDER --command extension install-file -r user_default --enable {output}")


def _contents() -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of the archive."""
    manifest = (EXTENSION / "blender_manifest.toml").read_text().replace("VERSION", __version__)
    yield "blender_manifest.toml", manifest.encode()
    yield "__init__.py", (EXTENSION / "__init__.py").read_bytes()
    for file in sorted(PACKAGE.glob("*.py")):
        yield f"modules/blendgym/{file.name}", file.read_bytes()
    for folder in sorted(path for path in PACKAGE.iterdir() if path.is_dir()):
        for file in sorted(folder.rglob("*.py")):
            inside = file.relative_to(PACKAGE)
            if not (inside.parts[0] == "envs" and "tests" in inside.parts):
                yield f"modules/blendgym/{inside.as_posix()}", file.read_bytes()
