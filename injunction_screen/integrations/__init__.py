"""Bridges to other tools; none is imported unless it is asked for by name."""
