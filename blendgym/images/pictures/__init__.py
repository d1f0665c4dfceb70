"""What `blendgym render` draws of captures: passes, boxes, contact sheets."""
