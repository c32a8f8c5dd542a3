"""How interfaces(5) says what a network config asks for, and the hook that joins the VF."""
