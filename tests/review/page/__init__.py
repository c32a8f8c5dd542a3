"""What the page of a review is made of, without a browser."""
