"""How the pairs of a running machine are: what is seen of them, and what is wrong with it."""
