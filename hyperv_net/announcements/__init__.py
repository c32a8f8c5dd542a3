"""What is told to this machine before it happens: a migration that will take its VFs away.

A source says what is announced (`source`), a pure function says whose drains begin and end
(`following`), and a service asks and does it (`watching`).
"""
