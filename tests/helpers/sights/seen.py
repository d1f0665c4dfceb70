"""A thing for every way in which Blender shows and hides, refines and multiplies; see ``grid.VISIBLE``."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies
from sights import making
from sights.grid import VISIBLE
from sights.making import collection, cube, instance_of, layer, nodes, put, square

NUMBERS = {cell.name: number for number, cell in enumerate(VISIBLE)}


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene, solver_iterations=1)
    making.light_and_camera(scene)
    _visibility(scene)
    _layers(scene)
    _shapes(scene)
    _render_values(scene)
    _collection_instances(scene)
    _multiplied(scene)
    _particles(scene)
    _nodes(scene)


def _cube(scene: bpy.types.Scene, name: str, into: bpy.types.Collection | None = None) -> bpy.types.Object:
    return put(scene, cube(name), NUMBERS[name], into)


def _visibility(scene: bpy.types.Scene) -> None:
    _cube(scene, "Plain")
    _cube(scene, "Not rendered").hide_render = True
    _cube(scene, "Not in viewports").hide_viewport = True
    _cube(scene, "With its eye closed").hide_set(True)
    _cube(scene, "Invisible to cameras").visible_camera = False
    _cube(scene, "As a wire").display_type = "WIRE"
    _cube(scene, "As bounds").display_type = "BOUNDS"
    behind = _cube(scene, "Behind, in front")
    behind.show_in_front = True
    cover = put(scene, square("Cover", 0.6), NUMBERS[behind.name])
    cover.location.y = -0.5
    body = _cube(scene, "A hidden body")
    body.hide_render = True
    bodies.add(scene, body, "BOX")


def _layers(scene: bpy.types.Scene) -> None:
    for name in (
        "In a collection that is not rendered", "In a collection that is not in viewports",
        "In an excluded collection", "In a layer with its eye closed", "Indirect only",
    ):  # fmt: skip
        _cube(scene, name, collection(name, parent=scene.collection))
    bpy.data.collections["In a collection that is not rendered"].hide_render = True
    bpy.data.collections["In a collection that is not in viewports"].hide_viewport = True
    layer(scene, bpy.data.collections["In an excluded collection"]).exclude = True
    layer(scene, bpy.data.collections["In a layer with its eye closed"]).hide_viewport = True
    layer(scene, bpy.data.collections["Indirect only"]).indirect_only = True


def _shapes(scene: bpy.types.Scene) -> None:
    _cube(scene, "Without size").scale = (0.0, 0.0, 0.0)
    _cube(scene, "Mirrored").scale = (-1.0, 1.0, 1.0)
    mesh = bpy.data.meshes.new("Without faces")
    mesh.from_pydata([(-0.2, 0.0, 0.0), (0.2, 0.0, 0.0)], [(0, 1)], [])
    put(scene, bpy.data.objects.new("Without faces", mesh), NUMBERS["Without faces"])


def _render_values(scene: bpy.types.Scene) -> None:
    refined = put(scene, cube("Refined", 0.6), NUMBERS["Refined"]).modifiers.new("Refined", "SUBSURF")
    refined.levels, refined.render_levels = 0, 3
    for name, offset in (("Mirror in renders", 0.15), ("Mirror in viewports", 0.15)):
        mirrored = _cube(scene, name)
        for vertex in mirrored.data.vertices:
            vertex.co.x = vertex.co.x * 0.75 + offset * 1.3
        mirror = mirrored.modifiers.new("Mirror", "MIRROR")
        mirror.show_render, mirror.show_viewport = name == "Mirror in renders", name == "Mirror in viewports"
    _curve(scene)
    text = bpy.data.curves.new("Text", "FONT")
    text.body, text.size, text.align_x, text.align_y = "O", 1.0, "CENTER", "CENTER"
    text.resolution_u, text.render_resolution_u = 1, 12
    put(scene, bpy.data.objects.new("Text", text), NUMBERS["Text"]).rotation_euler.x = 1.5707963
    metaball = bpy.data.metaballs.new("Metaball")
    metaball.elements.new().radius = 0.5
    metaball.resolution, metaball.render_resolution = 0.4, 0.1
    put(scene, bpy.data.objects.new("Metaball", metaball), NUMBERS["Metaball"])
    _screw(scene)


def _curve(scene: bpy.types.Scene) -> None:
    """A disc, which is a triangle in viewports."""
    curve = bpy.data.curves.new("Curve", "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    spline = curve.splines.new("BEZIER")
    spline.bezier_points.add(3)
    for point, (x, y) in zip(spline.bezier_points, ((0.25, 0), (0, 0.25), (-0.25, 0), (0, -0.25)), strict=True):
        point.co, point.handle_left_type, point.handle_right_type = (x, y, 0), "AUTO", "AUTO"
    spline.use_cyclic_u = True
    curve.resolution_u, curve.render_resolution_u = 1, 16
    put(scene, bpy.data.objects.new("Curve", curve), NUMBERS["Curve"]).rotation_euler.x = 1.5707963


def _screw(scene: bpy.types.Scene) -> None:
    """A disc in renders, a triangle in viewports."""
    mesh = bpy.data.meshes.new("Screw")
    mesh.from_pydata([(0.0, 0.0, 0.0), (0.25, 0.0, 0.0)], [(0, 1)], [])
    screw = put(scene, bpy.data.objects.new("Screw", mesh), NUMBERS["Screw"]).modifiers.new("Screw", "SCREW")
    screw.axis, screw.steps, screw.render_steps = "Y", 3, 32


def _collection_instances(scene: bpy.types.Scene) -> None:
    part = cube("Part")
    part["category"] = "part"
    shown = collection("Parts", part)
    inner = collection("Inner", instance_of("Inner instance", shown))
    invisible = cube("Invisible part")
    invisible.hide_render = True
    for name, what in (
        ("Of a collection", shown), ("Of the same", shown), ("Nested", inner), ("Not rendered instance", shown),
        ("Invisible source", collection("Invisible parts", invisible)),
    ):  # fmt: skip
        put(scene, instance_of(name, what), NUMBERS[name]).hide_render = name == "Not rendered instance"


def _multiplied(scene: bpy.types.Scene) -> None:
    for name, source, kind in (("Points", cube("Dot", 0.3), "VERTS"), ("Faces", cube("Chip", 0.3), "FACES")):
        multiplier = put(scene, square(name, 0.6), NUMBERS[name])
        multiplier.instance_type, multiplier.show_instancer_for_render = kind, False
        scene.collection.objects.link(source)
        source.parent = multiplier


def _particles(scene: bpy.types.Scene) -> None:
    grain = cube("Grain", 0.3)
    collection("Prototypes", grain, parent=scene.collection).hide_render = True
    for name, share in (("Particles", 100), ("Half in viewports", 50)):
        emitter = put(scene, square(name, 0.6), NUMBERS[name])
        emitter.show_instancer_for_render = False
        emitter.modifiers.new("Particles", "PARTICLE_SYSTEM")
        settings = emitter.particle_systems[0].settings
        settings.count, settings.frame_start, settings.frame_end, settings.lifetime = 2, -1, -1, 100_000
        settings.physics_type, settings.emit_from, settings.distribution = "NO", "VERT", "GRID"
        settings.use_emit_random = False
        settings.render_type, settings.instance_object, settings.particle_size = "OBJECT", grain, 1.0
        settings.display_percentage = share


def _nodes(scene: bpy.types.Scene) -> None:
    leaf = cube("Leaf", 0.3)
    leaf.hide_render = True
    scene.collection.objects.link(leaf)
    tree, _, end = nodes(put(scene, square("Nodes", 0.6), NUMBERS["Nodes"]))
    source = tree.nodes.new("GeometryNodeObjectInfo")
    source.inputs["Object"].default_value, source.inputs["As Instance"].default_value = leaf, True
    _on_points(tree, source.outputs["Geometry"], end)
    tree, _, end = nodes(put(scene, square("Made by nodes", 0.6), NUMBERS["Made by nodes"]))
    made = tree.nodes.new("GeometryNodeMeshCube")
    made.inputs["Size"].default_value = (0.3, 0.3, 0.3)
    _on_points(tree, made.outputs["Mesh"], end)
    tree, start, end = nodes(
        put(scene, square("Only in viewports by nodes", 0.6), NUMBERS["Only in viewports by nodes"])
    )
    switch = tree.nodes.new("GeometryNodeSwitch")
    tree.links.new(tree.nodes.new("GeometryNodeIsViewport").outputs[0], switch.inputs["Switch"])
    tree.links.new(start, switch.inputs["True"])
    tree.links.new(switch.outputs[0], end)


def _on_points(tree: bpy.types.GeometryNodeTree, source: bpy.types.NodeSocket, end: bpy.types.NodeSocket) -> None:
    start = next(node for node in tree.nodes if node.type == "GROUP_INPUT").outputs[0]
    instances = tree.nodes.new("GeometryNodeInstanceOnPoints")
    tree.links.new(start, instances.inputs["Points"])
    tree.links.new(source, instances.inputs["Instance"])
    tree.links.new(instances.outputs[0], end)
