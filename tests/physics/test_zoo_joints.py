"""What hangs on joints and springs, and is pushed by motors, moves by closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from zoo.scenes import chain, lever, spring, weld
from zoo_episodes import GRAVITY, angles_about, period_of, watch


def test_a_chain_of_hinges_keeps_its_energy_within_half_a_percent_of_its_swing(zoo):
    seen, mass = watch(zoo("Chain"), 500), chain.MASS
    inertia = mass * (chain.WIDTH**2 + chain.LENGTH**2) / 12
    potential = (mass * GRAVITY * seen.position[:, :, 2]).sum(axis=1)
    moving = (mass * (seen.velocity**2).sum(axis=-1) + inertia * seen.spin[:, :, 1] ** 2).sum(axis=1) / 2
    hanging = -mass * GRAVITY * chain.LENGTH * sum(number + 0.5 for number in range(chain.LINKS))
    energy = potential + moving
    np.testing.assert_allclose(energy, energy[0], rtol=0, atol=5e-3 * (energy[0] - hanging))


def test_links_of_a_chain_stay_together_within_a_tenth_of_a_millimetre(zoo):
    seen = watch(zoo("Chain"), 500)
    angle = angles_about(1, seen.orientation.transpose(1, 0, 2)).T
    half = chain.LENGTH / 2 * np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1)
    np.testing.assert_allclose(seen.position[:, 0] + half[:, 0], 0.0, atol=1e-4)
    np.testing.assert_allclose(
        seen.position[:, 1:] + half[:, 1:], seen.position[:, :-1] - half[:, :-1], rtol=0, atol=1e-4
    )


@pytest.mark.parametrize("mass", [0.5, 1.5, 3.0])
def test_a_bob_that_is_welded_to_an_arm_swings_with_the_period_of_both(zoo, mass):
    angle = angles_about(1, watch(zoo("Weld"), 250, {"bob.mass": mass}).of(0).orientation)
    (width, _, length), (arm, _) = weld.ARM, weld.MASSES
    inertia = arm * (width**2 + length**2) / 12 + arm * length**2 / 4 + mass * (length**2 + 0.4 * weld.BOB**2)
    lever_arm = arm * length / 2 + mass * length
    small = math.tau * math.sqrt(inertia / (lever_arm * GRAVITY))
    assert period_of(angle, 1 / 50) == pytest.approx(small * (1 + np.abs(angle).max() ** 2 / 16), rel=5e-4)


@pytest.mark.parametrize(("stiffness", "drag"), [(50.0, 0.0), (200.0, 0.0), (50.0, 0.6), (10.0, 0.9)])
def test_a_load_swings_on_a_spring_under_gravity_with_its_period_and_damping(zoo, stiffness, drag):
    seen, time = watch(zoo("Swing"), 300, {"stiffness": stiffness, "drag": drag}).of(0), np.arange(301) / 100
    decay = -math.log1p(-drag) / 2
    pulsation = math.sqrt(stiffness / spring.MASS - decay**2)
    middle = -spring.MASS * GRAVITY / stiffness
    stretch = seen.position[0, 2] - middle
    swing = np.exp(-decay * time) * (np.cos(pulsation * time) + decay / pulsation * np.sin(pulsation * time))
    np.testing.assert_allclose(seen.position[:, 2], middle + stretch * swing, rtol=0, atol=6e-3 * stretch)
    np.testing.assert_allclose(seen.position[:, :2], 0.0, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_a_motor_off_the_axis_turns_a_lever_with_its_force_times_its_arm(zoo, seed):
    """Its push stays along its axis as it was built, for the first object does not turn; it acts at the tip."""
    angle = angles_about(2, watch(zoo("Lever"), 100, seed=seed, action=1.0).of(0).orientation)
    length, width, _ = lever.SIZE
    inertia = lever.MASS * ((length**2 + width**2) / 12 + length**2 / 4)
    expected, rate, fine = [angle[0]], 0.0, 1e-4
    present = angle[0]
    for step in range(1, 20_001):
        rate += fine * length * math.cos(present) / inertia
        present += fine * rate
        if step % 200 == 0:
            expected.append(present)
    np.testing.assert_allclose(angle, expected, rtol=0, atol=3e-3)
