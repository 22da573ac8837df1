"""Definitions with one thing changed."""

import copy


def changed(definition, path, value):
    """A copy with the value at `path` replaced; a part is found by its code or id, or by its place in a list."""
    definition = copy.deepcopy(definition)
    *way, last = path
    part = definition
    for step in way:
        part = _step(part, step)
    if isinstance(part, list):
        part[_place(part, last)] = value
    else:
        part[last] = value
    return definition


def removed(definition, path):
    definition = copy.deepcopy(definition)
    *way, last = path
    part = definition
    for step in way:
        part = _step(part, step)
    del part[_place(part, last) if isinstance(part, list) else last]
    return definition


def _step(part, step):
    return part[_place(part, step)] if isinstance(part, list) else part[step]


def _place(parts, step):
    if isinstance(step, int):
        return step
    return next(n for n, part in enumerate(parts) if step in (part.get("code"), part.get("id")))
