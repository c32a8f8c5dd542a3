"""FreeBSD's configuration files: reading and editing rc.conf, and what is written into it."""
