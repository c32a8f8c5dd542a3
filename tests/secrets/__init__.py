"""Tests of what is hidden, and that it is."""
