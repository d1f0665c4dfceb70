"""What crosses the wire between trainer and Blender: specs, messages, codec. Used by both sides."""
