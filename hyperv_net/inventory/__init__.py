"""The facts about one machine's NICs, and the forms in which values from outside are believed."""
