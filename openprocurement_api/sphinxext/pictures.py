"""Diagrams in the built pages: a block of Mermaid text, which a script of the page draws."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils.nodes import raw
from sphinx.util.docutils import SphinxDirective


class Picture(SphinxDirective):
    """The directive `mermaid`: the same fence that forges draw by themselves."""

    has_content = True

    def run(self) -> list[Any]:
        """The text, for HTML only."""
        text = "\n".join(self.content)
        return [raw("", f'<pre class="mermaid">\n{escape(text)}\n</pre>', format="html")]
