"""One run of the flow, and the account of where every setting went."""
