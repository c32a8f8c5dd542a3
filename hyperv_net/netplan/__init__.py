"""What netplan knows, what its other files may say, and how its YAML is written."""
