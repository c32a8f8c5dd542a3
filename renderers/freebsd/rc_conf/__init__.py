"""rc.conf(5) as it is read and edited: a shell script that network.subr evaluates."""
