"""The scenes of the zoo, each a module with ``build(scene)``. Units: m, kg."""
