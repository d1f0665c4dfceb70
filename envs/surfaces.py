"""Visual parameters of surfaces that several scenes of the suite have in common."""

from __future__ import annotations

from blendgym.randomization import TEXTURES, MaterialHue, MaterialTexture, Parameter

POLE_HUE = Parameter(
    name="pole.hue", unit="rad", nominal=0.3653, low=0.0, high=6.28, group="visual",
    binding=MaterialHue("Pole"), description="Hue of the pole, likewise",
)  # fmt: skip

CART_HUE = Parameter(
    name="cart.hue", unit="rad", nominal=3.759, low=0.0, high=6.28, group="visual",
    binding=MaterialHue("Cart"), description="Hue of the cart, likewise",
)  # fmt: skip

GROUND_TEXTURE = Parameter(
    name="ground.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical",
    choices=TEXTURES, group="visual", binding=MaterialTexture("Ground", size=4.0),
    description="Texture of the ground: plain, checker, stripes, tiles or noise",
)  # fmt: skip
