"""Mobilization and roll-call: an order goes down, everybody called answers, the gaps are seen; and what it was afterwards."""
