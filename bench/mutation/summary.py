"""Adds the outcome of mutation runs to docs/log/data/mutation.json, and lists what survived.

Usage: python3 bench/mutation/summary.py ROOM[@COMMIT]...      such as base.sparse lab.claims@1a2b3c4
The commit is the one that was mutated; without it, the last one that changed the room or its tests.
Reads app/target/mutation/ROOM/mutations.xml. A mutant counts as killed if a test failed, ran out of time or of memory.
"""

import collections
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

KILLED = {"KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR"}
root = pathlib.Path(__file__).resolve().parents[2]
out = root / "docs/log/data/mutation.json"
document = json.loads(out.read_text()) if out.exists() else {}


def last_commit(room):
    """The last commit that changed the room or its tests."""
    places = [f"app/src/{side}/java/assay/{room.replace('.', '/')}" for side in ("main", "test")]
    command = ["git", "log", "-1", "--format=%h", "--", *places]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


for argument in sys.argv[1:]:
    room, _, commit = argument.partition("@")
    mutants = list(xml.parse(root / f"app/target/mutation/{room}/mutations.xml").getroot())
    killed = [mutant for mutant in mutants if mutant.get("status") in KILLED]
    document[f"assay.{room}"] = {
        "mutants": len(mutants),
        "killed": len(killed),
        "score": round(len(killed) / len(mutants), 3),
        "statuses": dict(sorted(collections.Counter(mutant.get("status") for mutant in mutants).items())),
        "command": "./mvnw -B -Pmutation -pl app test-compile org.pitest:pitest-maven:mutationCoverage -Droom=" + room,
        "commit": commit or last_commit(room),
    }
    for mutant in mutants:
        if mutant not in killed:
            where = [mutant.findtext(tag) for tag in ("sourceFile", "lineNumber", "mutatedMethod", "description")]
            print(f"{room} {mutant.get('status')}: {where[0]}:{where[1]} {where[2]}: {where[3]}")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps(dict(sorted(document.items())), indent=2) + "\n")
