"""The real tools of Debian, unpacked into a cache and run by the tests."""
