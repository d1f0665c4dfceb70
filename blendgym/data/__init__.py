"""Streams of annotated images: made by Blenders, taken by trainers, recorded, replayed, exported."""
