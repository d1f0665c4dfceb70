"""Images: passes, views, captures, appearance, and how people are shown them. Used by both sides of the wire."""
