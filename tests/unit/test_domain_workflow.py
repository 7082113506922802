"""Declarations of states and moves: what is wrong with one is said when it is made; the engine reads the rest."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
import toy_procedure as toy

from openprocurement_api.domain.actors import ADMINISTRATOR, AUTO, BROKER, CLOCK, OWNER
from openprocurement_api.domain.refusal import NO_ROLE, Refusal
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import (
    ADD,
    DELETE,
    UPDATE,
    State,
    Transition,
    Verb,
    Workflow,
    WorkflowError,
    objection,
    opens,
    sentence,
)

A, B, END = State("a"), State("b"), State("end", final=True)
START, A_END = Transition(None, "a", BROKER), Transition("a", "end", BROKER)

FAULTS = {
    "declared twice: ['a']": ((A, A, END), (START, A_END)),
    "no beginning": ((A, END), (A_END,)),
    "no such state: ['nowhere']": ((A, END), (START, A_END, Transition("a", "nowhere", BROKER))),
    "no such state: ['limbo']": ((A, END), (START, A_END, Transition("limbo", "a", BROKER))),
    "unreachable: ['b']": ((A, B, END), (START, A_END, Transition("b", "end", BROKER))),
    "final but has exits: end": ((A, END), (START, A_END, Transition("end", "a", BROKER))),
    "no exit and not final: b": ((A, B, END), (START, A_END, Transition("a", "b", BROKER))),
    "a timed transition belongs to the clock: a -> end": ((A, END), (START, Transition("a", "end", BROKER, at=at("x")))),
    "a timed transition belongs to the clock: a -> end ": ((A, END), (START, Transition("a", "end", CLOCK))),
    "nothing begins by itself: a": ((A, END), (Transition(None, "a", AUTO), A_END)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_declaration_names_its_fault(fault):
    states, transitions = FAULTS[fault]
    with pytest.raises(WorkflowError) as error:
        Workflow("thing", states, transitions)
    assert str(error.value) == f"thing: {fault.strip()}"


def test_a_clock_with_a_moment_cannot_begin_anything():
    with pytest.raises(WorkflowError, match="nothing begins by itself: a"):
        Workflow("thing", (A, END), (Transition(None, "a", CLOCK, at=at("x")), A_END))


def test_legacy_states_need_no_way_in():
    old = State("old", legacy=True)
    flow = Workflow("thing", (A, END, old), (START, A_END, Transition("old", "end", BROKER)))
    assert flow.state("old") is old


def test_a_cycle_is_reachable():
    flow = Workflow("thing", (A, B), (START, Transition("a", "b", BROKER), Transition("b", "a", BROKER)))
    assert [t.target for t in flow.exits("b")] == ["a"]


FLOW = Workflow(
    "thing",
    (A, B, END),
    (START, Transition(None, "b", BROKER), A_END, Transition("a", "b", BROKER), Transition("b", "end", OWNER)),
)


def test_beginnings():
    assert FLOW.initial == "a"
    assert FLOW.begin("b").target == "b"
    assert FLOW.begin("end").target == "a"
    assert FLOW.begin(None).target == "a"


def test_nobody_may_choose_what_has_its_moment():
    flow = FLOW.but(transitions=[Transition("a", "end", CLOCK, at=at("x"))])
    assert [t.target for t in flow.exits("a")] == ["end", "b", "end"]
    assert [t.target for t in flow.choices("a", frozenset({BROKER, CLOCK}))] == ["end", "b"]
    assert flow.choices("a", frozenset({CLOCK, OWNER})) == []


def test_an_undeclared_state_is_an_error():
    with pytest.raises(KeyError):
        FLOW.state("nowhere")


def test_a_variation_replaces_adds_and_drops():
    new_a, more = State("a", "said anew", edits={OWNER: frozenset({"title"})}), State("more", final=True)
    flow = FLOW.but(states=(new_a, more), drop=[("a", "end")], transitions=[Transition("a", "more", OWNER)], dated=False)
    assert [s.name for s in flow.states] == ["a", "b", "end", "more"]
    assert flow.state("a").doc == "said anew"
    assert [t.target for t in flow.exits("a")] == ["b", "more"]
    assert not flow.dated
    assert FLOW.dated
    assert [t.target for t in FLOW.exits("a")] == ["end", "b"]


def test_a_variation_may_lack_a_state_and_begin_otherwise():
    """A state goes with its moves; a new beginning is the one of who asks for none."""
    flow = FLOW.but(without=("a",), transitions=[Transition(None, "end", OWNER)])
    assert [s.name for s in flow.states] == ["b", "end"]
    assert [t.target for t in flow.exits(None)] == ["end", "b"]
    assert all("a" not in (t.source, t.target) for t in flow.transitions)


def test_a_variation_is_checked_too():
    with pytest.raises(WorkflowError, match="no exit and not final: b"):
        FLOW.but(drop=[("b", "end")])


def test_a_declaration_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        FLOW.kind = "other"


# --- moving


def offer_ctx(doc, *actors):
    return next(toy.ctx(toy.sale(offers=[doc]), *actors).below("offers"))


def flow_of(ctx):
    return ctx.node.workflow


def test_a_declared_move_is_found():
    ctx = offer_ctx(toy.offer(), BROKER)
    assert flow_of(ctx).move(ctx, "taken_back").target == "taken_back"


def test_a_guard_refuses_in_its_own_words():
    ctx = offer_ctx(toy.offer(words="rude"), BROKER)
    assert flow_of(ctx).move(ctx, "taken_back") == toy.NO_MORE


def test_of_two_ways_the_open_one_is_taken():
    shut = Transition("a", "end", BROKER, guards=(toy.no_offer,))
    wide = Transition("a", "end", BROKER, doc="the wide one")
    flow = Workflow("thing", (A, END), (START, shut, wide))
    doc = {"status": "a", "offers": [toy.offer()]}
    node = toy.ROOT.but(workflow=flow)
    ctx = toy.Ctx(toy.SALE, ((node, doc),), frozenset({BROKER}), toy.NOW, toy.Env(toy.KYIV))
    assert flow.move(ctx, "end") is wide


@pytest.mark.parametrize(
    ("actor", "target"), [(OWNER, "taken_back"), (BROKER, "made"), (BROKER, "nowhere"), (BROKER, None), (BROKER, 5)]
)
def test_an_undeclared_move_is_denied_in_the_workflows_words(actor, target):
    ctx = offer_ctx(toy.offer(), actor)
    assert flow_of(ctx).move(ctx, target) == Refusal("Can't update offer in current (made) status")


def test_the_words_may_name_the_wanted_status():
    flow = FLOW.but(deny=Refusal("{kind} cannot become {target} from {status}", "bid"))
    assert flow.denied("a", "b") == Refusal("thing cannot become b from a", "bid")


def test_a_workflow_without_words_passes_the_wish_over():
    assert FLOW.but(deny=None).denied("a", "b") is None


def test_overriding_actors_may_set_any_declared_status():
    ctx = offer_ctx(toy.offer("expired"), ADMINISTRATOR)
    assert flow_of(ctx).move(ctx, "made") == Transition("expired", "made", ADMINISTRATOR)
    assert isinstance(flow_of(ctx).move(ctx, "nowhere"), Refusal)


def test_editable_fields_are_the_union_over_actors():
    state = State("a", edits={OWNER: frozenset({"x"}), BROKER: frozenset({"y"}), AUTO: frozenset()})
    flow = Workflow("thing", (state, END), (START, A_END))
    node = toy.ROOT.but(workflow=flow)

    def editable(*actors):
        return flow.editable(toy.Ctx(toy.SALE, ((node, {"status": "a"}),), frozenset(actors), toy.NOW, toy.Env(toy.KYIV)))

    assert editable(OWNER, BROKER) == {"x", "y"}
    assert editable(AUTO) == frozenset()
    assert editable(CLOCK) == NO_ROLE


# --- guards and words


def test_the_first_objection_counts():
    ctx = toy.ctx(toy.sale())
    assert objection((), ctx) is None
    assert objection((toy.no_offer, toy.some_offer), ctx) == Refusal("somebody made an offer")


def nameless(_):
    return False


def test_a_guard_without_docstring_is_called_by_its_name():
    assert objection((nameless,), toy.ctx(toy.sale())) == Refusal("nameless")


def test_sentences():
    class Thing:
        def __call__(self):
            """What a call does is not what the thing is called."""

    assert sentence(toy.some_offer) == "somebody made an offer"
    assert sentence(nameless) == "nameless"
    assert sentence(Thing()) == "Thing"


def test_a_refusal_is_falsy():
    assert not Refusal("no")


def test_opened_collections_are_joined():
    table = opens({OWNER: {"bids": ADD}}, {OWNER: {"bids": UPDATE, "lots": DELETE}, BROKER: {"bids": ADD}})
    assert table == {OWNER: {"bids": ADD | UPDATE, "lots": DELETE}, BROKER: {"bids": ADD}}
    assert opens() == {}
    assert Verb(0) not in table[OWNER].values()


def test_a_state_knows_who_may_do_one_thing_in_a_collection():
    state = State("open", opens={OWNER: {"bids": ADD | UPDATE, "lots": DELETE}, BROKER: {"bids": ADD}})
    assert state.doers("bids", ADD) == {OWNER, BROKER}
    assert state.doers("bids", UPDATE) == {OWNER}
    assert state.doers("bids", DELETE) == state.doers("awards", ADD) == frozenset()


def test_a_move_holds_when_no_guard_objects():
    here = toy.ctx(toy.sale())
    assert Transition("a", "b", OWNER).holds(here)
    assert Transition("a", "b", OWNER, guards=(toy.no_offer,)).holds(here)
    assert not Transition("a", "b", OWNER, guards=(toy.no_offer, toy.some_offer)).holds(here)
    assert not Transition("a", "b", OWNER, guards=(lambda _: Refusal("no"),)).holds(here)
