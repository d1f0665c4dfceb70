"""Cycles: colours and annotations without a graphics stack."""
