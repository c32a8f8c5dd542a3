"""Network configs of cloud-init: `read` is the way in.

Nothing is imported here, since settings are read with `yaml_text` on machines that have no
pair, while they boot.
"""
