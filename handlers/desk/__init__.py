"""The desk: help, a person to talk to, how things stand, and the figures."""
