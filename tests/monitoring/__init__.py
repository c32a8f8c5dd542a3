"""What others read of the metrics, and what examples make of them."""
