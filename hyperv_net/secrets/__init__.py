"""What must not be shown: which names are of secrets, where they stand in a text, hiding them."""
