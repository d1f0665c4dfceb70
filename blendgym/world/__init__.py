"""All that the author of a task sees of a scene: bodies, joints, actuators, contacts, rays, time. No ``bpy`` here.

These are protocols: ``blendgym.blender.physics`` is what stands behind them. Lengths are in m, masses in kg, angles in
rad, times in s; positions and vectors are in the frame of the world unless it says otherwise, z up, as in Blender.
"""

from blendgym.world.actuators import Motor, Servo, Wrench
from blendgym.world.body import Body
from blendgym.world.camera import Camera
from blendgym.world.contacts import Contact, Hit
from blendgym.world.joint import Joint
from blendgym.world.mesh import Mesh
from blendgym.world.pose import ZERO, Pose, Vector, about_x_then_z, about_z
from blendgym.world.world import World

__all__ = [
    "ZERO", "Body", "Camera", "Contact", "Hit", "Joint", "Mesh", "Motor", "Pose", "Servo", "Vector", "World", "Wrench",
    "about_x_then_z", "about_z",
]  # fmt: skip
