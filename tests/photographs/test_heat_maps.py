"""Heat maps show where that is by which a network reads a digit."""

from __future__ import annotations

import numpy as np
import pytest

from blendgym.photographs.digits.heat_maps import grad_cam, occlusion
from blendgym.photographs.digits.network import make_network

DIGIT = 3
FULL = np.ones((8, 8), np.float32)


@pytest.fixture(scope="module")
def weights():
    """Of a network that reads a 3 if there is ink in the first 2 × 2 blocks, and knows of nothing else."""
    arrays = {name: np.zeros(tensor.shape, np.float32) for name, tensor in make_network().state_dict().items()}
    arrays["0.weight"][0, 0, 1, 1] = arrays["2.weight"][0, 0, 1, 1] = 1.0
    arrays["7.weight"][0, 0] = 1.0
    arrays["9.weight"][DIGIT, 0] = 5.0
    return arrays


def test_a_digit_is_not_read_without_what_it_is_read_by(weights):
    fall = occlusion(weights, FULL, DIGIT)
    assert np.argwhere(fall > 0.5).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert np.count_nonzero(fall) == 4
    assert (occlusion(weights, FULL, 5) <= 0.0).all(), "without it, others become more probable"


def test_grad_cam_shows_features_that_speak_for_a_digit(weights):
    bitmap = np.zeros((8, 8), np.float32)
    bitmap[0, 1], bitmap[6, 6] = 1.0, 0.5
    assert grad_cam(weights, bitmap, DIGIT) == pytest.approx(bitmap)
    assert not grad_cam(weights, bitmap, 5).any()
    assert not grad_cam(weights, np.zeros((8, 8), np.float32), DIGIT).any()
