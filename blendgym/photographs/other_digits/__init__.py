"""Handwritten digits of another collection: those that OpenCV has among its samples."""
