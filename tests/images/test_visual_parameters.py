"""Lights, sky, materials and cameras as parameters: seen in images, for one episode, and in nothing but images."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
import pytest
from places import CARTPOLE
from shared import shared_env
from tasks import PaintedCartpole

from blendgym.blender.looks.aspect import Aspect
from blendgym.blender.looks.colours import black_body, hue_saturation_brightness, temperature_of
from blendgym.client.env import BlendEnv
from blendgym.errors import SceneError
from blendgym.parameters.textures import TEXTURES
from blendgym.vector.vector_env import BlendVectorEnv

VISUAL = {name: parameter for name, parameter in PaintedCartpole.parameters.items() if parameter.group == "visual"}
ENGINES = ("raster", "workbench", "cycles")
UNSEEN = {
    "raster": {"ground.roughness"},
    "workbench": {"sun.strength", "sun.temperature", "sun.elevation", "sun.azimuth", "ground.texture"},
    "cycles": set(),
}
"""What an engine cannot show: raster knows matt surfaces, Workbench its own light and plain colours."""

SEED = 3
RGB = {"obs_type": "rgb"}
RED_POLE = {"surfaces": {"Pole": {"colour": [0.8, 0.0, 0.0]}}}


painted = shared_env("tasks:PaintedCartpole")
"""One environment with all visual parameters; each test begins with a reset."""


@pytest.fixture(scope="module")
def built():
    """What the scene looks like by itself, by engine."""
    env = BlendEnv("tasks:PlainCartpole")
    yield {engine: image_of(env, engine) for engine in ENGINES}
    env.close()


def image_of(env, engine, values=None, appearance=None):
    options = {"params": values or {}} | ({"appearance": appearance} if appearance else {})
    env.reset(seed=SEED, options=options)
    return env.capture(engine=engine, width=84, height=84, shadow_maps=False).images["rgb"]


def difference(one, other):
    """Mean over all pixels and channels, in levels of 255."""
    return np.abs(one.astype(int) - other).mean()


def draw(number):
    """Values of all visual parameters."""
    unit = np.random.default_rng(number).random(len(VISUAL))
    return {name: float(parameter.from_unit(u)) for (name, parameter), u in zip(VISUAL.items(), unit, strict=True)}


def far_from_nominal(name):
    parameter = VISUAL[name]
    return float(parameter.from_unit((parameter.to_unit(parameter.nominal) + 0.5) % 1.0))


@pytest.mark.parametrize("name", VISUAL)
def test_a_value_is_in_effect_as_asked_for_alone_and_with_others(painted, name):
    parameter = VISUAL[name]
    for unit in (0.0, 0.27, 0.9999):
        value = float(parameter.from_unit(unit))
        for values in ({name: value}, draw(1) | {name: value}):
            in_effect = painted.reset(seed=SEED, options={"params": values})[1]["params"]
            assert {each: in_effect[each] for each in values} == pytest.approx(values, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", VISUAL)
def test_a_value_is_seen_by_every_engine_that_can_show_it(painted, built, name, engine):
    changed = difference(image_of(painted, engine, {name: far_from_nominal(name)}), built[engine])
    if name in UNSEEN[engine]:
        assert changed == 0.0
    else:
        assert changed > 0.05


@pytest.mark.parametrize("texture", range(1, len(TEXTURES)))
@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_a_texture_shades_the_colour_of_its_material(painted, engine, texture):
    blue = {"ground.hue": 4.19, "ground.saturation": 0.9}
    plain = image_of(painted, engine, blue)[60:]
    for brown in ({}, {"ground.texture": texture}):
        painted.reset(options={"params": brown})
    textured = image_of(painted, engine, blue | {"ground.texture": texture})[60:]
    assert np.unique(textured[..., 2]).size > np.unique(plain[..., 2]).size
    assert textured.mean() < plain.mean()
    assert (textured[..., 2] > textured[..., 0]).mean() > 0.95


@pytest.mark.parametrize("engine", ENGINES)
def test_nominal_values_give_the_very_image_of_a_scene_without_parameters(painted, built, engine):
    nominal = {name: parameter.nominal for name, parameter in VISUAL.items()}
    np.testing.assert_array_equal(image_of(painted, engine, nominal), built[engine])


def test_nothing_of_fifty_episodes_with_random_values_stays(painted, built):
    for number in range(50):
        painted.reset(seed=number, options={"params": draw(number)})
    for engine in ENGINES:
        np.testing.assert_array_equal(image_of(painted, engine), built[engine])


def test_a_value_looks_as_on_a_fresh_server(painted, make_env):
    painted.reset(seed=SEED, options={"params": draw(5)})
    fresh = make_env("tasks:PaintedCartpole")
    for engine in ("raster", "cycles"):
        np.testing.assert_array_equal(image_of(painted, engine, draw(6)), image_of(fresh, engine, draw(6)))
    # Where two surfaces touch, Workbench shows the one that it happens to draw first.
    assert difference(image_of(painted, "workbench", draw(6)), image_of(fresh, "workbench", draw(6))) < 0.01


def test_what_is_seen_changes_nothing_of_the_motion(painted):
    def trajectory(values):
        states = [painted.reset(seed=SEED, options={"params": values})[0]]
        actions = np.random.default_rng(0).uniform(-1, 1, (100, 1)).astype(np.float32)
        for action in actions:
            state, _, terminated, _, _ = painted.step(action)
            states.append(state)
            if terminated:
                break
            painted.capture(width=16, height=16)
        return np.array(states)

    plain = trajectory({})
    assert len(plain) > 20
    for number in range(3):
        np.testing.assert_array_equal(trajectory(draw(number)), plain)


def test_environments_side_by_side_look_each_as_it_would_alone(painted):
    values = [draw(7), {}, draw(8)]
    envs = BlendVectorEnv("tasks:PaintedCartpole", 3, **RGB)
    envs.reset(seed=[SEED] * 3, options={"params": [{}, draw(9), {}]})
    observed, info = envs.reset(seed=[SEED] * 3, options={"params": values})
    envs.close()
    for row, each in enumerate(values):
        np.testing.assert_array_equal(observed[row], image_of(painted, "raster", each))
    for name in VISUAL:
        asked = [each.get(name, VISUAL[name].nominal) for each in values]
        np.testing.assert_allclose(info["params"][name], asked, rtol=1e-3, atol=1e-6)


def test_an_observation_is_the_image_of_its_parameters(painted, make_env):
    env = make_env(**RGB)
    values = {"sky.hue": 1.0, "ground.texture": "checker", "camera.height": 2.0}
    observed, _ = env.reset(seed=SEED, options={"params": values})
    np.testing.assert_array_equal(observed, image_of(painted, "raster", values))
    assert difference(observed, env.reset(seed=SEED)[0]) > 5


def test_slots_of_a_file_share_nothing(painted, make_env, tmp_path):
    file = str(tmp_path / "saved.blend")
    make_env("tasks:SavingCartpole", blend=file).reset()
    own = {name: value for name, value in draw(11).items() if name in BlendEnv(CARTPOLE).task.parameters}
    envs = BlendVectorEnv("tasks:SavedCartpole", 2, path=file, **RGB)
    observed, _ = envs.reset(seed=[SEED] * 2, options={"params": [own, {}]})
    envs.close()
    for row, values in enumerate((own, {})):
        np.testing.assert_array_equal(observed[row], image_of(painted, "raster", values))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_appearance_wins_over_the_parameters_of_what_it_replaces(painted, engine):
    values = {"pole.hue": 2.0}
    painted.reset(seed=SEED, options={"params": {"pole.hue": 4.0}})
    expected = image_of(painted, engine, appearance=RED_POLE)
    painted.reset(seed=SEED, options={"params": {"pole.hue": 4.0}})
    np.testing.assert_array_equal(image_of(painted, engine, values, RED_POLE), expected)
    assert difference(image_of(painted, engine, values), expected) > 0.05


def test_a_surface_replaces_the_material_as_it_was_built_whatever_came_before(painted):
    rough = {"surfaces": {"Ground": {"roughness": 1.0}}}
    expected = image_of(painted, "raster", appearance=rough)
    for texture in (1, 2):
        painted.reset(seed=SEED, options={"params": {"ground.texture": texture, "ground.hue": 3.0}})
        np.testing.assert_array_equal(image_of(painted, "raster", appearance=rough), expected)


def test_an_appearance_dims_whatever_strength_the_sun_has(painted):
    dim, dark = ({"lighting": {"lights": share}} for share in (0.5, 0.0))
    by_parameter = image_of(painted, "raster", {"sun.strength": 1.5})
    np.testing.assert_array_equal(image_of(painted, "raster", {"sun.strength": 3.0}, dim), by_parameter)
    for appearance in (dim, dark):
        options = {"params": {"sun.strength": 3.0}, "appearance": appearance}
        assert painted.reset(seed=SEED, options=options)[1]["params"]["sun.strength"] == pytest.approx(3.0)


def test_the_cart_pole_is_in_sight_from_wherever_the_camera_may_be(make_env):
    env = make_env("free_tasks:EndlessCartpole")
    bounds = [
        (env.task.parameters[name].low, env.task.parameters[name].high)
        for name in ("camera.distance", "camera.height", "camera.field_of_view")
    ]
    for corner in np.stack(np.meshgrid(*bounds), axis=-1).reshape(-1, 3):
        camera = dict(zip(("camera.distance", "camera.height", "camera.field_of_view"), corner.tolist(), strict=True))
        for x in (-2.4, 2.4):
            env.reset(seed=SEED, options={"params": {**camera, "x": x}})
            seen = {each.name: each for each in env.capture(width=84, height=84, objects=True).objects}
            assert seen["Cart"].truncation == seen["Pole"].truncation == 0.0


@pytest.mark.parametrize(
    ("stray", "message"),
    [
        ("light", "no light 'Moon'; it has Sun"),
        ("material", "no material 'Gold'; it has .*Cart"),
        ("target", "Camera 'Camera' is straight above or below its target"),
    ],
)
def test_what_a_scene_has_not_is_named(make_env, stray, message):
    with pytest.raises(SceneError, match=message):
        make_env("faulty_tasks:StrayCartpole", stray=stray).reset()


class Recorded(Aspect):
    """An aspect of nothing, which counts what it is told."""

    angles: ClassVar[frozenset[str]] = frozenset({"angle"})

    def __init__(self) -> None:
        self.shown = [{"angle": 0.5, "size": 2.0}]
        self.restored = 0
        super().__init__()

    def state(self):
        return self.shown[-1]

    def measure(self, state):
        return state

    def show(self, numbers):
        self.shown.append(numbers)

    def restore(self):
        self.restored += 1
        self.shown.append(self.shown[0])


def test_a_number_that_stays_costs_nothing():
    aspect = Recorded()
    for _ in range(3):
        aspect.set("size", 3.0)
        aspect.set("angle", 0.5)
    assert len(aspect.shown) == 2


def test_four_digits_of_the_built_value_are_the_built_value():
    aspect = Recorded()
    aspect.set("size", 3.0)
    aspect.set("size", 2.0009)
    assert aspect.restored == 1
    aspect.set("size", 2.002)
    assert aspect.shown[-1]["size"] == 2.002


def test_an_angle_is_read_in_the_turn_in_which_it_was_asked_for():
    aspect = Recorded()
    aspect.set("angle", 0.1 - 2 * math.pi)
    aspect.shown.append({**aspect.shown[-1], "angle": 0.1})
    assert aspect.read("angle") == pytest.approx(0.1 - 2 * math.pi)


@pytest.mark.parametrize(
    ("kelvin", "chromaticity"),
    [(2856.0, (0.4476, 0.4074)), (4000.0, (0.3804, 0.3768)), (6504.0, (0.3135, 0.3237)), (10000.0, (0.2807, 0.2884))],
)
def test_black_bodies_have_the_colours_of_the_planckian_locus(kelvin, chromaticity):
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ black_body(kelvin)
    np.testing.assert_allclose(xyz[:2] / xyz.sum(), chromaticity, atol=2e-3)
    assert temperature_of(black_body(kelvin)) == pytest.approx(kelvin, rel=1e-4)


def test_colours_without_a_hue_or_a_temperature_say_so():
    assert math.isnan(hue_saturation_brightness((0.5, 0.5, 0.5)).hue)
    assert math.isnan(hue_saturation_brightness((0.0, 0.0, 0.0)).saturation)
    assert math.isnan(temperature_of((1.0, 0.5, 0.0)))


def test_light_that_changes_within_an_episode_changes_images_and_not_the_physics(cartpole, make_env):
    flicker = {"sky.strength": {"phase": "interval", "interval": 0.1}}
    lit = make_env(randomize=flicker, obs_type="state_rgb", width=32, height=24)
    seen, (first, _) = [lit.reset(seed=SEED)[0]], cartpole.reset(seed=SEED)
    states, push = [first], np.array([0.1], np.float32)
    for _ in range(14):
        seen.append(lit.step(push)[0])
        states.append(cartpole.step(push)[0])
    np.testing.assert_array_equal([observation["state"] for observation in seen], states)
    sky = np.array([observation["rgb"][0].mean() for observation in seen])
    # Every 5 steps: before the steps 6 and 11.
    assert set(np.flatnonzero(np.diff(sky)) + 1) == {6, 11}
