"""Measures how fast hyperv-net is, beside things people know: `python -m bench`."""
