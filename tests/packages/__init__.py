"""The packages and the examples for fleets, built and run with the tools they are meant for."""
