"""Real cloud-init, as Debian ships it, booting machines that are made for each test."""
