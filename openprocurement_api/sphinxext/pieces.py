"""The pieces of documentation that are made from declarations, as Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from .. import errors, hookspecs, plugins, settings
from ..domain.diagram import access_tables, mermaid, states_table, table, transitions_table
from ..domain.node import Node, tree
from ..domain.procedure import Procedure
from ..domain.workflow import Workflow
from .fields import models

Piece = Callable[[str], str]


# --- procedures


def installed() -> dict[str, Procedure]:
    """Every procedure of this Python installation by its type. Raises PluginError."""
    return plugins.procedures(plugins.load(point.name for point in entry_points(group=plugins.GROUP)))


def procedure(name: str) -> Procedure:
    """The procedure of this type. Raises PluginError and LookupError."""
    found = installed()
    if name not in found:
        raise LookupError(f"no plugin brings a procedure {name!r}; there are: {', '.join(sorted(found))}")
    return found[name]


def subject(argument: str) -> tuple[Procedure, Node]:
    """What `belowThreshold` or `belowThreshold awards/complaints` names. Raises PluginError and LookupError."""
    name, _, path = argument.partition(" ")
    found = procedure(name)
    root = found.root.plural
    nodes = {where: node for node, where in tree(found.root)}
    return found, nodes[f"{root}/{path.strip()}" if path else root]


def workflow(argument: str) -> Workflow:
    """The workflow of a node. Raises LookupError for one without states."""
    node = subject(argument)[1]
    if node.workflow is None:
        raise LookupError(f"{argument}: a {node.name} has no states")
    return node.workflow


def diagram(argument: str) -> str:
    """The picture of a workflow."""
    return f"```mermaid\n{mermaid(workflow(argument))}\n```"


def access(argument: str) -> str:
    """Who may do what to a node, state by state."""
    parts = access_tables(subject(argument)[1])
    return "\n\n".join(f"**{'In any state' if name == '*' else f'`{name}`'}**\n\n{text}" for name, text in parts)


def fields(argument: str) -> str:
    """The models of a procedure, each once."""
    found = procedure(argument)
    return models([(where.removeprefix(f"{found.root.plural}/"), node) for node, where in tree(found.root)], argument)


# --- the system


def options(names: str) -> str:
    """Settings: the kernel's, or those of the named plugins."""
    manager = plugins.load(names.split())
    found = plugins.gathered(manager.hook.openprocurement_settings()) if names else settings.OPTIONS
    return table(("Setting", "Default", "What for"), ((f"`{o.name}`", default(o.default), o.doc) for o in found))


def default(value: Any) -> str:
    """A default as an ini file would have it."""
    if value is settings.REQUIRED:
        return "(needed)"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text}`" if text else "(empty)"


def failures(_: str) -> str:
    """The statuses of errors, as the module of errors lists them."""
    lines = [line.strip("|").split("|") for line in (errors.__doc__ or "").splitlines() if line.startswith("|")]
    head, _rule, *rows = [[cell.strip() for cell in line] for line in lines]
    return table(head, rows)


def hooks(_: str) -> str:
    """Every hook, with what it is called with."""
    found = [value for value in vars(hookspecs).values() if hasattr(value, f"{hookspecs.PROJECT}_spec")]
    return table(("Hook", "What it is for"), ((called(hook), inspect.getdoc(hook) or "") for hook in found))


def called(hook: Callable[..., Any]) -> str:
    """A hook's name with the names of its arguments."""
    return f"`{hook.__name__}({', '.join(inspect.signature(hook).parameters)})`"


PIECES: Mapping[str, Piece] = {
    "procedure-diagram": diagram,
    "procedure-states": lambda argument: states_table(workflow(argument)),
    "procedure-transitions": lambda argument: transitions_table(workflow(argument)),
    "procedure-access": access,
    "node-fields": fields,
    "settings-table": options,
    "errors-table": failures,
    "hooks-table": hooks,
}
"""The text of each directive, made from its argument."""
