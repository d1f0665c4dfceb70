"""Twins, against Gymnasium's vectorized cart-pole."""
