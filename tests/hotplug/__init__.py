"""The hook, against a small kernel of its own."""
