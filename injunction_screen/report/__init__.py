"""Papers that follow from a screening; none is made unless it is asked for by name."""
