"""Colours by a GPU: which one is taken, and what is said where there is none."""

from __future__ import annotations

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from command_line import blendgym
from hypothesis import given
from hypothesis import strategies as st
from places import CARTPOLE

from blendgym.blender.render.cycles.devices import INTERFACES, Gpu, chosen, not_found, take
from blendgym.cli.doctor import Finding, told_gpus
from blendgym.client.connection.connection import seconds_for
from blendgym.client.env import BlendEnv
from blendgym.client.process.deadlines import KERNEL_SECONDS
from blendgym.client.process.launcher import ServerProcess
from blendgym.data.streams.stream import Stream
from blendgym.errors import DeviceNotFound, RenderError, SampleFailed
from blendgym.images.views import View, make_view
from blendgym.wire import messages

ON_GPU = {"engine": "cycles", "device": "gpu"}
SMALL = {"width": 32, "height": 24}
PASSES = ("rgb_linear", "depth", "normals", "segmentation")


@pytest.fixture
def no_gpu(monkeypatch):
    """Drivers hide their GPUs from the Blenders of a test."""
    for name in ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"):
        monkeypatch.setenv(name, "-1")
    monkeypatch.setenv("ONEAPI_DEVICE_SELECTOR", "opencl:cpu")


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        ({}, None),
        ({"CUDA": [], "OPTIX": [], "HIP": []}, None),
        ({"CUDA": ["A"], "OPTIX": ["A"]}, "A (OptiX)"),
        ({"CUDA": ["Too old for OptiX"], "OPTIX": []}, "Too old for OptiX (CUDA)"),
        ({"OPTIX": ["A", "B"]}, "A (OptiX)"),
        ({"ONEAPI": ["Arc"], "HIP": ["Radeon"]}, "Radeon (HIP)"),
        ({"METAL": ["M3"]}, "M3 (Metal)"),
        ({"OPENCL": ["Of an old Blender"]}, None),
    ],
)
def test_one_gpu_is_taken_by_the_best_interface_that_finds_one(found, taken):
    gpu = chosen(found)
    assert (gpu and str(gpu)) == taken


@given(st.dictionaries(st.sampled_from([*INTERFACES, "CPU", "NONE"]), st.lists(st.text(min_size=1), max_size=3)))
def test_whatever_is_taken_was_found_and_nothing_better_was(found):
    gpu = chosen(found)
    usable = [interface for interface in INTERFACES if found.get(interface)]
    assert (gpu is None) == (not usable)
    if gpu:
        assert gpu == Gpu(usable[0], found[usable[0]][0])


class Preferences:
    """Those of Cycles on a machine with GPUs, which Blender lists together with its processor."""

    def __init__(self, *gpus):
        entries = [("CPU", "Processor"), *gpus]
        self.devices = [
            SimpleNamespace(type=kind, name=name, id=f"{kind}_{number}", use=kind != "CPU")
            for number, (kind, name) in enumerate(entries)
        ]
        self.compute_device_type = "NONE"

    def get_devices_for_type(self, kind):
        own = [each for each in self.devices if each.type == kind]
        return own and [*own, self.devices[0]]

    def has_active_device(self):
        return any(each.use and each.type == self.compute_device_type for each in self.devices)


def test_the_one_that_is_taken_renders_alone():
    preferences = Preferences(("CUDA", "A"), ("OPTIX", "A"), ("OPTIX", "A"), ("HIP", "B"))
    preferences.devices[0].use = True
    assert take(preferences, ["NONE", "CUDA", "OPTIX", "HIP"]) == Gpu("OPTIX", "A")
    assert preferences.compute_device_type == "OPTIX"
    assert [each.id for each in preferences.devices if each.use] == ["OPTIX_2"]


def test_an_interface_that_blender_was_built_without_is_not_asked():
    assert take(Preferences(("OPTIX", "A"), ("CUDA", "A")), ["NONE", "CUDA"]) == Gpu("CUDA", "A")


def test_a_gpu_that_blender_lists_and_does_not_use_is_an_error():
    preferences = Preferences(("HIP", "Old"))
    preferences.has_active_device = lambda: False
    with pytest.raises(DeviceNotFound, match=r"found Old \(HIP\), but does not use it"):
        take(preferences, ["HIP"])


def test_the_error_says_what_was_looked_for_and_what_to_do():
    said = str(not_found(["NONE", "HIP", "OPTIX"], "4.5.15"))
    assert "Blender 4.5.15 finds no GPU where it runs; it has looked for OptiX, HIP. Install the driver" in said
    assert "device='cpu'" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"device": "gpu"}, "Engine 'raster' has no device; that needs cycles"),
        ({"engine": "eevee", "device": "gpu"}, "Engine 'eevee' has no device"),
        ({"engine": "workbench", "device": "gpu"}, "Engine 'workbench' has no device"),
        ({"engine": "cycles", "device": "cuda"}, "no device 'cuda'; there are cpu, gpu"),
        ({"views": {"a": {"engine": "raster", "device": "gpu"}}, "obs_type": "rgb"}, "'raster' has no device"),
    ],
)
def test_a_device_that_would_have_no_effect_is_refused_at_once(make_env, arguments, message):
    with pytest.raises(RenderError, match=message):
        make_env(**arguments)


