"""What each rule of a finding means: the catalogue, and which findings somebody has allowed.

`catalogue` has all rules by their ids, from the modules here, one for each stage, and from the
module `rules` of each target.  Nothing of it is imported at boot or at an event: a finding has
its sentence with it.
"""
