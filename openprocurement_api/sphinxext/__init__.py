"""A Sphinx extension: directives that show what the code declares, and a page for every procedure that is installed.

Each directive is a name of `pieces.PIECES` with one argument, for example `procedure-states` with `belowThreshold bids`;
`mermaid` draws. The setting `openprocurement_procedures` names the folder of the pages, below the root of the sources; they
are made anew in each build. `python -m openprocurement_api.sphinxext readme` writes pieces into README files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from .exchange import ExchangeLexer
from .pages import pages
from .pictures import Picture
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


def write_pages(app: Sphinx) -> None:
    """Write the page of each procedure that is installed, and take away those of procedures that are not."""
    if not app.config.openprocurement_procedures:
        return
    folder = Path(app.srcdir, app.config.openprocurement_procedures)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {folder / f"{name}.md": text for name, text in pages()}
    for page in set(folder.glob("*.md")) - wanted.keys():
        page.unlink()
    for page, text in wanted.items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives and the pages."""
    for name in PIECES:
        app.add_directive(name, Declared)
    app.add_directive("mermaid", Picture)
    app.add_lexer("http", ExchangeLexer)
    app.add_config_value("openprocurement_procedures", "", "env", str)
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
