"""A machine without the libraries that Blender links is told which Debian packages to install."""

from __future__ import annotations

import ctypes

import pytest

from blendgym.errors import SystemLibraryMissing
from blendgym.server import system_libraries


@pytest.fixture
def lacking(monkeypatch):
    """Makes the loader fail for some libraries, as it does where they are not installed."""

    def lack(*missing):
        load = ctypes.CDLL

        def loader(name):
            if name in missing:
                raise OSError(f"{name}: cannot open shared object file")
            return load(name)

        monkeypatch.setattr(system_libraries.ctypes, "CDLL", loader)

    return lack


def test_here_nothing_is_missing():
    assert system_libraries.missing_import_packages() == []
    assert system_libraries.missing_egl_packages() == []


def test_a_missing_client_library_is_named_by_its_package(lacking):
    lacking("libXi.so.6", "libSM.so.6")
    with pytest.raises(SystemLibraryMissing, match="apt-get install -y libsm6 libxi6$"):
        system_libraries.require_import_libraries()


def test_without_egl_offscreen_drawing_is_refused_before_blender_aborts(lacking):
    lacking("libEGL.so.1")
    with pytest.raises(SystemLibraryMissing, match="apt-get install -y libegl1 libegl-mesa0 libgl1-mesa-dri$"):
        system_libraries.require_egl()
