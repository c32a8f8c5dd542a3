"""From what there is and what is wanted to the steps between them; nothing is done here."""
