"""What Blender's materials amount to where everything is matt, read from their shader nodes."""
