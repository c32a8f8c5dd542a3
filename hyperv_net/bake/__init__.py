"""hyperv-net put into an image, offline: below a root, from any machine, running nothing of it."""
