"""Matters: their lifecycle, who they go to, when they are due, and what is said along the way."""
