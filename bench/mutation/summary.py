"""Adds the outcome of mutation runs to a document of the log, and lists what survived.

Usage: python3 bench/mutation/summary.py [--entry ENTRY] ROOM[@COMMIT]...      such as base.sparse lab.claims@1a2b3c4
The commit is the one that was mutated; without it, the last one that changed the room or its tests.
Reads app/target/mutation/ROOM/mutations.xml, writes docs/log/data/ENTRY.mutation.json. A mutant counts as killed if a
test failed, ran out of time or of memory. Every package has the commit it was mutated at; the document has one as well
if that is the same for all.
"""

import argparse
import json
import pathlib
import subprocess
import xml.etree.ElementTree as xml

KILLED = {"KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR"}
HOW = "./mvnw -B -Pmutation -pl app test-compile org.pitest:pitest-maven:mutationCoverage -Droom=ROOM"
root = pathlib.Path(__file__).resolve().parents[2]


def last_commit(room):
    """The last commit that changed the room or its tests."""
    places = [f"app/src/{side}/java/assay/{room.replace('.', '/')}" for side in ("main", "test")]
    command = ["git", "log", "-1", "--format=%h", "--", *places]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def package(room, commit):
    """The score of one room; what survived is printed."""
    mutants = list(xml.parse(root / f"app/target/mutation/{room}/mutations.xml").getroot())
    alive = [mutant for mutant in mutants if mutant.get("status") not in KILLED]
    for mutant in alive:
        where = [mutant.findtext(tag) for tag in ("sourceFile", "lineNumber", "mutatedMethod", "description")]
        print(f"{room} {mutant.get('status')}: {where[0]}:{where[1]} {where[2]}: {where[3]}")
    killed = len(mutants) - len(alive)
    return {
        "mutants": len(mutants),
        "killed": killed,
        "score": round(killed / len(mutants), 3),
        "commit": commit or last_commit(room),
    }


def document(packages):
    """What is kept of all packages."""
    commits = {each["commit"] for each in packages.values()}
    shared = {"commit": commits.pop()} if len(commits) == 1 else {}
    return {"command": "mutation", "how": HOW, **shared, "packages": dict(sorted(packages.items()))}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--entry", default="2026-11-30-mutation-testing")
    parser.add_argument("rooms", nargs="+")
    arguments = parser.parse_args()
    out = root / f"docs/log/data/{arguments.entry}.mutation.json"
    packages = json.loads(out.read_text())["packages"] if out.exists() else {}
    for argument in arguments.rooms:
        room, _, commit = argument.partition("@")
        packages[f"assay.{room}"] = package(room, commit)
    out.write_text(json.dumps(document(packages), indent=2) + "\n")


if __name__ == "__main__":
    main()
