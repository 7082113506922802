"""The engine: walking the tree of nodes, what falls due, what moves by itself, who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import toy_procedure as toy
from toy_procedure import NOW, SALE, ctx, later, offer, sale

from openprocurement_api.domain.actors import AUTO, BROKER, CASCADE, CLOCK, EVERYONE, OWNER
from openprocurement_api.domain.context import Ctx, Env, apply
from openprocurement_api.domain.node import Confided, Node, Step, tree
from openprocurement_api.domain.refusal import FORBIDDEN, NO_ROLE, Refusal
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import ADD, DELETE, UPDATE, State, Transition, Window, Workflow, WorkflowError

PATHS = ["sales", "sales/offers", "sales/offers/notes"]

# --- the tree


def test_a_node_is_specialised_by_value():
    other = toy.OFFER.but(name="bid")
    assert (other.name, other.plural, toy.OFFER.name) == ("bid", "offers", "offer")


def test_the_json_field_is_the_plural_unless_said_otherwise():
    assert Node("a", "as", None).field == "as"
    assert Node("a", "as", None, field="list_of_a").field == "list_of_a"


def test_children_are_found_by_url_segment_and_by_field():
    above = Node("a", "as", None, children=(toy.NOTE.but(field="remarks"),))
    assert above.child("notes") is above.child_field("remarks")
    assert above.child("remarks") is above.child_field("notes") is None


def test_what_a_node_must_have_is_asked_for_by_name():
    assert toy.ROOT.flow is toy.ROOT.workflow
    assert toy.ROOT.collection("offers") is toy.OFFER
    with pytest.raises(WorkflowError, match=r"^note: has no workflow$"):
        _ = toy.NOTE.flow
    with pytest.raises(WorkflowError, match=r"^offer: has no bids$"):
        toy.OFFER.collection("bids")


@pytest.mark.parametrize("node", [toy.OFFER, toy.NOTE])
def test_only_declared_statuses_make_a_participant(node):
    with pytest.raises(WorkflowError, match=rf"^{node.name}: nobody takes part by \['actve'\]: no such state$"):
        node.but(partaking=frozenset({"actve"}))
    assert toy.OFFER.but(partaking=frozenset({"made"})).partaking == {"made"}


def test_words_of_verbs():
    assert (toy.OFFER.word(ADD), toy.OFFER.word(UPDATE), toy.OFFER.word(DELETE)) == ("make", "update", "delete")


def test_a_node_without_workflow_has_no_state_and_its_own_edits():
    root = sale(offers=[offer(notes=[{"id": "3"}])])
    note = next(next(ctx(root, OWNER).below("offers")).below("notes"))
    assert note.node.state(note.doc) is None
    assert note.node.editable(note) == {"text"}
    assert note.node.editable(replace(note, actors=frozenset())) == NO_ROLE
    assert toy.NOTE.step(ADD) == Step()


def test_a_node_with_a_workflow_asks_it_what_may_be_edited():
    assert toy.ROOT.editable(ctx(sale(), OWNER)) == {"title"}


def test_the_tree_names_every_path():
    assert [path for _, path in tree(toy.ROOT)] == PATHS


# --- contexts


def test_a_context_knows_its_place():
    root = sale(offers=[offer(notes=[{"id": "3"}])])
    top = ctx(root)
    middle = next(top.below("offers"))
    low = next(middle.below("notes"))
    assert top.root is top.doc is top.parent is root
    assert low.parent is middle.doc
    assert low.node is toy.NOTE
    assert low.whole.doc is root
    assert low.stamp == NOW.isoformat()


def test_below_what_does_not_exist_is_nothing():
    assert list(ctx(sale()).below("offers")) == []
    assert list(ctx(sale()).below("nowhere")) == []


def test_the_collection_may_change_while_it_is_walked():
    root = sale(offers=[offer(), offer()])
    for below in ctx(root).below("offers"):
        root["offers"].remove(below.doc)
    assert root["offers"] == []


def test_a_cascade_goes_through_a_declared_move():
    root = sale(offers=[offer()])
    next(ctx(root).below("offers")).move("expired")
    assert root["offers"] == [offer("expired", date=NOW.isoformat())]


@pytest.mark.parametrize("doc", [offer("expired"), offer()])
def test_an_undeclared_cascade_is_a_fault_of_the_program(doc):
    with pytest.raises(WorkflowError, match=r"offer: no declared cascade from .* to taken_back"):
        next(ctx(sale(offers=[doc])).below("offers")).move("taken_back")


def test_what_has_no_workflow_does_not_move():
    note = next(next(ctx(sale(offers=[offer(notes=[{}])])).below("offers")).below("notes"))
    with pytest.raises(WorkflowError, match="note: no declared cascade from None to expired"):
        note.move("expired")


def test_a_workflow_may_leave_the_date_alone():
    node = toy.ROOT.but(workflow=toy.ROOT.workflow.but(dated=False))
    doc = sale()
    apply(ctx(doc, procedure=replace(SALE, root=node)), Transition("open", "closed", AUTO))
    assert doc == sale("closed")


def test_effects_follow_the_move():
    doc = sale("closed", offers=[offer()])
    here = ctx(doc, OWNER)
    apply(here, toy.ROOT.workflow.move(here, "sold"))
    assert (doc["status"], doc["date"], doc["offers"][0]["status"]) == ("sold", NOW.isoformat(), "expired")


def test_a_context_goes_along_another_chain_with_all_it_knows():
    here = Ctx(SALE, ((toy.ROOT, sale()),), frozenset({OWNER}), NOW, Env(toy.KYIV), ADD, {"a": 1}, {"b": 2}, frozenset({"2"}))
    chain = (*here.chain, (toy.OFFER, offer()))
    assert here.along(chain) == replace(here, chain=chain)


# --- time


def test_nodes_that_nothing_stirs_are_not_walked():
    assert toy.ROOT.stirs()
    assert toy.OFFER.stirs()
    assert not toy.NOTE.stirs()
    root = sale(offers=[offer(notes=[{}])])
    assert [c.node.name for c in SALE.walk(ctx(root))] == ["sale", "offer", "note"]
    assert [c.node.name for c in SALE.walk(ctx(root), Node.stirs)] == ["sale", "offer"]


def test_the_clock_passes_by_what_only_the_engine_moves():
    moves = (Transition(None, "new", BROKER), Transition("new", "old", AUTO))
    settled = Workflow("note", (State("new"), State("old", final=True)), moves)
    watched = settled.but(states=(State("new", timers=(at("reminder"),)),))
    assert [(node.stirs(), node.timed()) for node in (toy.NOTE.but(workflow=settled), toy.NOTE.but(workflow=watched))] == [
        (True, False),
        (True, True),
    ]
    assert (toy.ROOT.timed(), toy.ROOT.having(toy.OFFER.but(workflow=None)).timed(), toy.NOTE.timed()) == (True, True, False)


def test_a_node_that_itself_never_moves_is_passed_through():
    shelf = Node("shelf", "shelves", None, children=(toy.OFFER,))
    procedure = replace(SALE, root=toy.ROOT.but(children=(shelf,)))
    root = sale(shelves=[{"offers": [offer(until=later(hours=1))]}])
    here = ctx(root, procedure=procedure)
    assert procedure.next_check(here) == NOW + timedelta(hours=1)
    procedure.tick(replace(here, now=NOW + timedelta(hours=1)))
    assert root["shelves"][0]["offers"][0]["status"] == "expired"


def test_due_moves_with_their_moments():
    root = sale(closes=later(hours=2), offers=[offer(until=later(hours=1)), offer(), offer("expired", until=later(hours=3))])
    assert [(when, t.target) for when, _, t in SALE.due(ctx(root))] == [
        (NOW + timedelta(hours=2), "closed"),
        (NOW + timedelta(hours=1), "expired"),
    ]
    assert SALE.next_check(ctx(root)) == NOW + timedelta(hours=1)


def test_a_timed_move_whose_guards_would_not_hold_is_not_waited_for():
    flow = toy.ROOT.workflow
    guarded = flow.but(drop=[("open", "closed")], transitions=[replace(flow.exits("open")[0], guards=(toy.some_offer,))])
    procedure = replace(SALE, root=toy.ROOT.but(workflow=guarded))
    assert procedure.next_check(ctx(sale(closes=later(hours=1)), procedure=procedure)) is None


def test_guards_of_a_coming_move_are_asked_about_its_own_moment():
    asked = []

    def note_time(c):
        """the time was noted"""
        asked.append(c.now)
        return True

    flow = toy.ROOT.workflow
    guarded = flow.but(drop=[("open", "closed")], transitions=[replace(flow.exits("open")[0], guards=(note_time,))])
    procedure = replace(SALE, root=toy.ROOT.but(workflow=guarded))
    list(procedure.due(ctx(sale(closes=later(hours=1)), procedure=procedure)))
    list(procedure.due(ctx(sale(closes=later(hours=-1)), procedure=procedure)))
    assert asked == [NOW + timedelta(hours=1), NOW]


def test_timers_count_only_while_they_are_to_come():
    assert SALE.next_check(ctx(sale("closed", offers=[offer()], reminder=later(days=1)))) == NOW + timedelta(days=1)
    assert SALE.next_check(ctx(sale("closed", offers=[offer()], reminder=later()))) is None
    assert SALE.next_check(ctx(sale("closed", offers=[offer()]))) is None


def test_the_clock_moves_the_earliest_first_and_settles_after_each():
    root = sale(closes=later(hours=-1), offers=[offer(until=later(hours=-2))])
    here = ctx(root, CLOCK)
    assert SALE.tick(here) == 2
    assert (root["status"], root["offers"][0]["status"], root["count"]) == ("unsold", "expired", 0)
    assert SALE.tick(here) == 0


def test_nothing_happens_before_its_moment():
    root = sale(closes=later(seconds=1))
    assert SALE.tick(ctx(root)) == 0
    assert root == sale(closes=later(seconds=1))
    assert SALE.tick(ctx(root, now=NOW + timedelta(seconds=1))) == 1
    assert root["status"] == "unsold"


def test_settling_carries_out_what_the_engine_may_do():
    root = sale("closed")
    assert SALE.settle(ctx(root)) == 1
    assert SALE.settle(ctx(root)) == 0
    assert root["status"] == "unsold"


def spinning(actor, at=None):
    """A procedure that goes round and round."""
    flow = Workflow(
        "top",
        (State("a"), State("b")),
        (Transition(None, "a", OWNER), Transition("a", "b", actor, at=at), Transition("b", "a", actor, at=at)),
    )
    return replace(SALE, root=toy.ROOT.but(workflow=flow), derive=())


def test_a_declaration_that_does_not_settle_is_found():
    procedure = spinning(AUTO)
    with pytest.raises(WorkflowError, match="sale: the engine does not settle"):
        procedure.settle(ctx(sale("a"), procedure=procedure))


def test_a_clock_that_does_not_settle_is_found():
    procedure = spinning(CLOCK, at=lambda c: NOW)
    with pytest.raises(WorkflowError, match="sale: the clock does not settle"):
        procedure.tick(ctx(sale("a"), procedure=procedure))


# --- who may do what


@pytest.mark.parametrize(
    ("path", "verb", "actor", "may"),
    [
        ("", UPDATE, OWNER, True),
        ("", UPDATE, BROKER, False),
        ("offers", ADD, BROKER, True),
        ("offers", DELETE, BROKER, False),
        ("offers", ADD, OWNER, False),
        ("offers/notes", ADD, OWNER, True),
        ("offers/notes", ADD, EVERYONE, False),
    ],
)
def test_permission_is_what_some_state_gives(path, verb, actor, may):
    assert SALE.permitted(path, verb, frozenset({actor})) is may


def test_what_is_never_permitted_is_forbidden():
    assert SALE.closed(ctx(sale(), EVERYONE, verb=ADD), toy.OFFER, "offers") == FORBIDDEN


def test_what_the_present_state_does_not_open_is_refused_in_words():
    assert SALE.closed(ctx(sale(), BROKER, verb=ADD), toy.OFFER, "offers") is None
    refusal = SALE.closed(ctx(sale("closed"), BROKER, verb=ADD), toy.OFFER, "offers")
    assert refusal == Refusal("Can't make offer in current (closed) sale status")
    own_words = toy.OFFER.but(closed={ADD: "Too late to {verb} an {name}"})
    assert SALE.closed(ctx(sale("closed"), BROKER, verb=ADD), own_words, "offers") == Refusal("Too late to make an offer")


def test_every_node_on_the_way_must_be_open():
    def closed(status, of):
        below = next(ctx(sale(status, offers=[offer(of)]), OWNER, verb=ADD).below("offers"))
        return SALE.closed(below, toy.NOTE, "offers/notes")

    assert closed("closed", "made") is None
    assert closed("open", "made") == Refusal("Can't add note in current (open) sale status")
    assert closed("closed", "expired") == Refusal("Can't add note in current (expired) offer status")


def test_some_guards_speak_before_the_states_do():
    hasty = toy.OFFER.but(steps={ADD: Step(first=(toy.polite,))})
    procedure = replace(SALE, root=toy.ROOT.but(children=(hasty,)))

    def closed(words):
        here = ctx(sale("closed", words=words), BROKER, verb=ADD, procedure=procedure)
        return procedure.closed(here, hasty, "offers")

    assert closed("rude") == toy.NO_MORE
    assert closed("kind") == Refusal("Can't make offer in current (closed) sale status")


def test_a_node_that_never_speaks_of_a_collection_does_not_close_it():
    silent = toy.OFFER.but(workflow=toy.OFFER.workflow.but(states=(State("made"),)))
    procedure = replace(SALE, root=toy.ROOT.but(children=(silent,)))
    below = next(ctx(sale("closed", offers=[offer("expired")]), OWNER, verb=ADD, procedure=procedure).below("offers"))
    assert procedure.closed(below, toy.NOTE, "offers/notes") is None


def test_guards_of_the_verb():
    root = sale(offers=[offer(words="rude")])
    below = next(ctx(root, BROKER, verb=ADD).below("offers"))
    assert SALE.prepare(below) == toy.NO_MORE
    assert SALE.prepare(replace(below, verb=UPDATE)) is None


def test_the_whole_policy_as_rows():
    policy = replace(SALE, root=toy.ROOT.but(sealed=frozenset({"price"}), views={CLOCK: frozenset({"closes"})}))
    private = [(path, "*", EVERYONE, "private", name) for path in PATHS for name in ("owner_token", "transfer_token")]
    assert sorted(set(policy.access()) - set(private)) == [
        ("sales", "*", CLOCK, "see only", "closes"),
        ("sales", "*", EVERYONE, "sealed", "price"),
        ("sales", "-", OWNER, "begin", "open"),
        ("sales", "closed", AUTO, "move", "unsold"),
        ("sales", "closed", OWNER, "add", "offers/notes"),
        ("sales", "closed", OWNER, "move", "sold"),
        ("sales", "open", BROKER, "add", "offers"),
        ("sales", "open", BROKER, "update", "offers"),
        ("sales", "open", CLOCK, "move", "closed"),
        ("sales", "open", EVERYONE, "hidden", "offers"),
        ("sales", "open", OWNER, "edit", "title"),
        ("sales", "unsold", EVERYONE, "see only", "id"),
        ("sales/bell", "*", BROKER, "POST", "ring"),
        ("sales/bell", "*", OWNER, "POST", "ring"),
        ("sales/offers", "-", BROKER, "begin", "made"),
        ("sales/offers", "made", BROKER, "move", "taken_back"),
        ("sales/offers", "made", CASCADE, "move", "expired"),
        ("sales/offers", "made", CLOCK, "move", "expired"),
        ("sales/offers", "made", OWNER, "add", "notes"),
        ("sales/offers/notes", "*", OWNER, "edit", "text"),
    ]
    assert set(private) < set(policy.access())


def test_what_is_said_of_windows_and_confidences_is_policy_too():
    flow = toy.ROOT.workflow
    narrow = replace(flow.state("closed"), windows=(Window("offers", frozenset({"id"})),))
    note = toy.NOTE.but(confided=Confided(frozenset({"url"}), bool, frozenset({OWNER}), "no"))
    root = toy.ROOT.but(workflow=flow.but(states=[narrow]), children=(toy.OFFER.but(children=(note,)),))
    rows = set(replace(SALE, root=root).access())
    assert ("sales", "closed", EVERYONE, "see only", "offers.id") in rows
    assert ("sales/offers/notes", "*", EVERYONE, "confided", "url") in rows


def test_a_kind_of_resource_may_have_other_collections():
    other, more = toy.OFFER.but(name="bid"), toy.NOTE.but(plural="more")
    assert [child.name for child in toy.ROOT.having(other).children] == ["bid"]
    assert [child.plural for child in toy.ROOT.having(more).children] == ["offers", "more"]


def test_some_kinds_are_added_by_the_engine_alone():
    flow = toy.OFFER.workflow
    given = toy.OFFER.but(workflow=flow.but(drop=[(None, "made")], transitions=[Transition(None, "made", CASCADE)]))
    assert toy.OFFER.begins()
    assert toy.NOTE.begins()
    assert not given.begins()
