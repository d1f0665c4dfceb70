"""Long use leaves memory, files and processes as they were."""

from __future__ import annotations

import gc

import gymnasium as gym
import numpy as np
import psutil
import pytest

from blendgym.images.engines import ENGINES

STEPS = 20_000
WARM_UP = 4_000
MEMORY_LIMIT = 5 << 20  # bytes


def run(env, steps):
    action = np.zeros(1, np.float32)
    env.reset()
    for _ in range(steps):
        _, _, terminated, truncated, _ = env.step(action)
        if terminated or truncated:
            env.reset()


def test_twenty_thousand_steps_with_resets_leave_memory_and_descriptors_flat(temporary):
    env = gym.make("BlendCartpole-v0")
    env.reset(seed=0)
    trainer, server = psutil.Process(), psutil.Process(env.unwrapped.server_pid)
    run(env, WARM_UP)
    memory = [process.memory_info().rss for process in (trainer, server)]
    descriptors = [process.num_fds() for process in (trainer, server)]
    files_while_running = set(temporary.iterdir())
    run(env, STEPS)
    grown = [process.memory_info().rss - before for process, before in zip((trainer, server), memory, strict=True)]
    assert max(grown) < MEMORY_LIMIT, f"trainer and server have grown by {grown} bytes"
    assert [process.num_fds() for process in (trainer, server)] == descriptors
    assert set(temporary.iterdir()) == files_while_running
    env.close()
    assert not server.is_running()
    assert not list(temporary.iterdir())


def grown_by_frames(engine, frames):
    """Bytes by which trainer and server have grown over some frames."""
    env = gym.make("BlendCartpole-v0", obs_type="rgb_depth_segmentation", engine=engine)
    env.reset(seed=0)
    processes = [psutil.Process(), psutil.Process(env.unwrapped.server_pid)]
    run(env, frames // 5)
    memory = [process.memory_info().rss for process in processes]
    run(env, frames)
    grown = [process.memory_info().rss - before for process, before in zip(processes, memory, strict=True)]
    env.close()
    return max(grown)


def test_two_thousand_frames_leave_memory_flat():
    assert grown_by_frames("raster", 2_000) < MEMORY_LIMIT


@pytest.mark.endurance
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("engine", ENGINES)
def test_ten_thousand_frames_leave_memory_flat(engine):
    assert grown_by_frames(engine, 10_000) < MEMORY_LIMIT


def test_making_and_closing_environments_leaves_nothing_behind(make_env, temporary):
    process = psutil.Process()
    make_env().reset()  # Whatever is imported or opened once.
    baseline = None
    for _ in range(3):
        env = make_env()
        env.reset()
        env.close()
        now = (process.num_fds(), process.num_threads(), len(process.children()))
        baseline = baseline or now
        assert now == baseline
    assert len(list(temporary.iterdir())) == 1, "only that of the one that is still open"


def test_an_environment_that_is_dropped_takes_its_blender_with_it(make_env):
    from blendgym.client.env import BlendEnv

    env = BlendEnv("blendgym.envs.cartpole.task:Cartpole")
    env.reset()
    pid = env.server_pid
    del env
    assert not psutil.pid_exists(pid)


def test_many_environments_that_are_dropped_take_their_blenders_with_them():
    envs = gym.make_vec("BlendCartpole-v0", 2, "vector_entry_point", num_servers=2)
    envs.reset()
    pids = [slot.server_pid for slot in envs.unwrapped.slots]
    del envs
    gc.collect()
    assert not any(map(psutil.pid_exists, pids))
