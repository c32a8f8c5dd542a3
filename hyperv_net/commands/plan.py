"""`hyperv-net plan`: the whole flow, without writing anything."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.inputs import add_input_options, plan_from
from hyperv_net.commands.root import add_show_secrets
from hyperv_net.commands.written_again import edited_there, written_again
from hyperv_net.decision.binding import bound
from hyperv_net.facts import at_least
from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count

if TYPE_CHECKING:
    import argparse

    from hyperv_net.commands.inputs import Bind
    from hyperv_net.plan.flow import Plan

DIFFERENCE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_options(parser)
    add_cloud_init_option(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=["text", "diff", "json"], default="text")
    add_show_option(group)
    add_show_secrets(group)
    group.add_argument(
        "--check",
        action="store_true",
        help="exit with 2 where something would change, with 1 where the network config speaks of "
        "no NIC of the machine",
    )
    add_expect_option(group)
    group.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        default=Severity.ERROR.value,
        help="exit with 1 where a finding is as severe, or more (default: error)",
    )
    add_allow_option(group)
    parser.epilog = (
        "example:\n"
        "  hyperv-net plan --inventory examples/azure-freebsd-mce/inventory.json \\\n"
        "      --network-config examples/azure-freebsd-mce/network-config.yaml \\\n"
        "      --root examples/azure-freebsd-mce/root"
    )


def add_show_option(group: argparse._ActionsContainer) -> None:
    """Declare the option by which a text has what is folded otherwise."""
    group.add_argument(
        "--show",
        choices=["all"],
        help="the text with the settings that stay as they are and the files for the running "
        "machine too, which a terminal and a review's text only count",
    )


def add_cloud_init_option(parser: argparse.ArgumentParser) -> None:
    """Declare the option for what the next first boot writes."""
    parser.add_argument(
        "--cloud-init",
        action="store_true",
        help="what the machine's next first boot would write: the network config and the target "
        "are those that cloud-init would choose",
    )


def add_expect_option(group: argparse._ActionsContainer) -> None:
    """Declare the option for the number of aggregates that a machine is to have."""
    group.add_argument(
        "--expect-aggregates",
        metavar="N",
        type=_number,
        help="exit with 1 unless the plan has so many aggregates",
    )


def _number(text: str) -> int:
    import argparse

    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of aggregates: 0, 1, …")
    return int(text)


def add_allow_option(parser: argparse._ActionsContainer) -> None:
    """Declare the option for findings that are known and meant."""
    parser.add_argument(
        "--allow",
        metavar="RULE[@PATH]",
        action="append",
        default=[],
        help="a finding of this rule is known and meant: it is shown, and fails nothing; PATH is a "
        "file, a key (ethernets.eth0) or FILE:KEY, with globs; an error needs its PATH; may be "
        "given again",
    )


def run(args: argparse.Namespace) -> int:
    """Print the plan; 1 where a part could not be done, 2 for a difference under --check."""
    with captures_unpacked(args):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    plan = full_plan(args)
    if args.format == "json":
        from hyperv_net.review.as_json import plan_document
        from hyperv_net.review.printing import print_document

        print_document(plan_document(plan, show_secrets=args.show_secrets))
    elif args.format == "diff":
        from hyperv_net.review.diff import unified_diff
        from hyperv_net.review.printing import complain_of

        terminal.write_diff(unified_diff(plan.changes, show_secrets=args.show_secrets))
        complain_of(plan.findings, plan.allowed)
    else:
        _print(plan, args)
    if _is_refused(plan, args):
        return 1
    return DIFFERENCE if args.check and plan.differs else 0


def _print(plan: Plan, args: argparse.Namespace) -> None:
    from hyperv_net.review.assembling import review_of
    from hyperv_net.review.printing import print_drawn, shown
    from hyperv_net.review.sections import diffs
    from hyperv_net.review.terminal_look import look_of_terminal
    from hyperv_net.review.text import plan_text, summary

    look = look_of_terminal(shows_all=args.show is not None)
    review = shown(review_of(plan, show_secrets=args.show_secrets))
    print_drawn(f"{plan_text(plan, review, look)}\n", look)
    terminal.write_diff(diffs(review, look), is_hidden=True)
    for line in look.fitted(summary(plan), 2):
        terminal.say(line, is_hidden=True)


def _is_refused(plan: Plan, args: argparse.Namespace) -> bool:
    fatal = at_least(Severity(args.fail_on))
    counted = (one for one in plan.findings if one not in plan.allowed)
    return any(one.severity in fatal for one in counted) or (args.check and not plan.meets)


def _as_expected(plan: Plan, expected: int | None) -> Plan:
    """The plan, with an error where it has not so many aggregates."""
    number = len(plan.rewritten.aggregates)
    if expected is None or number == expected:
        return plan
    finding = Finding(
        rule="unexpected-aggregates",
        severity=Severity.ERROR,
        message=f"the plan has {count(number, 'aggregate')}, and {expected} were expected",
        where="--expect-aggregates",
        hint="the pairs' modes and the findings say why",
    )
    return plan._replace(findings=(*plan.findings, finding))


def full_plan(args: argparse.Namespace, bind: Bind = bound) -> Plan:
    """The plan with all that is known of it: what the root's rules say, what was expected, allowed.

    `bind` is as for `plan_from`.
    Raises UsageError where a rule is allowed that there is not.
    """
    if not args.allow:
        return _as_expected(_plan(args, bind), args.expect_aggregates)
    from hyperv_net.rules.allowing import judged, parsed

    allows = [parsed(one) for one in args.allow]
    plan = _as_expected(_plan(args, bind), args.expect_aggregates)
    findings, allowed = judged(plan.findings, allows)
    return plan._replace(findings=findings, allowed=allowed)


def _plan(args: argparse.Namespace, bind: Bind) -> Plan:
    if args.cloud_init:
        from hyperv_net.commands.first_boot import plan_of_first_boot

        plan = plan_of_first_boot(args)
    else:
        plan = plan_from(args, bind)
        undone = written_again(plan, args.root)
        if undone is not None:
            again = Finding(
                "written-again", Severity.WARNING, undone.what, undone.where, undone.hint
            )
            plan = plan._replace(findings=(*plan.findings, again))
        else:
            plan = plan._replace(findings=(*plan.findings, *edited_there(plan, args.root)))
    return plan if args.root is None else _with_findings_of_root(plan, args.root)


def _line(finding: Finding) -> object:
    """The line that a finding is about, or all that is known of where that is."""
    where = finding.where
    return where if isinstance(where, str) or not where.line else (where.file, where.line)


def _with_findings_of_root(plan: Plan, root: str) -> Plan:
    """The plan with what the rules of `bake` say of the root.

    Nothing is put into it here, so that what stops a bake is a warning.
    """
    from hyperv_net.decision.claims import cards
    from hyperv_net.lint import lint
    from hyperv_net.lint.image import Machine

    nics, rewritten = plan.inventory.nics, plan.rewritten
    names = (
        name
        for one in rewritten.aggregates
        for name in (
            rewritten.interfaces.get(one.synthetic_id),
            one.pair.synthetic.name if one.pair.synthetic is not None else None,
        )
    )
    machine = Machine(
        system=plan.inventory.system,
        macs=frozenset(nic.hardware_mac for nic in nics if nic.hardware_mac),
        synthetic=frozenset(name for name in names if name is not None),
        cards=cards(plan.decisions),
    )
    # What is to be written would be found as it will be.
    texts = {change.file.path: change.file.text for change in plan.changes}
    found = lint(root, texts, machine=machine if nics else None)
    mild = (
        one._replace(severity=Severity.WARNING) if one.severity is Severity.ERROR else one
        for one in found
    )
    # The renderer may have said it of the same line, and knows more of it.
    said = {_line(one) for one in plan.findings}
    more = (one for one in mild if _line(one) not in said)
    return plan._replace(findings=(*plan.findings, *more))
