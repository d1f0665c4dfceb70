"""What transforms draw at random depends on the sample, and on nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from recorded import simple_sample

from blendgym.data.delivery.making import make_batch, transformed
from blendgym.errors import TransformError


def drawn(sample=None):
    return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002, S311 (what transforms use)


def test_the_global_generators_are_seeded_by_the_sample():
    first = transformed(simple_sample(1), drawn)
    drawn()
    assert transformed(simple_sample(1), drawn) == first
    assert not set(transformed(simple_sample(2), drawn)) & set(first)


def test_the_trainer_draws_as_if_nothing_had_been_transformed():
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    expected = drawn()
    random.setstate(states[0]), np.random.set_state(states[1]), torch.set_rng_state(states[2])  # noqa: NPY002
    transformed(simple_sample(1), drawn)
    assert drawn() == expected


def test_an_error_names_the_sample_and_the_line():
    def broken(sample):
        return 1 / (sample.index - 2)

    with pytest.raises(TransformError, match=r"sample 2 \(seed 1002\) raised ZeroDivisionError") as caught:
        make_batch([simple_sample(index) for index in range(4)], broken, list)
    assert "return 1 / (sample.index - 2)" in str(caught.value)
    assert caught.value.details == {"indices": [0, 1, 2, 3]}
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_an_error_of_the_collation_names_its_samples():
    with pytest.raises(TransformError, match="collation of the samples 5, 6 raised"):
        make_batch([simple_sample(5), simple_sample(6)], drawn, torch.stack)
