#!/usr/bin/env python3
"""Compares the JSON documents of two checkouts field by field: bench/same-numbers/compare.py BEFORE AFTER

Left out: seconds and provenance (times, paths, hashes of the code), and the names of run folders. Every other difference is printed
with its place; the exit code is 1 if there is one.
"""
import json
import pathlib
import sys

LEFT_OUT = {"seconds", "provenance"}


def differences(before, after, place):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            if key in LEFT_OUT:
                continue
            if key not in after:
                yield f"{place}.{key}: only before"
            elif key not in before:
                yield f"{place}.{key}: only after"
            else:
                yield from differences(before[key], after[key], f"{place}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from differences(one, other, f"{place}[{index}]")
    elif before != after:
        yield f"{place}: {json.dumps(before, ensure_ascii=False)[:120]} → {json.dumps(after, ensure_ascii=False)[:120]}"


def numbers(node):
    if isinstance(node, dict):
        return sum(numbers(value) for key, value in node.items() if key not in LEFT_OUT)
    if isinstance(node, list):
        return sum(map(numbers, node))
    return int(isinstance(node, (int, float)) and not isinstance(node, bool))


def main():
    before, after = map(pathlib.Path, sys.argv[1:3])
    names = sorted({file.name for file in before.glob("*.json")} | {file.name for file in after.glob("*.json")})
    found = 0
    for name in names:
        if not (before / name).exists() or not (after / name).exists():
            print(f"{name}: missing on one side")
            found += 1
            continue
        one = json.loads((before / name).read_text())
        lines = list(differences(one, json.loads((after / name).read_text()), name))
        print(f"{name}: {numbers(one)} numbers, {len(lines)} differences")
        for line in lines[:50]:
            print("  " + line)
        found += len(lines)
    sys.exit(1 if found or not names else 0)


main()
