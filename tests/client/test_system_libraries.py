"""A machine without the libraries that Blender links is told which Debian packages to install."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

from blendgym.blender import system_libraries
from blendgym.errors import RenderError, SystemLibraryMissing


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


@pytest.fixture
def no_egl(monkeypatch, tmp_path):
    """Puts a file that is no library before the real libEGL, for every process that is launched."""
    (tmp_path / "libEGL.so.1").write_bytes(b"no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))


@pytest.mark.parametrize("engine", ["raster", "workbench", "eevee"])
def test_without_egl_an_engine_that_draws_names_the_one_that_does_not(no_egl, make_env, engine):
    env = make_env(obs_type="rgb", engine=engine)
    with pytest.raises(SystemLibraryMissing, match="Only the engine 'cycles' can render here.*apt-get install"):
        env.reset()


def test_without_egl_the_state_and_cycles_still_work_and_a_refused_picture_changes_nothing(no_egl, make_env):
    env = make_env()
    env.reset(seed=0)
    with pytest.raises(SystemLibraryMissing):
        env.capture(engine="raster")
    env.step(np.zeros(1, np.float32))
    picture = env.capture(engine="cycles", passes=("rgb", "segmentation"), width=32, height=24)
    assert picture.images["rgb"].std() > 10
    assert {entry.name for entry in picture.objects} == {"Cart", "Ground", "Pole", "Rail"}


def test_without_egl_instances_cannot_be_told_apart(no_egl, make_env):
    env = make_env("sights.tasks:Seen", render_mode="rgb_array", engine="cycles", render_width=32, render_height=24)
    env.reset(seed=0)
    assert env.render().std() > 0
    with pytest.raises(RenderError, match="is an instance, which has no id of its own without a graphics stack"):
        env.capture(engine="cycles", passes=("segmentation",))
    assert len(np.unique(env.capture(engine="cycles", passes=("depth",), width=32, height=24).images["depth"])) > 10
