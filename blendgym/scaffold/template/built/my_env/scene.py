"""A puck on a rail along x. Units: m, kg."""

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings


def build(scene):
    """Fills an empty scene."""
    bodies.world(scene)
    red, grey = materials.plain("Puck", (0.8, 0.2, 0.1)), materials.plain("Rail", (0.2, 0.2, 0.2))
    puck = meshes.cylinder(scene, "Puck", 0.1, 0.1, red)
    rail = meshes.box(scene, "Rail", (4.0, 0.1, 0.02), grey, location=(0.0, 0.0, -0.06))
    bodies.add(scene, rail, "BOX")
    bodies.add(scene, puck, "CYLINDER", mass=0.5)
    constraints.slider(scene, "Slide", (rail, puck))
    constraints.motor(scene, "Drive", (rail, puck), collide=False)
    surroundings.open_country(scene, height=-0.1)
    cameras.perspective(scene, "Camera", (0.0, -4.0, 1.5), target=(0.0, 0.0, 0.0), field_of_view=0.8)
