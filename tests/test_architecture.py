"""Which way the arrows run (ARCHITECTURE.md), held against the imports in the text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.running import write_running
from hyperv_net.renderers import TARGETS, targets
from tests.imports import imports, modules, reached
from tests.paths import CHECKOUT

#: Stage after stage of the flow; an import leads to the same stage or to an earlier one.
STAGES = (
    (
        "words",
        r"errors|facts|guessing|tree|model|marks|drivers|names|owners|places|programs|records|rules(\.rule)?|tuning|visible"
        r"|secrets(\.(?!in_yaml|masking|reading).*)?",
    ),
    ("facts", r"(inventory|netconfig|root|secrets)(\..*)?|processes|terminal(_bar)?|excerpt"),
    ("decision", r"decision(\..*)?"),
    ("rewrite", r"rewrite(\..*)?"),
    ("text", r"renderers(\..*)?|companions(\..*)?|hotplug\.wanted"),
    ("one run", r"plan(\..*)?"),
    (
        "effect",
        r"whole_process"
        r"|(announcements|applying|bake|capture|data|fleet|handed_over|hotplug|journal|kvp|lint|review|rules"
        r"|simulation|sources|status)(\..*)?",
    ),
    ("people", r"commands(\..*)?|cli|manual|own_modules|__main__"),
)
#: Parts of a target that are about a machine that runs, or that is looked at.
EFFECTS_OF_TARGETS = re.compile(
    r"hyperv_net\.renderers\.\w+\.(activate|first_boot|lint|managing|rebuild)"
    r"|hyperv_net\.renderers\.(known|protocols|recognising)"
)

#: What is pure: frozen data in, frozen data out.
PURE = re.compile(
    r"hyperv_net\.(errors|facts|guessing|excerpt|tree|model|marks|drivers|names|owners|places|programs|records|tuning|visible"
    r"|announcements\.(announcement|azure|course|following|google|hearing|kvp_records|own_document|seats"
    r"|source|times|turns)"
    r"|journal\.(entry|lines|packets|story|times)"
    r"|decision|rewrite|plan|companions|netconfig|rules|simulation\.story|secrets(?!\.(known|reading)))(\.|\Z)"
)
#: What reads, writes, waits or asks the system.
IMPURE = re.compile(
    r"(os|io|pathlib|subprocess|socket|select|signal|shutil|tempfile|time|datetime|fcntl|urllib"
    r"|random|secrets|multiprocessing|threading|asyncio|glob|platform|locale|getpass|pwd|sys)\Z"
    r"|hyperv_net\.(processes|root\.files|root\.cloud_config|root\.system|inventory\.(?!identifiers|told"
    r"|checked_json)|announcements\.(?!(?:announcement|azure|course|following|google|hearing|kvp_records|own_document"
    r"|seats|source|times|turns)\Z)|applying|bake|capture|hotplug\.(?!wanted\Z)|kvp|lint|review\.(?!document\b)"
    r"|simulation\.(?!document|story)|sources|status|commands)"
)

#: What of a review looks at the machine, its files or its terminal.
MEETING_THE_SYSTEM = (
    r"hyperv_net\.review\.(applied|as_json|documents\.applied|in_process|located|printing|reviewed"
    r"|terminal_look)\Z"
)

#: What a run at an event does without, since every event of a VF starts one.
HEAVY = re.compile(
    r"(yaml|argparse|dataclasses|inspect|pathlib|subprocess|ipaddress|importlib|urllib)(\.|\Z)"
    r"|hyperv_net\.(model|netconfig|rewrite|plan|review|fleet|simulation|commands|cli|rules|announcements)(\.|\Z)"
    r"|hyperv_net\.renderers\.\w+\.(render|adopt|inject|lint|first_boot|rc_conf)(\.|\Z)"
    r"|hyperv_net\.renderers\.(passed_on|plain_yaml|account|orphans)(\.|\Z)"
)

#: Words that are a target's name and something else as well, each where it is that.
OTHER_MEANINGS = {
    ("hyperv_net.facts", "freebsd"): "the operating system",
    ("hyperv_net.bake.content", "freebsd"): "the folder of that system's data",
    ("hyperv_net.bake.content", "rc.conf"): "the folder of files for rc's scripts",
    ("hyperv_net.bake.guard", "freebsd"): "the same",
    ("hyperv_net.bake.place", "rc.conf"): "the same",
    ("hyperv_net.bake.watch", "freebsd"): "the folder of that system's data",
    ("hyperv_net.bake.watch", "rc.conf"): "the folder of files for rc's scripts",
    ("hyperv_net.commands.kvp", "freebsd"): "a path of the example in the help",
    ("hyperv_net.commands.kvp", "NetworkManager"): "whom the daemon's second file is for",
    ("hyperv_net.commands.render", "netplan"): "the example in the help",
    ("hyperv_net.manual", "NetworkManager"): "the folder of its profiles",
    ("hyperv_net.manual", "netplan"): "a manual page",
    ("hyperv_net.manual", "networkd"): "what a file of ours is for",
    ("hyperv_net.manual", "rc.conf"): "a manual page",
    ("hyperv_net.netconfig.v2", "networkd"): "a value of the key `renderer` of a network config",
    ("hyperv_net.netconfig.v2", "NetworkManager"): "the same",
    ("hyperv_net.root.naming_files", "sysconfig"): "a folder that has iptables' rules as well",
    ("hyperv_net.root.system", "rc.conf"): "a file that every FreeBSD has",
    ("hyperv_net.simulation.measured", "netplan"): "what configured a machine of the lab",
    ("hyperv_net.simulation.measured", "ifupdown"): "the same",
    ("hyperv_net.simulation.measured", "networkd"): "what was done there, in a table of the docs",
    ("hyperv_net.simulation.measured", "NetworkManager"): "what configured a machine of the lab",
    ("hyperv_net.rules.image", "rc.conf"): "the folder of files for rc's scripts",
    ("hyperv_net.sources.patches", "netplan"): "a module of cloud-init",
    ("hyperv_net.sources.patches", "rc.conf"): "what a patch is for",
}


def stage(module: str) -> int:
    """The place of a module's stage in the flow."""
    if EFFECTS_OF_TARGETS.match(module):
        return [name for name, _ in STAGES].index("effect")
    inside = module.removeprefix("hyperv_net").removeprefix(".") or "errors"
    for place, (_, pattern) in enumerate(STAGES):
        if re.fullmatch(pattern, inside):
            return place
    raise AssertionError(f"{module} is in no stage")


