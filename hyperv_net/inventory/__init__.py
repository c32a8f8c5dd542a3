"""The facts about one machine's NICs: of the running one, below a root, or in a file."""
