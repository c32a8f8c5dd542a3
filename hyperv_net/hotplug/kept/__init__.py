"""What one run leaves for the next, until the machine boots."""