@pytest.mark.parametrize("module", sorted(modules()))
def test_no_arrow_runs_back_up_the_flow(module: str) -> None:
    """What is left of another stage knows nothing of it; only type checkers look ahead."""
    wrong = [
        f"line {one.line}: {one.module} ({STAGES[stage(one.module)][0]})"
        for one in imports(module)
        if one.module in modules() and not one.is_for_types and stage(one.module) > stage(module)
    ]
    assert wrong == [], f"{module} ({STAGES[stage(module)][0]})"


def test_what_bakes_an_image_is_known_to_the_command_for_it_alone() -> None:
    """What a machine and an image have in common has a home that is neither's."""
    inside = "hyperv_net.bake"
    known = {
        module
        for module in modules()
        for one in imports(module)
        if f"{one.module}.".startswith(f"{inside}.") and not f"{module}.".startswith(f"{inside}.")
    }
    assert known == {"hyperv_net.commands.bake"}


def is_pure(module: str) -> bool:
    """Whether a module is of the pure middle; of a target all is, but for its effects."""
    of_targets = module.startswith("hyperv_net.renderers") and not EFFECTS_OF_TARGETS.match(module)
    return of_targets or bool(PURE.match(module))


@pytest.mark.parametrize("module", sorted(filter(is_pure, modules())))
def test_the_pure_middle_imports_nothing_that_reads_or_writes(module: str) -> None:
    """Neither by itself nor by way of another, and not when one of its functions runs."""
    ways = [
        " > ".join(way) for name, way in reached(module, late=True).items() if IMPURE.match(name)
    ]
    assert ways == []


@pytest.mark.parametrize(
    "module", sorted(one for one in modules() if one.startswith("hyperv_net.fleet"))
)
def test_what_an_engine_runs_on_each_machine_reads_and_writes_nothing(module: str) -> None:
    """Of what draws a plan it needs the model alone, and of inventories how they are written."""
    ways = [
        " > ".join(way)
        for name, way in reached(module, late=True).items()
        if IMPURE.match(name)
        and not name.startswith(("hyperv_net.review", "hyperv_net.inventory.snapshot"))
    ]
    assert ways == []


