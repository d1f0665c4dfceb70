"""Blender's extension is packed by a command, brings blendgym along, and says what it lacks."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tomllib
import zipfile

import pytest
from blender_session import BlenderSession
from command_line import blendgym
from executables import executable, imitate_executable, needs_executable

from blendgym.version import __version__

LOAD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("extension", folder + "/__init__.py")
extension = importlib.util.module_from_spec(spec)
spec.loader.exec_module(extension)
extension.register()
"""

COME_AND_GO = """
def seen():
    return [hasattr(bpy.types, name) for name in ("BLENDGYM_PT_parameters", "BLENDGYM_OT_mark_parameter")]
import blendgym
there, file = seen(), blendgym.__file__
for _ in range(2):
    extension.unregister()
    extension.register()
extension.unregister()
answer = there, file, seen()
"""

SAY_WHAT_IS_LACKING = """
import os
print(extension.lacking(), extension.LackingSection.is_registered)
extension.unregister()
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    archive = tmp_path_factory.mktemp("packed") / "addon.zip"
    blendgym("addon", "-o", archive)
    return archive


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder


def test_the_archive_is_an_extension_of_this_version(packed):
    with zipfile.ZipFile(packed) as archive:
        manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
        names = archive.namelist()
    assert (manifest["id"], manifest["version"], manifest["type"]) == ("blendgym", __version__, "add-on")
    assert manifest["blender_version_min"] == "4.2.0"
    assert {"__init__.py", "modules/blendgym/addon/panels.py", "modules/blendgym/envs/cartpole/task.py"} <= set(names)
    assert not any("test" in name.rpartition("/")[0].split("/") for name in names)


def test_the_same_version_is_the_same_archive(packed, tmp_path):
    blendgym("addon", "-o", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_an_archive_that_is_no_zip_is_refused(tmp_path):
    done = blendgym("addon", "-o", tmp_path / "addon.tar", check=False)
    assert "packed as a .zip" in done.stderr
    assert not (tmp_path / "addon.tar").exists()


def test_it_brings_blendgym_along_and_comes_and_goes(unpacked):
    with contextlib.closing(BlenderSession(is_bare=True)) as session:
        there, file, gone = session.run(LOAD + COME_AND_GO, folder=str(unpacked))
    assert there == [True, True]
    assert file.startswith(str(unpacked))
    assert gone == [False, False]


def test_without_its_packages_the_panel_says_how_to_install_them(unpacked, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"folder = {str(unpacked)!r}\n{LOAD}{SAY_WHAT_IS_LACKING}")
    program = imitate_executable(tmp_path / "bare", sys.executable)
    done = subprocess.run([program, "--python", script], capture_output=True, text=True, check=True)
    assert "['msgspec', 'zmq', 'zstandard'] True" in done.stdout


@needs_executable
def test_a_blender_installs_it(packed, tmp_path, monkeypatch):
    monkeypatch.setenv("BLENDER_USER_RESOURCES", str(tmp_path))
    command = [executable(), "--command", "extension", "install-file", "-r", "user_default", "--enable", str(packed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.stdout < "4.2":
        pytest.skip("NOT TESTED: this Blender has no extensions; 4.2 has.")
    assert 'Installed "blendgym"' in done.stdout
