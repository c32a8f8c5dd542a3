"""The configuration rewritten: every setting of a pair's NIC goes to its aggregate."""
