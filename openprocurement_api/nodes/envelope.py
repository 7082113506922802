"""The envelopes of a bid: documents by what they prove, some of them for the buyer's eyes only."""

from __future__ import annotations

from ..domain.actors import ADMINS, BIDDER, OWNER
from ..domain.context import Ctx
from ..domain.node import Confided, Node, Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, UPDATE, Doc, Guard, Verb
from ..models.document import Document
from ..models.envelope import PUBLIC, ConfidentialDocument
from .document import DOCUMENT

CLOSED = frozenset({"invalid", "unsuccessful", "deleted"})
"""Statuses of a bid that takes no part."""
KINDS = ("financial", "eligibility", "qualification")
ENVELOPES = ("documents", *(f"{kind}Documents" for kind in KINDS))
"""The fields of a bid in which it keeps documents."""
SECRECY = frozenset({"confidentiality", "confidentialityRationale"})
LINK = frozenset({"url"})
DOING: dict[Verb, str] = {ADD: "add document to", UPDATE: "update document data for"}


def in_live_bid(ctx: Ctx) -> Refusal | bool:
    """documents belong to a bid that takes part"""
    status = ctx.chain[1][1]["status"]
    if status not in CLOSED:
        return True
    if ctx.verb == UPDATE and ctx.before is None:  # a new version, not a description
        return Refusal(f"Can't update document in '{status}' bid")
    return Refusal(f"Can't {DOING[ctx.verb]} '{status}' bid")


def confidentiality_kept(ctx: Ctx) -> Refusal | bool:
    """whether a document is confidential is said while bids are made, and not changed later"""
    status, said = ctx.root["status"], (ctx.before or ctx.doc).get("confidentiality", PUBLIC)
    if status == "active.tendering" or (ctx.wish or {}).get("confidentiality", said) == said:
        return True
    return Refusal(f"Can't update document confidentiality in current ({status}) tender status")


def is_confidential(doc: Doc) -> bool:
    """Whether a document is for the buyer alone."""
    return bool(doc.get("confidentiality", PUBLIC) != PUBLIC)


def confide_earlier(ctx: Ctx) -> None:
    """with a document all its earlier versions become confidential"""
    if not is_confidential(ctx.doc):
        return
    for version in ctx.parent[ctx.node.field]:
        if version["id"] == ctx.doc["id"] and not is_confidential(version):
            version |= {name: ctx.doc[name] for name in SECRECY}


CONFIDED = Confided(LINK, is_confidential, frozenset({OWNER}), "Document download forbidden.")


def envelopes(*guards: Guard) -> tuple[Node, ...]:
    """The four collections of documents of a bid; `guards` say when they may change at all."""
    sheet = DOCUMENT.but(
        model=ConfidentialDocument,
        accepts=DOCUMENT.accepts | SECRECY,
        edits={who: fields | SECRECY for who, fields in DOCUMENT.edits.items() if who in (BIDDER, ADMINS)},
        confided=CONFIDED,
        steps={
            ADD: Step(guards=(*guards, in_live_bid)),
            UPDATE: Step(guards=(*guards, confidentiality_kept, in_live_bid), effects=(confide_earlier,)),
        },
    )
    return (sheet, *(sheet.but(plural=f"{kind}_documents", field=f"{kind}Documents") for kind in KINDS))


def documented(node: Node, model: type[Document]) -> Node:
    """The same kind of resource with another model for every plain document in it."""
    if node.versioned:
        return node.but(model=model) if issubclass(model, node.model) else node
    return node.but(children=tuple(documented(child, model) for child in node.children))
