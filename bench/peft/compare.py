"""`assay distil` against PEFT prompt tuning, one after the other, on the same contexts and the same machine.

Usage: python compare.py --gguf MODEL.gguf --work NEW_FOLDER [--adapter DIR] [--tokens 16] [--until .84]
           [--dtypes bfloat16 float32] [--keep result.json] [-- more options of assay distil]

Runs this Python for the peer (requirements.txt). Prints a table and keeps result.json beside this file. See README.md.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

import contract

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(what, command):
    """Seconds a program ran, from its start to its end; refuses if it failed."""
    print(f"\n== {what}", flush=True)
    start = time.perf_counter()
    try:
        code = subprocess.run([str(word) for word in command], check=False).returncode
    except OSError as failed:
        raise contract.Refused(f"{what}: expected to start, found {failed.strerror}. Check the path.") from None
    if code != 0:
        raise contract.Refused(f"{what}: expected exit code 0, found {code}. Its own message is above.")
    return time.perf_counter() - start


def ours(given, folder):
    command = [given.assay, "distil", "--model", given.model, "--adapter", given.adapter, "--tokens", given.tokens]
    load = os.getloadavg()
    wall = run("assay distil", command + ["--out", folder] + given.more)
    looks = contract.curve(folder / "report.json")
    return {
        "seconds_to_until": contract.seconds_until(looks, given.until),
        "seconds_per_step": looks[-1].seconds / looks[-1].step,
        "best_search_closed": max(look.closed for look in looks),
        "steps": looks[-1].step,
        "seconds": looks[-1].seconds,
        "program_seconds": wall,
        "load": load,
        "options": given.more,
        "curve": [{"step": p.step, "seconds": p.seconds, "search_closed": p.closed} for p in looks],
    }


def theirs(given, folder, dtype, rate):
    out = given.work / f"peft-{dtype}.json"
    command = [sys.executable, HERE / "prompt_tuning.py", "--gguf", given.gguf, "--adapter", given.adapter]
    command += ["--contexts", folder / "contexts.json", "--dtype", dtype, "--until", given.until, "--rate", rate]
    command += ["--max-steps", given.max_steps, "--init", given.init, "--schedule", given.schedule, "--out", out]
    wall = run(f"PEFT prompt tuning, {dtype}", command)
    return contract.document(out) | {"program_seconds": wall}


def ratio(peer, own, name):
    """Ours into theirs; None unless both are there."""
    return peer[name] / own[name] if peer[name] is not None and own[name] else None


def against(peer, own):
    """How many times longer the peer takes; if it never got there, at least how many."""
    steps = peer["seconds_per_step"]["mean"] / own["seconds_per_step"]
    least = peer["seconds"] / own["seconds_to_until"] if own["seconds_to_until"] else None
    return {
        "time_to_until": ratio(peer, own, "seconds_to_until"),
        "time_to_until_at_least": least if peer["seconds_to_until"] is None else None,
        "step": steps,
    }


def commit():
    """Of the tree this file is in, and whether it was changed since; empty outside git."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def shown(value, form, otherwise):
    return otherwise if value is None else format(value, form)


def table(result):
    until = result["until"]
    rows = [("", f"to {until:g} closed, s", "a step, s", "steps", "best closed", "times ours")]
    runs = [("assay distil", result["assay"], result["assay"]["seconds_per_step"], None)]
    for dtype, peer in result["peft"].items():
        runs.append((f"PEFT {dtype}", peer, peer["seconds_per_step"]["mean"], peer["against"]))
    for name, found, step, times in runs:
        least = times and times["time_to_until_at_least"]
        longer = f"≥ {least:.2f}" if least else shown(times and times["time_to_until"], ".2f", "–")
        reached = shown(found["seconds_to_until"], ".1f", "not reached")
        rows.append((name, reached, f"{step:.3f}", str(found["steps"]), f"{found['best_search_closed']:.3f}", longer))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def compare(given):
    given.work.mkdir(parents=True)
    folder = given.work / "distilled"
    own = ours(given, folder)
    peers, rate = {}, given.rate
    for dtype in given.dtypes:
        peers[dtype] = theirs(given, folder, dtype, rate)
        rate = peers[dtype]["settings"]["rate"]
        peers[dtype]["against"] = against(peers[dtype], own)
    return {
        "schema_version": 1,
        "commit": commit(),
        "model": given.gguf.name,
        "adapter": given.adapter.name,
        "tokens": given.tokens,
        "until": given.until,
        "assay": own,
        "peft": peers,
    }


def options(arguments):
    arguments, more = split(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=pathlib.Path, required=True, help="the model, for the peer")
    parser.add_argument("--model", default="smollm2-135m", help="the same model, as Assay knows it")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="new folder for the runs")
    parser.add_argument("--adapter", type=pathlib.Path, default=ROOT / "examples" / "adapters" / "pirate")
    parser.add_argument("--assay", type=pathlib.Path, default=ROOT / "assay")
    parser.add_argument("--tokens", type=int, default=16)
    parser.add_argument("--until", type=float, default=0.84, help="share of the search split's KL closed")
    parser.add_argument("--dtypes", nargs="+", choices=("bfloat16", "float32"), default=["bfloat16", "float32"])
    parser.add_argument("--rate", default="auto", help="the peer's learning rate; auto: chosen in its first dtype")
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="constant", help="the peer's")
    parser.add_argument("--init", choices=("text", "vocab", "random"), default="text", help="the peer's")
    parser.add_argument("--max-steps", type=int, default=640, help="the peer's")
    parser.add_argument("--keep", type=pathlib.Path, default=HERE / "result.json")
    given = parser.parse_args(arguments)
    given.more = more
    if given.work.exists():
        raise contract.Refused(f"--work: expected a new folder, found one there ({given.work.name}). Name another.")
    if not given.gguf.is_file():
        raise contract.Refused(f"--gguf: expected a file, found none ({given.gguf.name}). Check the path.")
    return given


def split(arguments):
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def main():
    try:
        given = options(sys.argv[1:])
        result = compare(given)
    except contract.Refused as refused:
        print(f"compare: {refused}", file=sys.stderr)
        return 3
    beside = given.keep.with_suffix(".part")
    beside.write_text(json.dumps(result, indent=1, allow_nan=False) + "\n")
    beside.replace(given.keep)
    print("\n" + table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
