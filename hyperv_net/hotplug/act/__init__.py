"""Taking the steps, and looking again."""
