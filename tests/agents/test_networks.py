"""What an agent makes of images."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import torch

from blendgym.agents.frames import stack_frames
from blendgym.agents.networks import SmallCNN, Standardize

SHAPE = (3, 30, 40)


def random_images(count, seed=0):
    images = torch.full((count, *SHAPE), 0.8)
    images[:, :, 10, 10] = torch.rand(count, 3, generator=torch.Generator().manual_seed(seed))
    return images


def test_what_never_moves_is_not_seen():
    layer = Standardize(SHAPE)
    for seed in range(20):
        layer(random_images(64, seed))
    layer.eval()
    seen = layer(random_images(64, seed=99))
    still = torch.ones(SHAPE, dtype=torch.bool)
    still[:, 10, 10] = False
    assert seen[:, still].abs().max() < 1e-3
    assert 0.9 < seen[:, :, 10, 10].std() < 1.1


def test_it_learns_from_the_first_batches_alone():
    layer = Standardize((1, 2, 2))
    for _ in range(Standardize.BATCHES):
        layer(torch.rand(4, 1, 2, 2))
    mean = layer.mean.clone()
    layer(torch.full((4, 1, 2, 2), 100.0))
    assert torch.equal(layer.mean, mean)


def test_without_training_nothing_is_learnt():
    layer = Standardize((1, 2, 2)).eval()
    layer(torch.rand(4, 1, 2, 2))
    assert layer.batches == 0


def test_channels_of_a_pixel_lie_side_by_side_for_the_convolutions():
    images = torch.rand(4, *SHAPE)
    seen = Standardize(SHAPE).eval()(images)
    assert seen.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(seen, images)


def test_images_that_are_standardized_stay_as_they_are():
    images = torch.rand(4, *SHAPE)
    before = images.clone()
    Standardize(SHAPE)(images)
    assert torch.equal(images, before)


def test_a_network_keeps_what_it_learnt_in_its_state():
    network = SmallCNN(gym.spaces.Box(0, 255, SHAPE, np.uint8))
    network(random_images(8))
    other = SmallCNN(gym.spaces.Box(0, 255, SHAPE, np.uint8))
    other.load_state_dict(network.state_dict())
    network.eval()
    other.eval()
    torch.testing.assert_close(network(random_images(4)), other(random_images(4)))


class Counting(gym.Env):
    """Shows images that hold the number of the step, with the channel in tens."""

    observation_space = gym.spaces.Box(0, 255, (2, 3, 3), np.uint8)
    action_space = gym.spaces.Discrete(1)

    def _image(self):
        return np.broadcast_to(np.arange(3, dtype=np.uint8) * 10 + self.steps, (2, 3, 3)).copy()

    def reset(self, *, seed=None, options=None):
        self.steps = 1
        return self._image(), {}

    def step(self, action):
        self.steps += 1
        return self._image(), 0.0, False, False, {}


def test_frames_become_channels_the_latest_last():
    env = stack_frames(Counting(), 2)
    env.reset()
    env.step(0)
    observation, *_ = env.step(0)
    assert observation.shape == (6, 2, 3)
    assert observation[:, 0, 0].tolist() == [2, 12, 22, 3, 13, 23]
    assert env.observation_space.contains(observation)


def test_no_frames_leave_the_environment_alone():
    env = Counting()
    assert stack_frames(env, 0) is env
