"""What a run of `assay distil` leaves behind, read in one place: contexts.json and report.json.

Needs nothing but Python. Bad files raise Refused with one line for the reader.
"""

import dataclasses
import json
import math

SPLITS = ("fit", "search", "test")
KINDS = ("foreign", "own")


class Refused(Exception):
    """One line: what was expected, what was found, what to do next."""


@dataclasses.dataclass(frozen=True)
class Context:
    """Token ids behind the soft prompt; distributions are compared at its last `places` columns."""

    kind: str
    tail: tuple
    places: int


@dataclasses.dataclass(frozen=True)
class Contexts:
    """All contexts by split, each split a list of user turns, each turn the list of its contexts."""

    tokens: int
    turns_per_step: int
    before: tuple
    turns: dict


@dataclasses.dataclass(frozen=True)
class Look:
    """One look at the search split: steps done, seconds of training until then, share of KL closed."""

    step: int
    seconds: float
    closed: float


def document(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as unreadable:
        raise Refused(f"{path.name}: expected a readable file, found {unreadable.strerror}. Check the path.") from None
    except ValueError as broken:
        raise Refused(f"{path.name}: expected JSON, found {broken}. Run assay distil again.") from None


def field(node, name, kind, where):
    value = node.get(name) if isinstance(node, dict) else None
    number = kind is float and isinstance(value, int)
    if isinstance(value, bool) or not (isinstance(value, kind) or number):
        found = "nothing" if value is None else json.dumps(value)[:40]
        raise Refused(f"{name}: expected {kind.__name__}, found {found} ({where}). Use a file of assay distil.")
    return value


def positive(node, name, where):
    value = field(node, name, int, where)
    if value < 1:
        raise Refused(f"{name}: expected at least 1, found {value} ({where}). Use a file of assay distil.")
    return value


def one_of(node, name, choices, where):
    value = field(node, name, str, where)
    if value not in choices:
        raise Refused(f"{name}: expected {' or '.join(choices)}, found {value} ({where}). Use a file of assay distil.")
    return value


def ids(node, name, where):
    values = field(node, name, list, where)
    if not all(type(value) is int and value >= 0 for value in values):
        raise Refused(f"{name}: expected token ids, found something else ({where}). Use a file of assay distil.")
    return tuple(values)


def contexts(path):
    """Reads contexts.json."""
    root = document(path)
    turns = {split: {} for split in SPLITS}
    for number, node in enumerate(field(root, "contexts", list, path.name)):
        where = f"{path.name}, context {number}"
        split = one_of(node, "split", SPLITS, where)
        found = Context(one_of(node, "kind", KINDS, where), ids(node, "tail", where), positive(node, "places", where))
        if found.places > len(found.tail):
            raise Refused(
                f"places: expected at most {len(found.tail)}, the length of the tail, found {found.places} ({where}). "
                "Use a file of assay distil."
            )
        turns[split].setdefault(field(node, "turn", int, where), []).append(found)
    for split in ("fit", "search"):
        if not turns[split]:
            raise Refused(f"contexts: expected split {split}, found none of it ({path.name}). Run assay distil again.")
    return Contexts(
        positive(root, "tokens", path.name),
        positive(root, "turns_per_step", path.name),
        ids(root, "before", path.name),
        {split: list(by_turn.values()) for split, by_turn in turns.items()},
    )


def curve(path):
    """Reads the looks at the search split from report.json."""
    distil = field(document(path), "distil", dict, path.name)
    looks = []
    for number, node in enumerate(field(distil, "curve", list, path.name)):
        where = f"{path.name}, point {number} of the curve"
        seconds, closed = (float(field(node, name, float, where)) for name in ("seconds", "search_closed"))
        looks.append(Look(field(node, "step", int, where), seconds, closed))
    if not looks or looks[-1].step < 1:
        raise Refused(f"curve: expected a look after a step, found none ({path.name}). Run assay distil again.")
    return looks


def seconds_until(looks, until):
    """Seconds of training at the first look that closes `until`; None if none does. Nothing is interpolated."""
    return next((look.seconds for look in looks if math.isfinite(look.closed) and look.closed >= until), None)
