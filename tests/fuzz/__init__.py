"""Everything that reads from outside, given what nobody would write.

`make fuzz` lets atheris, which watches the branches that an input takes, make up inputs for
each target in `targets/`; those in `corpus/` are where it begins, and every run of the tests
puts each of them, and some changes to it, through its target.
"""
