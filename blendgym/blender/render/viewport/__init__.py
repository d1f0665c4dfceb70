"""Workbench and EEVEE, as 3D views into offscreen buffers."""
