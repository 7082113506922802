"""What is left out of a document, for whom, and in which state."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import toy_procedure as toy
from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.actors import CLOCK, OWNER
from openprocurement_api.domain.node import Confided
from openprocurement_api.domain.patching import changed
from openprocurement_api.domain.rendering import filter_for, latest_versions, limited, looks_changed, public
from openprocurement_api.domain.workflow import Veil, Window

SECRETS = {"owner_token": "digest", "transfer_token": "digest", "_private": 1}


def selling(offer=toy.OFFER, **states):
    """The toy procedure with another kind of offer, or with other things hidden in some states."""
    flow = toy.ROOT.workflow
    changed = [replace(flow.state(name), hides=hides) for name, hides in states.items()]
    return replace(toy.SALE, root=toy.ROOT.but(workflow=flow.but(states=changed), children=(offer,)))


def test_what_is_private_and_what_the_server_keeps_is_never_shown():
    doc = toy.sale("closed", title="Стіл", **SECRETS)
    assert public(toy.SALE, doc) == toy.sale("closed", title="Стіл")
    assert filter_for(toy.SALE, "closed", "sales").show(doc, lambda d, _: d, own=True) == toy.sale("closed", title="Стіл")


def test_a_state_may_show_nothing_but_some_fields():
    doc = toy.sale("unsold", title="Стіл")
    assert public(toy.SALE, doc) == {"id": "1"}
    assert filter_for(toy.SALE, "unsold", "sales").show(doc, lambda d, _: d, own=True) == {"id": "1"}


def test_a_state_hides_collections_and_all_that_is_in_them():
    assert public(toy.SALE, toy.sale(offers=[toy.offer()])) == toy.sale()
    assert filter_for(toy.SALE, "open", "sales/offers").hidden
    assert filter_for(toy.SALE, "open", "sales/offers/notes").hidden
    assert not filter_for(toy.SALE, "closed", "sales/offers").hidden


def test_a_field_may_be_hidden_of_some_items_only():
    veil = Veil("offers", frozenset({"author"}), when=lambda offer: offer["status"] == "made")
    procedure = selling(open=(veil,))
    offers = [toy.offer(author="x"), toy.offer("expired", author="y")]
    shown = public(procedure, toy.sale(offers=offers))["offers"]
    assert shown == [toy.offer(), toy.offer("expired", author="y")]
    fresh = filter_for(procedure, "open", "sales/offers").show(offers[0], lambda d, _: d, fresh=True)
    assert fresh == offers[0]


def test_a_field_of_the_root_may_be_hidden_on_a_condition():
    procedure = selling(open=(Veil("", frozenset({"price"}), when=lambda sale: "shy" in sale),))
    assert public(procedure, toy.sale(price=1)) == toy.sale(price=1)
    assert public(procedure, toy.sale(price=1, shy=True)) == toy.sale(shy=True)


def test_what_is_sealed_is_shown_to_the_holder_alone():
    sealed = toy.OFFER.but(sealed=frozenset({"room", "parts.room"}))
    doc = toy.offer(room="a", parts=[{"id": "x", "room": "b"}, {"id": "y"}])
    kept = deepcopy(doc)
    shown = filter_for(selling(sealed), "closed", "sales/offers")
    assert shown.show(doc, lambda d, _: d) == toy.offer(parts=[{"id": "x"}, {"id": "y"}])
    assert shown.show(doc, lambda d, _: d, own=True) == kept
    assert doc == kept


def test_documents_are_given_their_addresses():
    versioned = toy.OFFER.but(versioned=True)
    doc = toy.sale("closed", offers=[toy.offer(url="/x")])
    shown = public(selling(versioned), doc, lambda d, hidden: d | {"url": f"http://host{d['url']}", "hidden": hidden})
    assert shown["offers"] == [toy.offer(url="http://host/x", hidden=False)]


def test_some_actors_have_a_view_of_their_own():
    """It has sealed numbers in it, but nothing of a collection that is sealed."""
    node = toy.ROOT.but(views={CLOCK: frozenset({"status", "count", "offers"})})
    doc = toy.sale(count=1, offers=[toy.offer()])
    assert limited(toy.sale(), doc, node, frozenset({CLOCK})) == {"status": "open", "count": 1}
    assert limited(toy.sale(), doc, node, frozenset({OWNER})) == toy.sale()


def test_of_several_versions_the_newest_counts():
    versions = [
        {"id": "b", "dateModified": "2026-03-01", "title": "старий"},
        {"id": "a", "dateModified": "2026-03-02"},
        {"id": "b", "dateModified": "2026-03-03", "title": "новий"},
    ]
    assert latest_versions(versions) == [versions[1], versions[2]]


def test_a_window_leaves_only_some_fields_of_items_to_others_than_their_holder():
    procedure = selling()
    flow = procedure.root.workflow
    narrow = replace(flow.state("closed"), windows=(Window("offers", frozenset({"id"})),))
    procedure = replace(procedure, root=procedure.root.but(workflow=flow.but(states=[narrow])))
    doc = toy.offer(notes=[{"id": "3"}])
    assert public(procedure, toy.sale("closed", offers=[doc]))["offers"] == [{"id": "2"}]
    offers = filter_for(procedure, "closed", "sales/offers")
    assert offers.show(doc, lambda d, _: d, own=True) == doc
    assert not offers.hidden
    assert filter_for(procedure, "closed", "sales/offers/notes").hidden


def test_what_is_confided_is_shown_to_the_holder_and_to_those_it_is_confided_to():
    """What lies below something is shown to its holder as to the holder of itself; its address is not the public one."""
    discreet = Confided(frozenset({"url"}), lambda note: "secret" in note, frozenset({OWNER}), "no")
    note = toy.NOTE.but(versioned=True, confided=discreet)
    procedure = selling(toy.OFFER.but(children=(note,)))
    notes = [{"id": "3", "url": "/3", "secret": True}, {"id": "4", "url": "/4"}]
    offers = filter_for(procedure, "closed", "sales/offers")

    def urls(**viewer):
        shown = offers.show(toy.offer(notes=notes), lambda d, hidden: d | {"hidden": hidden}, **viewer)
        return [(each.get("url"), each["hidden"]) for each in shown["notes"]]

    assert urls() == urls(actors=frozenset({CLOCK})) == [(None, True), ("/4", False)]
    assert urls(own=True) == urls(actors=frozenset({OWNER})) == [("/3", True), ("/4", False)]


def test_an_item_whose_state_says_what_it_shows_shows_that_in_a_window_too():
    flow, offers = toy.ROOT.workflow, toy.OFFER.workflow
    narrow = replace(flow.state("closed"), windows=(Window("offers", frozenset({"id"})),))
    told = toy.OFFER.but(workflow=offers.but(states=[replace(offers.state("expired"), shows=frozenset({"id", "why"}))]))
    procedure = replace(toy.SALE, root=toy.ROOT.but(workflow=flow.but(states=[narrow]), children=(told,)))
    late = toy.offer("expired", why="late", price=1)
    shown = public(procedure, toy.sale("closed", offers=[toy.offer(), late]))
    assert shown["offers"] == [{"id": "2"}, {"id": "2", "why": "late"}]
    assert filter_for(procedure, "closed", "sales/offers").show(late, lambda d, _: d, own=True) == {"id": "2", "why": "late"}


# --- whether everybody sees a difference

NUMBERS = st.integers(1, 2)
NOTES = st.lists(st.fixed_dictionaries({"id": NUMBERS}, optional={"secret": NUMBERS, "_private": NUMBERS}), max_size=1)
OFFERS = st.fixed_dictionaries(
    {"id": st.just("2"), "status": st.sampled_from(["made", "expired"])},
    optional={"author": NUMBERS, "room": NUMBERS, "owner_token": NUMBERS, "notes": NOTES},
)
SALES = st.fixed_dictionaries(
    {"id": st.just("1"), "status": st.sampled_from(["open", "closed", "unsold"])},
    optional={"title": NUMBERS, "price": NUMBERS, "shy": NUMBERS, "_private": NUMBERS, "offers": st.lists(OFFERS, max_size=2)},
)
DISCREET = Confided(frozenset({"secret"}), lambda note: note["id"] == 1, frozenset({OWNER}), "no")
SECRETIVE = selling(
    toy.OFFER.but(sealed=frozenset({"room"}), children=(toy.NOTE.but(confided=DISCREET),)),
    open=(
        Veil("", frozenset({"price", "offers"}), when=lambda sale: "shy" in sale),
        Veil("offers", frozenset({"author"}), when=lambda offer: offer["status"] == "made"),
    ),
)


@given(SALES, SALES)
def test_what_looks_changed_is_what_is_shown_otherwise(before, after):
    seen = public(SECRETIVE, before) != public(SECRETIVE, after)
    assert looks_changed(SECRETIVE, before, after, changed(before, after)) == seen


def test_a_field_that_uncovers_another_changes_what_is_seen_though_itself_it_is_private():
    procedure = selling(open=(Veil("", frozenset({"price"}), when=lambda sale: "_shy" in sale),))
    before, after = toy.sale(price=1, _shy=True), toy.sale(price=1)
    assert looks_changed(procedure, before, after, {"_shy"})
    assert not looks_changed(procedure, toy.sale(_other=1), toy.sale(), {"_other"})


def test_asking_whether_it_looks_changed_changes_nothing():
    before, after = toy.sale("closed", offers=[toy.offer(notes=[{"id": "3"}])]), toy.sale("closed", offers=[toy.offer()])
    kept = deepcopy((before, after))
    assert looks_changed(toy.SALE, before, after, {"offers"})
    assert (before, after) == kept
