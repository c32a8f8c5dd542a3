"""The page of a review in a real browser."""
