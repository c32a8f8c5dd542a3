"""What the running machine needs besides its configuration: files that go with every plan."""
