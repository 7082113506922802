"""Merging a PATCH body into a document, and telling what changed.

The wire contract's merge is neither RFC 7386 nor RFC 6902: mappings merge, `null` takes a field away, lists merge by index (a
shorter list cuts the tail, a longer one appends, `{}` leaves its element as it was).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonpatch


def merge(old: Any, patch: Any) -> Any:
    """The old value with the patch laid over it; neither argument is changed."""
    if isinstance(patch, Mapping):
        return merge_fields(old if isinstance(old, Mapping) else {}, patch)
    if isinstance(patch, list):
        before = old if isinstance(old, list) else []
        return [merge(before[i] if i < len(before) else None, item) for i, item in enumerate(patch)]
    return patch


def merge_fields(old: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Two mappings as one, without the fields the patch sets to null."""
    merged = dict(old)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(old.get(name), value)
    return merged


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The names of the fields that differ; one that is null differs from one that is not there."""
    both = before.keys() & after.keys()
    return (before.keys() ^ after.keys()) | {name for name in both if before[name] != after[name]}


def difference(source: Mapping[str, Any], target: Mapping[str, Any], path: str = "") -> list[dict[str, Any]]:
    """The RFC 6902 operations that turn `source` into `target`; fields that are equal are not looked into."""
    return list(operations(source, target, path))


def operations(source: Mapping[str, Any], target: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    """One top-level field after the other, in the order of their names."""
    for name in sorted(changed(source, target)):
        here = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in target:
            yield {"op": "remove", "path": here}
        elif name not in source:
            yield {"op": "add", "path": here, "value": target[name]}
        else:
            yield from between(source[name], target[name], here)


def between(source: Any, target: Any, path: str) -> Iterator[dict[str, Any]]:
    """The operations that turn one value into another that differs from it."""
    if isinstance(source, Mapping) and isinstance(target, Mapping):
        yield from operations(source, target, path)
    elif isinstance(source, list) and isinstance(target, list):
        yield from between_lists(source, target, path)
    else:
        yield {"op": "replace", "path": path, "value": target}


def between_lists(source: list[Any], target: list[Any], path: str) -> Iterator[dict[str, Any]]:
    """The operations between what two lists have in common at their beginning and at their end; the rest is not looked into."""
    shorter = min(len(source), len(target))
    head = next((i for i in range(shorter) if source[i] != target[i]), shorter)
    tail = next((i for i in range(shorter - head) if source[-1 - i] != target[-1 - i]), shorter - head)
    old, new = source[head : len(source) - tail], target[head : len(target) - tail]
    for i, (before, after) in enumerate(zip(old, new, strict=False), head):
        if before != after:
            yield from between(before, after, f"{path}/{i}")
    for i in range(len(old) - 1, len(new) - 1, -1):
        yield {"op": "remove", "path": f"{path}/{head + i}"}
    for i in range(len(old), len(new)):
        yield {"op": "add", "path": f"{path}/{head + i}", "value": new[i]}


def undo(doc: dict[str, Any], changes: list[dict[str, Any]]) -> None:
    """Turn a document into what it was before a save; `changes` is the reverse patch that the save left."""
    jsonpatch.apply_patch(doc, changes, in_place=True)


def compact(value: Any) -> Any:
    """The value without nulls, empty mappings and empty lists inside mappings: the shape in which documents are kept."""
    if isinstance(value, list):
        return [compact(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, item in value.items():
        if isinstance(item, (dict, list)):
            if pruned := compact(item):
                kept[name] = pruned
        elif item is not None:
            kept[name] = item
    return kept
