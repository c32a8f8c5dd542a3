"""What there is on the running machine."""
