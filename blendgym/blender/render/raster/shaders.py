"""The shaders of the rasteriser. All draw row 0 of the image first."""

from __future__ import annotations

from functools import cache
from typing import Any

import gpu

from blendgym.blender.render.instances import HOLDOUT
from blendgym.blender.render.raster import shadow_code
from blendgym.blender.render.raster.readings import BLOCK, TERMS, Reading, Readings, term_code
from blendgym.blender.render.shader_nodes.surfaces import CUTOFF

MAX_LIGHTS = 16

_GEOMETRY_VERTEX = """
void main()
{
    vec4 seen = model_view * vec4(position, 1.0);
    // The cofactors transform normals as the inverse transpose does, but for the sign of the determinant.
    vec3 x = model_view[0].xyz, y = model_view[1].xyz, z = model_view[2].xyz;
    mat3 cofactors = mat3(cross(y, z), cross(z, x), cross(x, y));
    seen_normal = cofactors * normal * sign(dot(x, cross(y, z)));
    seen_depth = seen.z;
#ifdef VARIES
    texture_position = uv;
    vertex_colour = tint;
#endif
    gl_Position = view.projection * seen;
}
"""

_GEOMETRY_FRAGMENT = """
void main()
{
#ifdef VARIES
    if (alpha_term().r < CUTOFF) {
        discard;
    }
#endif
#ifdef SHOWS_NORMALS
    vec3 facing = normalize(seen_normal) * (gl_FrontFacing ? front : -front);
    normals = id == HOLDOUT ? vec4(0.0) : vec4(facing, 0.0);
#endif
#ifdef SHOWS_DEPTH
    depth = id == HOLDOUT ? view.far.x : seen_depth;
#endif
#ifdef SHOWS_SEGMENTATION
    segmentation = uint(id);
#endif
}
"""

_SURFACE_VERTEX = """
void main()
{
    // The last row of an affine matrix is known, so that it holds which side of a triangle is its front.
    vec4 placed = vec4((model * vec4(position, 1.0)).xyz, 1.0);
    vec3 x = model[0].xyz, y = model[1].xyz, z = model[2].xyz;
    mat3 cofactors = mat3(cross(y, z), cross(z, x), cross(x, y));
    world_normal = cofactors * normal * (sign(dot(x, cross(y, z))) * model[0].w);
    world_position = placed.xyz;
    find_places_in_maps();
#ifdef VARIES
    texture_position = uv;
    vertex_colour = tint;
#endif
    gl_Position = lighting.view_projection * placed;
}
"""

_SHADOW_VERTEX = """
void main()
{
#ifdef VARIES
    texture_position = uv;
    vertex_colour = tint;
#endif
    gl_Position = model_to_map * vec4(position, 1.0);
}
"""

_SHADOW_FRAGMENT = """
void main()
{
#ifdef VARIES
    if (alpha_term().r < CUTOFF) {
        discard;
    }
#endif
}
"""

# Lambert's law. Blender's watts: a point light of P W gives P / (4 pi r^2) W/m^2, an area light P cos / (pi r^2),
# a sun its strength.
_SURFACE_FRAGMENT = """
float falloff(float kind, float squared, float along, float outer, float inner)
{
    float strength = 1.0 / (12.566370614 * squared);
    if (kind > 2.5) {
        return 4.0 * strength * max(along, 0.0);
    }
    return kind > 1.5 ? strength * smoothstep(outer, max(inner, outer + 1e-4), along) : strength;
}

void main()
{
    vec3 albedo = albedo_term(), emission = emission_term();
    float alpha = alpha_term().r;
#ifdef IS_CUT
    if (alpha < least || alpha >= most) {
        discard;
    }
#endif
    vec3 facing = normalize(world_normal) * (gl_FrontFacing ? 1.0 : -1.0);
    vec3 irradiance = vec3(0.0);
    for (int i = 0; i < SUNS; i++) {
        float cosine = max(dot(facing, -lighting.lights[3 * i + 1].xyz), 0.0);
        irradiance += lighting.lights[3 * i + 2].rgb * cosine * shadow_of(i);
    }
    for (int i = SUNS; i < SUNS + LAMPS; i++) {
        vec4 place = lighting.lights[3 * i], aim = lighting.lights[3 * i + 1], power = lighting.lights[3 * i + 2];
        vec3 way = place.xyz - world_position;
        float squared = dot(way, way);
        vec3 to_light = way * inversesqrt(squared);
        float strength = falloff(place.w, squared, dot(-to_light, aim.xyz), aim.w, power.a);
        irradiance += power.rgb * strength * max(dot(facing, to_light), 0.0) * shadow_of(i);
    }
    vec3 seen = emission + albedo * (lighting.ambient.rgb + irradiance / 3.14159265);
#ifdef FOR_SCREEN
    // Cut off as Mesa's software rasterizer does for half floats, in which samples are kept that are averaged.
    vec3 kept = uintBitsToFloat(floatBitsToUint(seen) & uvec3(0xFFFFE000u));
    seen = encoded(clamp(kept * lighting.ambient.a, 0.0, 1.0));
#endif
    radiance = vec4(seen, alpha);
}
"""

