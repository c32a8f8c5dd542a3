"""Tests of the ways into CI, each run as far as it can be without its service."""