def test_the_device_of_an_environment_is_that_of_its_views_in_cycles_alone(make_env):
    views = {"own": {}, "other": {"engine": "raster"}, "told": {"device": "cpu"}}
    env = make_env(**ON_GPU, obs_type="rgb", views=views)
    devices = {view.name: view.device for view in env._settings.observations.views}
    assert devices == {"own": "gpu", "other": "cpu", "told": "cpu"}
    assert env._settings.shown.device == "gpu"
    assert env._settings.view(engine="workbench").device == "cpu"
    assert env._settings.view().device == "gpu"


def test_environments_find_no_gpu_when_their_blender_answers(make_env, no_gpu):
    with pytest.raises(DeviceNotFound, match="looked for .*CUDA"):
        make_env(**ON_GPU, obs_type="rgb").reset()
    shows = make_env(**ON_GPU, render_mode="rgb_array")
    with pytest.raises(DeviceNotFound):
        shows.reset()


def test_vectors_of_environments_find_none(no_gpu):
    envs = gym.make_vec("BlendCartpole-v0", num_envs=2, **ON_GPU, obs_type="rgb", **SMALL)
    with pytest.raises(DeviceNotFound):
        envs.reset()
    envs.close()


def test_streams_find_none_and_make_no_sample(no_gpu):
    with (
        Stream(CARTPOLE, count=2, **ON_GPU, **SMALL) as stream,
        pytest.raises((DeviceNotFound, SampleFailed), match="finds no GPU"),
    ):
        next(iter(stream))


def test_the_command_line_says_so_too(no_gpu, tmp_path):
    done = blendgym("render", "--engine", "cycles", "--device", "gpu", "-o", tmp_path / "out", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("DeviceNotFound: device='gpu' is asked for")
    assert not (tmp_path / "out").exists()


def test_a_picture_that_finds_no_gpu_leaves_the_episode_as_it_was(make_env, no_gpu):
    env = make_env()
    env.reset(seed=0)
    with pytest.raises(DeviceNotFound):
        env.capture(**ON_GPU, **SMALL)
    assert env.capture(engine="cycles", **SMALL).images["rgb"].std() > 0
    env.step(np.zeros(1, np.float32))


def test_what_a_driver_cannot_do_is_told(make_env):
    env = make_env("faulty_tasks:BrokenDriver")
    env.reset(seed=0)
    with pytest.raises(RenderError, match="Cycles gave no image: Error: Failed to load kernels"):
        env.capture(engine="cycles", **SMALL)
    assert env.capture(engine="raster", **SMALL).images["rgb"].std() > 0


def test_a_server_for_whoever_comes_outlives_a_client_that_wants_a_gpu(no_gpu):
    server = ServerProcess(CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=60.0)
    try:
        refused = BlendEnv(CARTPOLE, address=server.endpoint, **ON_GPU, obs_type="rgb")
        with pytest.raises(DeviceNotFound):
            refused.reset()
        refused.close()
        content = BlendEnv(CARTPOLE, address=server.endpoint, engine="cycles", obs_type="rgb", **SMALL)
        assert content.reset(seed=0)[0].std() > 0
        assert content.welcome.gpu == ""
        content.close()
    finally:
        server.stop()


def test_the_first_picture_on_a_gpu_may_take_as_long_as_kernels_take():
    view = View(camera="Camera", **SMALL)
    on_gpu = make_view(camera="Camera", **ON_GPU, **SMALL)
    hello = {"protocol": messages.PROTOCOL_VERSION, "package": "", "token": "", "sequence": 1, "session": b""}
    for request in (messages.Hello(**hello, observe=(view, on_gpu)), messages.Hello(**hello, warm_up=(on_gpu,))):
        assert seconds_for(request, 100.0, has_kernels=False) == 100.0 + KERNEL_SECONDS
        assert seconds_for(request, 100.0, has_kernels=True) == 100.0
    assert seconds_for(messages.Hello(**hello, observe=(view,)), 100.0, has_kernels=False) == 100.0
    of_render = [messages.Render(views=(each,), sequence=1, session=b"") for each in (view, on_gpu)]
    assert [seconds_for(each, 5.0, has_kernels=False) for each in of_render] == [5.0, 5.0 + KERNEL_SECONDS]


def test_the_doctor_names_the_gpu_that_would_render():
    listed = Finding("gpus", True, '{"CUDA": ["A"], "OPTIX": ["A"], "HIP": []}')
    assert told_gpus(listed) == Finding("gpus", True, "A (OptiX), for cycles with device='gpu'")
    none = told_gpus(Finding("gpus", True, '{"CUDA": []}'))
    assert none == Finding("gpus", True, "none; cycles renders on the CPU")


def test_a_gpu_gives_the_colours_of_the_processor_and_its_very_annotations(make_env):
    env, other = make_env(**ON_GPU, render_mode="rgb_array"), make_env(engine="cycles")
    try:
        env.reset(seed=0)
    except DeviceNotFound as error:
        pytest.skip(str(error))
    assert env.welcome.gpu
    other.reset(seed=0)
    ours, theirs = (each.capture(passes=PASSES, samples=64, **SMALL).images for each in (env, other))
    assert np.abs(ours["rgb_linear"] - theirs["rgb_linear"]).mean() < 0.01
    for name in PASSES[1:]:
        np.testing.assert_array_equal(ours[name], theirs[name])
