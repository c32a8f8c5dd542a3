"""Which NICs are one card, and what each pair needs."""
