#!/usr/bin/python
"""Runs `hyperv-net plan`, shows it as the task's diff, and `hyperv-net apply`."""

from __future__ import annotations

import json

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: hyperv_net
short_description: Moves the settings of NICs that exist twice to their aggregates
description:
  - Runs hyperv-net plan, whose differences are the diff of the task, and hyperv-net apply.
  - The running machine is left as it is; C(activate) is the command that makes it follow.
options:
  settings:
    description: hyperv-net's own settings, in the place of those in cloud.cfg.d.
    type: dict
    default: {}
"""

RETURN = r"""
pairs:
  description: What hyperv-net found, and why it decides as it does (docs/json.md).
  type: list
activate:
  description: The command that makes the running machine follow, or null.
  type: str
"""


def options(settings):
    """The settings as options of the command line."""
    given = dict(settings)
    enabled = given.pop("enabled", None)
    if enabled is not None:
        yield "--enabled" if enabled else "--disabled"
    for driver in given.pop("synthetic_drivers", ()):
        yield f"--synthetic-driver={driver}"
    for name, value in sorted(given.items()):
        yield f"--{name.replace('_', '-')}={value}"


def main():
    module = AnsibleModule({"settings": {"type": "dict", "default": {}}}, supports_check_mode=True)
    program = module.get_bin_path("hyperv-net")
    if program is None and module.check_mode:
        unknown = "hyperv-net is not installed here yet, so there is no plan to show\n"
        module.exit_json(changed=True, diff=[{"prepared": unknown}], activate=None)
    if program is None:
        module.fail_json(msg="no hyperv-net on this host: set hyperv_net_package")
    plan = run(module, program, "plan")
    result = {
        "changed": plan["differs"],
        "diff": [{"prepared": one["diff"]} for one in plan["files"] if one["differs"]],
        "pairs": plan["pairs"],
        "activate": None,
    }
    for finding in plan["findings"]:
        if finding["severity"] == "warning":
            module.warn(": ".join(filter(None, (finding["where"], finding["message"]))))
    if not module.check_mode:
        applied = run(module, program, "apply")
        result["changed"] = applied["changed"]
        result["activate"] = applied["activate"] if applied["changed"] else None
    module.exit_json(**result)


def run(module, program, verb):
    """The JSON that a verb prints; the task fails with its own words where it does."""
    command = [program, verb, "--format=json", *options(module.params["settings"])]
    status, out, err = module.run_command(command)
    document = json.loads(out) if out.startswith("{") else {}
    if status:
        findings = document.get("findings", [])
        errors = [one["message"] for one in findings if one["severity"] == "error"]
        said = err.strip() or "; ".join(errors) or f"hyperv-net {verb} failed"
        module.fail_json(msg=said, rc=status)
    return document


if __name__ == "__main__":
    main()
