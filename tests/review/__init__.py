"""Tests of how people and programs see a plan."""
