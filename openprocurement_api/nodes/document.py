"""Documents: files described in the tender and kept by the document service. Several versions share one id."""

from __future__ import annotations

from ..domain.actors import ADMINS, AUCTION, BIDDER, BOT, COMPLAINANT, OWNER, REVIEWER
from ..domain.guards import author_only
from ..domain.node import Node, Step
from ..domain.workflow import UPDATE
from ..models.document import Document
from .fields import names

FILE = frozenset({"url", "hash"})
GIVEN = frozenset({"id", "datePublished", "dateModified", "author"})
"""Fields the server writes."""
ACCEPTED = names(Document) - GIVEN
DESCRIPTION = ACCEPTED - FILE

DOCUMENT = Node(
    "document",
    "documents",
    Document,
    accepts=ACCEPTED,
    edits=dict.fromkeys((OWNER, BIDDER, COMPLAINANT, REVIEWER, AUCTION, BOT, ADMINS), DESCRIPTION),
    versioned=True,
    embedded=True,
)
AUTHORED = DOCUMENT.but(authored=True, embedded=False, steps={UPDATE: Step(guards=(author_only,))})
"""Documents that remember who added them and may be changed by nobody else."""
PLAIN = DOCUMENT.but(embedded=False)
