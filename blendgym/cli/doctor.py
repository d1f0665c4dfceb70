"""``blendgym doctor``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec
import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from blendgym.blender.render.cycles.devices import chosen
from blendgym.blender.system_libraries import install_command, missing_egl_packages, missing_import_packages
from blendgym.client.env import BlendEnv
from blendgym.client.process.blender import Blender, find_blender
from blendgym.errors import BlenderNotFound, BlendgymError
from blendgym.processes import how_it_ended
from blendgym.registry import rooms

PROBE_SCRIPT = Path(__file__).parents[1] / "server" / "probe.py"
SECONDS = {"version": 60.0, "raster": 60.0, "workbench": 60.0, "cycles": 60.0, "gpus": 60.0, "eevee": 180.0}
"""How long each probe may take. EEVEE compiles its shaders for up to 20 s where there is no GPU."""

NEEDED = ("version", "raster")
"""What the environments cannot do without."""

SIZE = 64  # pixels


@dataclass(frozen=True)
class Finding:
    """What one probe found.

    Args:
        probe: Its name.
        works: Whether it succeeded.
        text: What it printed, or why it failed.
    """

    probe: str
    works: bool
    text: str


def doctor(blender: str | None = None, quick: bool = False) -> None:
    """Checks whether Blender runs here, and renders an image with each engine. Ends with 1 if something is missing.

    Args:
        blender: A Blender executable or a Python with bpy, instead of the default.
        quick: Tries only what the environments cannot do without.
    """
    console = Console(soft_wrap=True)
    without_these_no_start = missing_import_packages()
    packages = without_these_no_start + missing_egl_packages()
    if packages:
        console.print("[red]Missing system libraries.[/] On Debian or Ubuntu, run as root:")
        console.print(f"  {install_command(packages)}")
    try:
        found = find_blender(blender)
    except BlenderNotFound as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)
    if without_these_no_start:
        sys.exit(1)
    table = Table("", "", found.program, box=None)
    findings = []
    with console.status("") as status:
        for probe in NEEDED if quick else SECONDS:
            status.update(f"Probing {probe} …")
            finding = _episode(blender) if probe == "raster" else _probe(found, probe, SECONDS[probe])
            if probe == "gpus" and finding.works:
                finding = told_gpus(finding)
            findings.append(finding)
            table.add_row("[green]✓[/]" if finding.works else "[red]✗[/]", probe, escape(finding.text))
    console.print(table)
    if remark := remark_on_numpy(np.__version__, _requirements_of_bpy()):
        console.print(remark, markup=False)
    if packages or not all(finding.works for finding in findings if finding.probe in NEEDED):
        sys.exit(1)


def remark_on_numpy(version: str, requirements: list[str]) -> str | None:
    """What is to be said of a NumPy that bpy does not ask for.

    Args:
        version: NumPy's.
        requirements: What bpy requires, as its metadata has them.
    """
    if version.startswith("1.") or not any(each.startswith("numpy") and "<2" in each for each in requirements):
        return None
    return (
        f"NumPy {version} is newer than this bpy asks for. Environments work; Blender has no sound. Python 3.13, or "
        "Blender in an environment of its own, is the cleaner way: docs/installation.md."
    )


def told_gpus(listed: Finding) -> Finding:
    """What is said of the GPUs that a Blender lists: which one renders where ``device="gpu"`` asks for it.

    Args:
        listed: Names by interface, as JSON.
    """
    gpu = chosen(msgspec.json.decode(listed.text, type=dict[str, list[str]]))
    return Finding("gpus", True, f"{gpu}, for cycles with device='gpu'" if gpu else "none; cycles renders on the CPU")


def _requirements_of_bpy() -> list[str]:
    try:
        return metadata.requires("bpy") or []
    except metadata.PackageNotFoundError:
        return []


def _episode(blender: str | None) -> Finding:
    """Tries what everybody uses: an environment on a server of its own, with images of our own rasteriser."""
    (room, *_) = rooms().values()
    env = BlendEnv(
        room.entry_point, blender=blender, obs_type="rgb", engine="raster", width=SIZE, height=SIZE,
        deadlines={"start": SECONDS["raster"]},
    )  # fmt: skip
    try:
        env.reset(seed=0)
        start = time.monotonic()
        image, *_ = env.step(env.action_space.sample())
        seconds = time.monotonic() - start
    except BlendgymError as error:
        return Finding("raster", False, f"{type(error).__name__}: {error}")
    finally:
        env.close()
    if image.max() == image.min():
        return Finding("raster", False, "the image is of one colour")
    return Finding("raster", True, f"{SIZE}×{SIZE} image in {1000 * seconds:.0f} ms, with a step of an environment")


def _probe(blender: Blender, probe: str, limit: float) -> Finding:
    """Runs a probe in a Blender of its own: what fails there may abort or hang the whole process."""
    with tempfile.TemporaryDirectory(prefix="blendgym-doctor-") as name:
        result = Path(name) / "result"
        command = blender.script_command(PROBE_SCRIPT, [probe, str(result)])
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=limit,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "TMPDIR": name},
            )
        except subprocess.TimeoutExpired:
            return Finding(probe, False, f"no answer within {limit:g} s")
        # Blender may crash while it ends, so what counts is the result that it left.
        if result.exists():
            return Finding(probe, True, result.read_text())
        last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
        return Finding(probe, False, f"{how_it_ended(done.returncode)}: {' '.join(last)}")
