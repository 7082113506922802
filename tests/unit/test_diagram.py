"""Pictures and tables of workflows: what is drawn, what is drawn once, what the tables say."""

import pytest

from openprocurement_api.domain import diagram
from openprocurement_api.domain.actors import ADMINS, AUTO, BROKER, CASCADE, CLOCK, OWNER
from openprocurement_api.domain.node import Node
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import ADD, ALL, EDIT, State, Transition, Veil, Window, Workflow


def bids_came(ctx):
    """somebody bid"""
    return True


def nobody_bid(ctx):
    """nobody bid"""
    return False


def tell(ctx):
    """everybody is told."""


ENDED = State("cancelled", "Given up", final=True)
SMALL = Workflow(
    "thing",
    (State("draft", "Being written"), State("active.open", "Open | for all"), ENDED),
    (
        Transition(None, "draft", BROKER),
        Transition("draft", "active.open", OWNER, guards=(bids_came,), effects=(tell,), doc="The usual way"),
        Transition("draft", "cancelled", OWNER),
        Transition("active.open", "cancelled", CLOCK, at=at("period.endDate"), guards=(nobody_bid,)),
        Transition("active.open", "cancelled", AUTO, guards=(bids_came,)),
    ),
)
WIDE = Workflow(
    "thing",
    (State("one"), State("two"), State("three"), State("complete", final=True), ENDED),
    (
        Transition(None, "one", BROKER),
        Transition("one", "two", AUTO),
        Transition("two", "three", AUTO),
        Transition("three", "complete", OWNER),
        *(Transition(name, "cancelled", CASCADE) for name in ("one", "two", "three")),
    ),
)


def test_states_and_moves_are_drawn_with_actors_and_moments():
    assert diagram.mermaid(SMALL).splitlines() == [
        "stateDiagram-v2",
        '    state "draft" as draft',
        '    state "active.open" as active_open',
        '    state "cancelled" as cancelled',
        "    [*] --> draft : broker",
        "    draft --> active_open : tender_owner",
        "    draft --> cancelled : tender_owner",
        "    active_open --> cancelled : chronograph,<br>period.endDate<br>auto",
        "    cancelled --> [*]",
    ]


def test_a_way_out_of_every_live_state_is_drawn_once():
    text = diagram.mermaid(WIDE)
    assert text.count("--> cancelled :") == 1
    assert '    state "not ended" as not_ended {\n        state "one" as one' in text
    assert "    not_ended --> cancelled : cascade" in text
    assert "\n    three --> complete : tender_owner" in text
    assert "\n        one --> two : auto" in text


def test_ways_out_that_differ_are_drawn_each():
    other = WIDE.but(drop=[("two", "cancelled")], transitions=(Transition("two", "cancelled", OWNER),))
    assert diagram.mermaid(other).count("--> cancelled :") == 3


def test_labels_hold_no_letter_that_ends_them():
    loud = SMALL.but(drop=[("draft", "cancelled")], transitions=(Transition("draft", "cancelled", CLOCK, at=at("a: b; c")),))
    assert "draft --> cancelled : chronograph, a, b, c" in diagram.mermaid(loud)


def test_the_table_of_moves_says_when_if_and_what_follows():
    assert diagram.transitions_table(SMALL).splitlines() == [
        "| From | To | Who | When, and if | What follows |",
        "| --- | --- | --- | --- | --- |",
        "| (new) | `draft` | `broker` |  |  |",
        "| `draft` | `active.open` | `tender_owner` | The usual way. somebody bid | everybody is told |",
        "| `draft` | `cancelled` | `tender_owner` |  |  |",
        "| `active.open` | `cancelled` | `chronograph` | period.endDate; nobody bid |  |",
        "| `active.open` | `cancelled` | `auto` | somebody bid |  |",
    ]


def test_moves_that_differ_in_their_source_share_a_row():
    assert "| `one`, `two`, `three` | `cancelled` | `cascade` |" in diagram.transitions_table(WIDE)


def test_the_table_of_states_says_what_is_hidden_and_what_is_special():
    veils = (Veil("", frozenset({"bids"})), Veil("awards/complaints", frozenset({"author", "title"})))
    workflow = SMALL.but(
        states=(
            State("draft", "Being written", hides=veils, legacy=True),
            State("active.open", "Open | for all", timers=(at("x.endDate"),), windows=(Window("bids", frozenset({"id", "a"})),)),
        )
    )
    assert diagram.states_table(workflow).splitlines() == [
        "| State | What it means | Hidden from the public | The clock also looks at |",
        "| --- | --- | --- | --- |",
        "| `draft` (old documents only) | Being written | `bids`, `awards.complaints.author`, `awards.complaints.title` |  |",
        "| `active.open` | Open \\| for all | all of `bids` but `a`, `id` | x.endDate |",
        "| `cancelled` (final) | Given up |  |  |",
    ]


def test_actors_with_the_same_rights_share_a_row():
    opened = State(
        "active.open",
        edits={OWNER: frozenset({"b", "a"}), ADMINS: frozenset({"a", "b"}), CLOCK: frozenset()},
        opens={OWNER: {"bids": EDIT}, ADMINS: {"bids": EDIT}, BROKER: {"bids": ADD, "lots": ALL}},
    )
    node = Node("thing", "things", None, workflow=SMALL.but(states=(opened,)))
    ((name, text),) = diagram.access_tables(node)
    assert name == "active.open"
    assert text.splitlines() == [
        "| Who | Edits | Adds | Updates | Deletes |",
        "| --- | --- | --- | --- | --- |",
        "| `tender_owner`, `admins` | `a`, `b` | `bids` | `bids` |  |",
        "| `broker` |  | `bids`, `lots` | `lots` | `lots` |",
    ]


@pytest.mark.parametrize(
    ("edits", "tables"),
    [({OWNER: frozenset({"title"})}, [("*", "| Who | Edits |\n| --- | --- |\n| `tender_owner` | `title` |")]), ({}, [])],
)
def test_a_node_without_states_has_one_table_or_none(edits, tables):
    assert list(diagram.access_tables(Node("thing", "things", None, edits=edits))) == tables


def test_a_table_without_rows_is_empty():
    assert diagram.table(("a", "b"), []) == ""
