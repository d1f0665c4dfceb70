"""The settings of a file that could reach some engines and not others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

ENGINES = ("raster", "workbench", "eevee", "cycles")
SKY = (0.3, 0.4, 0.6)
COLOURS, ANNOTATIONS = ("rgb",), ("depth", "normals", "segmentation")


def set_all(owner: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def second_layer(scene: Any) -> None:
    """The first layer is off."""
    scene.view_layers.new("Second")
    scene.view_layers[0].use = False


def hand_made_curve(scene: Any) -> None:
    scene.view_settings.use_curve_mapping = True
    mapping = scene.view_settings.curve_mapping
    mapping.curves[3].points[0].location = (0.0, 0.5)
    mapping.update()


def refine(scene: Any) -> None:
    """Dices the block that has a modifier to refine it, which makes it round."""
    block = scene.objects["Block 3"]
    if hasattr(scene.cycles, "feature_set"):  # Blender 5.2 has no features that have to be asked for.
        scene.cycles.feature_set = "EXPERIMENTAL"
    owner = block.modifiers[0] if hasattr(block.modifiers[0], "use_adaptive_subdivision") else block.cycles
    owner.use_adaptive_subdivision = True


def cull(scene: Any) -> None:
    """Lets Cycles leave out what is further away than the nearest block."""
    scene.render.use_simplify = scene.cycles.use_distance_cull = True
    scene.cycles.distance_cull_margin = 8.0
    for obj in scene.objects:
        obj.cycles.use_distance_cull = True


SETTINGS: Mapping[str, Callable[[Any], None]] = {
    "nothing": lambda scene: None,
    "film_transparent": lambda scene: set_all(scene.render, film_transparent=True),
    "film_exposure": lambda scene: set_all(scene.cycles, film_exposure=3.0),
    "material_override": lambda scene: set_all(
        scene.view_layers[0], material_override=scene.objects["Sample"].active_material
    ),
    "use_sky": lambda scene: set_all(scene.view_layers[0], use_sky=False),
    "use_solid": lambda scene: set_all(scene.view_layers[0], use_solid=False),
    "use_multiview": lambda scene: set_all(scene.render, use_multiview=True),
    "second_layer": second_layer,
    "two_layers": lambda scene: scene.view_layers.new("Second"),
    "use_border": lambda scene: set_all(
        scene.render, use_border=True, use_crop_to_border=True, border_max_x=0.4, border_max_y=0.4
    ),
    "resolution_percentage": lambda scene: set_all(scene.render, resolution_percentage=50),
    "use_freestyle": lambda scene: set_all(scene.render, use_freestyle=True, line_thickness=5.0),
    "use_compositing": lambda scene: set_all(scene, use_nodes=True),
    "use_motion_blur": lambda scene: set_all(scene.render, use_motion_blur=True),
    "use_dof": lambda scene: set_all(scene.camera.data.dof, use_dof=True, focus_distance=2.0, aperture_fstop=0.2),
    "filter": lambda scene: (
        set_all(scene.cycles, pixel_filter_type="GAUSSIAN", filter_width=8.0),
        set_all(scene.render, filter_size=8.0),
    ),
    "device": lambda scene: set_all(scene.cycles, device="GPU"),
    "sample_offset": lambda scene: set_all(scene.cycles, sample_offset=7),
    "layer_samples": lambda scene: set_all(scene.view_layers[0], samples=50),
    "view_transform": lambda scene: set_all(scene.view_settings, view_transform="AgX", look="AgX - Punchy"),
    "gamma": lambda scene: set_all(scene.view_settings, gamma=2.0),
    "use_curve_mapping": hand_made_curve,
    "display_device": lambda scene: set_all(scene.display_settings, display_device="Display P3"),
    "pass_alpha_threshold": lambda scene: set_all(scene.view_layers[0], pass_alpha_threshold=1.0),
    "clamp": lambda scene: set_all(scene.cycles, sample_clamp_direct=0.1),
    "light_factors": lambda scene: set_all(
        scene.objects["Sun"].data, diffuse_factor=0.0, use_custom_distance=True, cutoff_distance=0.1
    ),
    "feature_set": refine,
    "culling": cull,
    "exposure": lambda scene: set_all(scene.view_settings, exposure=1.0),
}

HONOURED = ("exposure",)
