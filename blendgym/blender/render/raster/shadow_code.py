"""How the surface shader looks into shadow maps. Places in maps are found at vertices, for fragments are dear."""

from __future__ import annotations

from typing import NamedTuple

BLOCK = "struct Shadow { mat4 to_map; vec4 texel; };"
"""For each map, the matrix from the world to it; the side of a texel in m at w = 1, and how many are in a row."""

# A surface is seen from the light in steps of a texel, so what is compared lies off the surface by as much as they
# differ from it.
_PLACE = """
vec4 place_in_map(int number, vec3 to_light)
{
    mat4 to_map = lighting.shadows[number].to_map;
    vec3 normal = normalize(world_normal);
    float cosine = dot(normal, to_light);
    float texel = lighting.shadows[number].texel.x * (to_map * vec4(world_position, 1.0)).w;
    float off = texel * (0.1 + 0.75 * sqrt(max(1.0 - cosine * cosine, 0.0)));
    return to_map * vec4(world_position + off * sign(cosine) * normal, 1.0);
}
"""

# Beyond the map, and beyond what is drawn in it, nothing is in the way.
_SHARE = """
float share_that_arrives(int number, vec4 place)
{
    vec3 at = place.xyz / place.w;
    vec2 inside = clamp(at.xy, 0.0, 0.999999);
    float side = lighting.shadows[number].texel.y;
    float nearest = texelFetch(shadow_maps, ivec2(inside * side + vec2(float(number) * side, 0.0)), 0).r;
    return float(inside == at.xy && nearest < min(at.z, 1.0) - 1e-6 ? 0.0 : 1.0);
}
"""


class LightCounts(NamedTuple):
    """How many lights a shader knows.

    Args:
        suns: How many shine from infinitely far.
        lamps: How many have a place.
        shadowing_suns: How many of the suns, from the first on, have shadow maps.
        shadowing_spots: How many of the lamps, from the first on, have shadow maps.
    """

    suns: int
    lamps: int
    shadowing_suns: int
    shadowing_spots: int

    @property
    def maps(self) -> int:
        """How many shadow maps there are."""
        return self.shadowing_suns + self.shadowing_spots


def place_name(number: int) -> str:
    """What is handed from vertices to fragments: the place in a map."""
    return f"place_in_map_{number}"


def vertex_code(counts: LightCounts) -> str:
    """The function ``find_places_in_maps()``, which goes by world_position and world_normal."""
    lines = [
        f"{place_name(number)} = place_in_map({number}, {_to_light(number, counts)});" for number in range(counts.maps)
    ]
    return (_PLACE if lines else "") + f"void find_places_in_maps() {{ {' '.join(lines)} }}\n"


def fragment_code(counts: LightCounts) -> str:
    """The function ``shadow_of(light)``: 1 where its light arrives, otherwise 0."""
    cases = [
        f"if (light == {_light(number, counts)}) return share_that_arrives({number}, {place_name(number)});"
        for number in range(counts.maps)
    ]
    return (_SHARE if cases else "") + f"float shadow_of(int light) {{ {' '.join(cases)} return 1.0; }}\n"


def _light(number: int, counts: LightCounts) -> int:
    is_sun = number < counts.shadowing_suns
    return number if is_sun else number + counts.suns - counts.shadowing_suns


def _to_light(number: int, counts: LightCounts) -> str:
    row = 3 * _light(number, counts)
    if number < counts.shadowing_suns:
        return f"-lighting.lights[{row + 1}].xyz"
    return f"normalize(lighting.lights[{row}].xyz - world_position)"
