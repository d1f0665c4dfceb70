"""A scene whose meshes are reshaped, and scenarios that do it."""
