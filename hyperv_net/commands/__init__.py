"""One module a verb, each with `configure(parser)` and `run(args) -> exit status`."""
