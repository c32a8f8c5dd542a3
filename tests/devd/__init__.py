"""devd(8) as far as rules go: the grammar of its files, and which rule an event runs."""
