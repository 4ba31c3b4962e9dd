"""Notices: written, shown, agreed to, sent down the tree piece by piece, acknowledged, corrected, verified."""
