"""Merging what a client sends, telling what changed, and the compact shape in which documents are kept."""

from __future__ import annotations

from copy import deepcopy

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.patching import changed, compact, difference, merge, undo

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NAMES = st.text("ab~/0é", min_size=1, max_size=3)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12)
DOCS = st.dictionaries(NAMES, JSON, max_size=4)


@pytest.mark.parametrize(
    ("old", "patch", "merged"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": 1}, {"a": None}, {}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": {"x": 1}}, {"a": {"x": None}}, {"a": {}}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": 2}, {"a": 2}),
        ({}, {"a": {"x": None, "y": 1}}, {"a": {"y": 1}}),
    ],
)
def test_mappings_merge_and_null_takes_away(old, patch, merged):
    assert merge(old, patch) == merged


@pytest.mark.parametrize(
    ("old", "patch", "merged"),
    [
        ([{"x": 1}, {"x": 2}], [{}, {"y": 3}], [{"x": 1}, {"x": 2, "y": 3}]),
        ([{"x": 1}, {"x": 2}], [{"y": 3}], [{"x": 1, "y": 3}]),
        ([{"x": 1}], [{}, {"x": 2}], [{"x": 1}, {"x": 2}]),
        ([{"x": 1}], [], []),
        ([1, 2, 3], [4, 5], [4, 5]),
        (None, [{"x": 1}], [{"x": 1}]),
        ("text", [{"x": None}], [{}]),
        ([1], [{"x": 1}], [{"x": 1}]),
    ],
)
def test_lists_merge_by_index(old, patch, merged):
    assert merge(old, patch) == merged


@given(DOCS)
def test_an_empty_patch_changes_nothing(doc):
    assert merge(doc, {}) == doc


@given(DOCS, DOCS)
def test_merging_twice_is_merging_once(old, patch):
    once = merge(old, patch)
    assert merge(once, patch) == once


@given(DOCS, DOCS)
def test_merging_leaves_its_arguments_alone(old, patch):
    kept = deepcopy((old, patch))
    merged = merge(old, patch)
    for name in list(merged):
        del merged[name]
    assert (old, patch) == kept


@given(DOCS, DOCS)
def test_fields_that_are_not_sent_stay(old, patch):
    merged = merge(old, patch)
    assert all(merged[name] == old[name] for name in old.keys() - patch.keys())
    assert not any(name in merged for name, value in patch.items() if value is None)


# --- differences


@given(DOCS, DOCS)
def test_the_difference_leads_from_one_to_the_other(source, target):
    patch = difference(source, target)
    assert jsonpatch.apply_patch(deepcopy(source), patch) == target
    assert bool(patch) == (source != target)


@given(DOCS, DOCS)
def test_only_fields_that_differ_are_named(source, target):
    named = {op["path"].split("/")[1].replace("~1", "/").replace("~0", "~") for op in difference(source, target)}
    assert named == changed(source, target)


def test_paths_are_escaped_at_every_depth():
    source, target = {"a/b": {"x~": [1, 2]}}, {"a/b": {"x~": [1, 3]}}
    assert difference(source, target) == [{"op": "replace", "path": "/a~1b/x~0/1", "value": 3}]


def test_what_lists_have_in_common_at_both_ends_is_left_alone():
    many = [{"id": str(n)} for n in range(300)]
    assert difference({"bids": many}, {"bids": many[:150] + many[151:]}) == [{"op": "remove", "path": "/bids/150"}]
    assert difference({"bids": many[1:]}, {"bids": many}) == [{"op": "add", "path": "/bids/0", "value": {"id": "0"}}]
    changed_one = [*many[:7], {"id": "7", "x": 1}, *many[8:]]
    assert difference({"bids": many}, {"bids": changed_one}) == [{"op": "add", "path": "/bids/7/x", "value": 1}]


def test_a_field_that_is_null_differs_from_one_that_is_not_there():
    assert difference({"a": None}, {}) == [{"op": "remove", "path": "/a"}]
    assert difference({}, {"a": None}) == [{"op": "add", "path": "/a", "value": None}]


# --- the compact shape


def test_nothing_empty_is_kept_in_mappings():
    assert compact({"a": None, "b": {}, "c": [], "d": 0, "e": "", "f": False, "g": {"x": None}}) == {"d": 0, "e": "", "f": False}


def test_list_elements_keep_their_places():
    assert compact([None, {}, {"a": None}, []]) == [None, {}, {}, []]


@given(JSON)
def test_what_is_compact_stays_as_it_is(value):
    once = compact(value)
    assert compact(once) == once


@given(st.lists(DOCS, min_size=2, max_size=5))
def test_undoing_save_after_save_leads_back_to_the_first_state(states):
    doc = deepcopy(states[-1])
    for before, after in zip(reversed(states[:-1]), reversed(states[1:]), strict=True):
        undo(doc, difference(after, before))
        assert doc == before
