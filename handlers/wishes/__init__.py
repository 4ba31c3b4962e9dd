"""Wishes and neighbourly help: asked for, vetted, published, claimed, granted, thanked; and the three ledgers."""
