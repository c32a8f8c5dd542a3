"""Fleets that are made up, and what reviews them."""
