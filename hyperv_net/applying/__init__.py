"""Files written below a root so that a power cut leaves each old or new, and all can be undone."""