_RESOLVE_VERTEX = """
void main()
{
    gl_Position = vec4(position, 0.0, 1.0);
}
"""

# IEC 61966-2-1, whose power of 1/2.4 takes Mesa's software rasterizer a third of the time of a picture. Roots alone
# come within 0.0001 of a step of 8 bits (a fit from 0.0031308 to 1 whose greatest error is least).
_ENCODED = """
vec3 encoded(vec3 linear)
{
    vec3 second = sqrt(linear), fourth = sqrt(second), eighth = sqrt(fourth);
    vec3 bent = fourth * (0.903141317 * eighth - 0.0182661719 * second - 0.1509166)
        + 0.0278020727 * eighth + 0.29370911 * second + 0.0020048151 * linear - 0.0574745214;
    return mix(12.92 * linear, bent, vec3(greaterThan(linear, vec3(0.0031308))));
}
"""

_RESOLVE_FRAGMENT = """
void main()
{
    ivec2 first = ivec2(gl_FragCoord.xy) * SIDE;
    vec3 sum = vec3(0.0);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            vec3 sampled = texelFetch(samples, first + ivec2(x, y), 0).rgb;
#ifdef FOR_SCREEN
            // A lamp that is far too bright for a screen must not outshine its smooth edge.
            sampled = clamp(sampled * exposure, 0.0, 1.0);
#endif
            sum += sampled;
        }
    }
    vec3 mean = sum / float(SIDE * SIDE);
#ifdef FOR_SCREEN
    mean = encoded(mean);
#endif
    pixel = vec4(mean, 1.0);
}
"""


OUTPUTS = {"normals": "VEC4", "depth": "FLOAT", "segmentation": "UINT"}
"""What the geometry shader can write, and of which type it is."""


@cache
def geometry_shader(passes: tuple[str, ...], alpha: Reading | None = None) -> gpu.types.GPUShader:
    """Writes normals and depth, in the camera's frame, and ids.

    Args:
        passes: Which of ``OUTPUTS`` it writes, in this order.
        alpha: How the alpha is read that decides where something is seen; ``None`` if it is seen everywhere.
    """
    info = gpu.types.GPUShaderCreateInfo()
    info.define("HOLDOUT", str(HOLDOUT))
    info.typedef_source(f"struct View {{ mat4 projection; vec4 far; }}; {BLOCK}")
    info.uniform_buf(0, "View", "view")
    info.push_constant("MAT4", "model_view")
    if "normals" in passes:
        info.push_constant("FLOAT", "front")
    info.push_constant("INT", "id")
    info.vertex_in(0, "VEC3", "position")
    info.vertex_in(1, "VEC3", "normal")
    between = gpu.types.GPUStageInterfaceInfo("geometry")
    between.smooth("VEC3", "seen_normal")
    between.smooth("FLOAT", "seen_depth")
    if alpha:
        info.define("CUTOFF", str(CUTOFF))
        info.uniform_buf(1, "Surface", "surface")
        _take_images(info, between, (None, None, alpha))
    info.vertex_out(between)
    for number, name in enumerate(passes):
        info.define(f"SHOWS_{name.upper()}")
        info.fragment_out(number, OUTPUTS[name], name)
    info.vertex_source(_GEOMETRY_VERTEX)
    info.fragment_source((term_code(2, alpha, in_detail=True) if alpha else "") + _GEOMETRY_FRAGMENT)
    return gpu.shader.create_from_info(info)