@pytest.mark.parametrize(
    "module",
    sorted(
        one
        for one in modules()
        if one.startswith("hyperv_net.review.") and not re.match(MEETING_THE_SYSTEM, one)
    ),
)
def test_what_draws_a_review_has_all_from_the_review(module: str) -> None:
    """A format that looked at the disk would draw another report elsewhere."""
    ways = [
        " > ".join(way)
        for name, way in reached(module, late=True).items()
        if IMPURE.match(name)
        and not name.startswith("hyperv_net.review")
        # It knows what is secret, and escapes what a terminal would obey.
        and way[-2] != "hyperv_net.terminal"
    ]
    assert ways == []


def test_what_runs_at_an_event_imports_neither_yaml_nor_argparse_nor_a_renderer() -> None:
    """Whatever one of its functions may come to."""
    parts = ("hyperv_net.hotplug.__main__", *parts_for_events())
    ways = [
        " > ".join(way)
        for module in parts
        for name, way in reached(module, late=True).items()
        if HEAVY.match(name)
    ]
    assert ways == []


def test_the_libraries_of_the_page_are_imported_by_the_page_alone() -> None:
    """Whoever wants another format, or none, needs neither them nor the time they take."""
    users = {
        module
        for module in modules()
        for one in imports(module)
        if re.match(r"(jinja2|markupsafe|pygments)\b", one.module) and not one.is_for_types
    }
    assert {one for one in users if not one.startswith("hyperv_net.review.page.")} == set()
    assert users


def parts_for_events() -> Iterator[str]:
    """The modules of targets that the hook may come to use."""
    yield from TARGETS.values()
    for target in targets():
        for part in (target.rebuild, target.managing):
            yield getattr(part, "module", "hyperv_net.renderers.lacking")


def test_a_run_with_nothing_to_do_has_imported_none_of_it(tmp_path: Path) -> None:
    """As systemd starts it, on a machine whose pair is as it should be."""
    write_running(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ip").write_text("#!/bin/sh\n")
    (tmp_path / "bin/ip").chmod(0o755)
    code = (
        "import sys; before = set(sys.modules)\n"
        "from hyperv_net import processes\n"
        f"processes.ENVIRONMENT['PATH'] = {str(tmp_path / 'bin')!r}\n"
        f"from hyperv_net.hotplug.__main__ import main; assert main({str(tmp_path)!r}) == 0\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", code]
    first, second = (
        subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    imported = first.stdout.split()
    assert (
        "hyperv_net.hotplug.look.linux" in imported and "hyperv_net.renderers.netplan" in imported
    )
    assert [name for name in imported if HEAVY.match(name)] == []
    # The first run of a boot has told the journal what is there, and the next has no news.
    of_journal = [name for name in imported if "hyperv_net.journal" in name]
    assert of_journal and not {*of_journal, "hyperv_net.hotplug.telling"} & {*second.stdout.split()}


@pytest.mark.parametrize("module", ["hyperv_net", "hyperv_net.sources"])
def test_what_cloud_init_imports_without_a_net_needs_nothing_of_the_package(module: str) -> None:
    """A module here that raised would leave the machine without a datasource."""
    needed = {one.module for one in imports(module) if not one.is_late and not one.is_for_types}
    assert needed <= {"__future__"}


@pytest.mark.parametrize(
    "module", sorted(name for name in modules() if not name.startswith("hyperv_net.renderers"))
)
def test_nothing_outside_the_folder_of_targets_names_one(module: str) -> None:
    """Neither by its name, nor by cloud-init's name for it, nor by its folder."""
    folders = {package.rpartition(".")[2] for package in TARGETS.values()}
    names = {
        *TARGETS,
        *(one.cloud_init.name for one in targets()),
        *(one.files for one in targets()),
    }
    word = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(names)))})(?![\w-])")
    named = {
        found[1]
        for text in texts(ast.parse(modules()[module].read_text()))
        for found in word.finditer(text)
        if (module, found[1]) not in OTHER_MEANINGS
    }
    assert named == set()
    assert not any(is_inside_a_target(one.module, folders) for one in imports(module))


def texts(tree: ast.Module) -> Iterator[str]:
    """All texts of a module but its docstrings."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in documentation or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str):
            yield node.value


def is_inside_a_target(module: str, folders: set[str]) -> bool:
    prefix, _, rest = module.partition("hyperv_net.renderers.")
    return not prefix and rest.partition(".")[0] in folders


def test_every_other_meaning_is_still_there() -> None:
    """An exception that nothing needs any more goes."""
    for module, name in OTHER_MEANINGS:
        assert any(name in text for text in texts(ast.parse(modules()[module].read_text())))
