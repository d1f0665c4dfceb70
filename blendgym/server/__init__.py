"""The process that a trainer launches inside Blender: it answers requests about the episodes of one task."""