@cache
def shadow_shader(alpha: Reading | None) -> gpu.types.GPUShader:
    """Writes nothing but the depth.

    Args:
        alpha: How the alpha is read that decides where light is kept back; ``None`` if it is kept back everywhere.
    """
    info = gpu.types.GPUShaderCreateInfo()
    info.typedef_source(BLOCK)
    info.push_constant("MAT4", "model_to_map")
    info.vertex_in(0, "VEC3", "position")
    if alpha:
        between = gpu.types.GPUStageInterfaceInfo("shadow")
        info.define("CUTOFF", str(CUTOFF))
        info.uniform_buf(0, "Surface", "surface")
        _take_images(info, between, (None, None, alpha))
        info.vertex_out(between)
    info.vertex_source(_SHADOW_VERTEX)
    info.fragment_source((term_code(2, alpha, in_detail=True) if alpha else "") + _SHADOW_FRAGMENT)
    return gpu.shader.create_from_info(info)


@cache
def surface_shader(
    counts: shadow_code.LightCounts, readings: Readings, for_screen: bool = False
) -> gpu.types.GPUShader:
    """Writes the radiance of matt and of emitting surfaces under a number of lights, suns first.

    All arguments are constants of the shader: Mesa's software rasterizer executes every branch.

    Args:
        counts: How many lights there are.
        readings: How albedo, emission and alpha differ over the surface.
        for_screen: Whether radiance is encoded for a screen, with one sample a pixel.
    """
    info = gpu.types.GPUShaderCreateInfo()
    info.define("SUNS", str(counts.suns))
    info.define("LAMPS", str(counts.lamps))
    members = f"mat4 view_projection; vec4 ambient; vec4 lights[{3 * MAX_LIGHTS}];"
    if counts.maps:
        info.sampler(len(TERMS), "FLOAT_2D", "shadow_maps")
        members += f" Shadow shadows[{counts.maps}];"
    info.typedef_source(f"{shadow_code.BLOCK} struct Lighting {{ {members} }}; {BLOCK}")
    info.uniform_buf(0, "Lighting", "lighting")
    info.uniform_buf(1, "Surface", "surface")
    info.push_constant("MAT4", "model")
    info.vertex_in(0, "VEC3", "position")
    info.vertex_in(1, "VEC3", "normal")
    between = gpu.types.GPUStageInterfaceInfo("surface_interface")
    between.smooth("VEC3", "world_position")
    between.smooth("VEC3", "world_normal")
    for number in range(counts.maps):
        between.smooth("VEC4", shadow_code.place_name(number))
    if for_screen:
        info.define("FOR_SCREEN")
    if readings[2]:
        info.define("IS_CUT")
        info.push_constant("FLOAT", "least")
        info.push_constant("FLOAT", "most")
    if any(readings):
        _take_images(info, between, readings)
    info.vertex_out(between)
    info.fragment_out(0, "VEC4", "radiance")
    info.vertex_source(shadow_code.vertex_code(counts) + _SURFACE_VERTEX)
    terms = (term_code(number, reading, in_detail=False) for number, reading in enumerate(readings))
    info.fragment_source("".join(terms) + shadow_code.fragment_code(counts) + _ENCODED + _SURFACE_FRAGMENT)
    return gpu.shader.create_from_info(info)


def _take_images(info: Any, between: Any, readings: Readings) -> None:
    """Gives a shader what differs over a surface."""
    info.define("VARIES")
    for number, (term, reading) in enumerate(zip(TERMS, readings, strict=True)):
        if reading and reading.is_image:
            info.sampler(number, "FLOAT_2D", f"{term}_image")
    info.vertex_in(2, "VEC2", "uv")
    info.vertex_in(3, "VEC4", "tint")
    between.smooth("VEC2", "texture_position")
    between.smooth("VEC4", "vertex_colour")


@cache
def resolve_shader(side: int, for_screen: bool) -> gpu.types.GPUShader:
    """Averages squares of samples to pixels.

    Args:
        side: How many samples are in a row of a square.
        for_screen: Whether pixels are encoded for a screen.
    """
    info = gpu.types.GPUShaderCreateInfo()
    info.define("SIDE", str(side))
    if for_screen:
        info.define("FOR_SCREEN")
        info.push_constant("FLOAT", "exposure")
    info.sampler(0, "FLOAT_2D", "samples")
    info.vertex_in(0, "VEC2", "position")
    info.fragment_out(0, "VEC4", "pixel")
    info.vertex_source(_RESOLVE_VERTEX)
    info.fragment_source(_ENCODED + _RESOLVE_FRAGMENT)
    return gpu.shader.create_from_info(info)
