"""Tests of the formats, each read by who reads it."""
