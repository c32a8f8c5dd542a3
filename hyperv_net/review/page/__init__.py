"""The page of a review: one HTML file that a browser shows offline, and without scripts."""
