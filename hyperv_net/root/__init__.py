"""What a root says, a directory that stands for `/`, and the reading and writing below it."""
