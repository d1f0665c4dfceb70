"""A scene as a physical world: bodies, joints, motors and time."""
