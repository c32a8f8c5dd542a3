"""What happened to the pairs of this machine, in the order in which it was seen."""
