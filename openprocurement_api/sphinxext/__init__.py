"""A Sphinx extension: directives that show what the code declares.

Each directive is a name of `pieces.PIECES` with one argument, for example `procedure-states` with `belowThreshold bids`.
`python -m openprocurement_api.sphinxext readme` does the same for the marked places of README files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from .pieces import PIECES

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Declared(SphinxDirective):
    """A directive that is replaced by the piece of its name. What cannot be shown is an error of the page."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[Any]:
        """The nodes of the piece."""
        try:
            text = PIECES[self.name](" ".join(self.arguments))
        except (ValueError, LookupError) as error:
            raise self.error(f"{self.name}: {error}") from error
        return self.parse_text_to_nodes(text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    for name in PIECES:
        app.add_directive(name, Declared)
    return {"parallel_read_safe": True}
