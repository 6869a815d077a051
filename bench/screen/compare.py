"""`assay bench screen` against transformers, one after the other, on the same prompts and the same machine.

Usage: python compare.py --gguf MODEL.gguf --work NEW_FOLDER [--prompts 1536] [--dtypes bfloat16 float32] [--keep result.json]

Assay runs before and after the peer, so that a reader can see whether the machine changed meanwhile; the slower of both
counts. Prints a table and keeps result.json beside this file. See README.md.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

import transformers_reads

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(what, command):
    print(f"\n== {what}", flush=True)
    code = subprocess.run([str(word) for word in command], check=False).returncode
    if code != 0:
        raise transformers_reads.Refused(f"{what}: expected exit code 0, found {code}. Its own message is above.")


def assay(given, file):
    load = os.getloadavg()
    run("assay bench screen", [given.assay, "bench", "screen", "--prompts", given.prompts, "--rounds", given.rounds + 1]
        + ["--model", given.model, "--out", file])
    found = json.loads(file.read_text())
    return {name: found[name] for name in ("blocks", "tokens", "flop_per_prompt", "read_seconds", "read_cpu_seconds", "screen_seconds")} | {
        "before": len(found["before"]), "after": len(found["after"]), "load": load,
        "prompts_per_second": found["prompts_per_second"],
        "cpu_ms_per_prompt": 1e3 * statistics.median(found["read_cpu_seconds"]) / len(found["prompts"]),
    }


def peer(given, screen, way, dtype, batch):
    out = given.work / f"{way}-{dtype}-{batch}.json"
    command = [sys.executable, HERE / "transformers_reads.py", "--gguf", given.gguf, "--screen", screen, "--way", way]
    run(f"transformers, {way}, {dtype}, {batch} prompts a pass",
        command + ["--dtype", dtype, "--rounds", given.rounds, "--batch", batch, "--out", out])
    return json.loads(out.read_text())


def machine():
    lines = pathlib.Path("/proc/cpuinfo")
    name = platform.processor()
    if lines.exists():
        name = next((line.split(":", 1)[1].strip() for line in lines.read_text().splitlines() if "model name" in line), name)
    return {"cpu": name, "cores": os.cpu_count()}


def commit():
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def compare(given):
    given.work.mkdir(parents=True)
    first = assay(given, given.work / "screen.json")
    peers = [
        peer(given, given.work / "screen.json", way, dtype, batch)
        for dtype in given.dtypes
        for way in transformers_reads.WAYS
        for batch in given.batches
    ]
    last = assay(given, given.work / "again.json")
    own = min(first["prompts_per_second"]["read"], last["prompts_per_second"]["read"])
    cpu = max(first["cpu_ms_per_prompt"], last["cpu_ms_per_prompt"])
    for one in peers:
        one["times"] = own / one["prompts_per_second"]
        one["times_by_cpu"] = one["cpu_ms_per_prompt"] / cpu if cpu else None
    return {"schema_version": 1, "commit": commit(), "machine": machine(), "assay": [first, last], "transformers": peers}


def table(result):
    lines = [f"{'who':38}{'prompts/s':>10}{'cpu ms':>9}{'times ours':>12}{'by cpu':>8}{'cosine':>9}"]
    for one in result["assay"]:
        speeds = one["prompts_per_second"]
        lines.append(f"{'assay, reading':38}{speeds['read']:10.0f}{one['cpu_ms_per_prompt']:9.2f}")
        lines.append(f"{'assay, from text to predicted gain':38}{speeds['screened']:10.0f}")
    for one in result["transformers"]:
        name = f"{one['way']}, {one['dtype']}, {one['attention']}, {one['batch']}"
        by_cpu = f"{one['times_by_cpu']:8.2f}" if one["times_by_cpu"] else f"{'–':>8}"
        lines.append(
            f"{name:38}{one['prompts_per_second']:10.0f}{one['cpu_ms_per_prompt']:9.2f}{one['times']:12.2f}{by_cpu}"
            f"{one['lowest_cosine_to_assay']:9.4f}"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=pathlib.Path, required=True, help="the model, for the peer")
    parser.add_argument("--model", default="smollm2-135m", help="the same model, as Assay knows it")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="new folder for the runs")
    parser.add_argument("--assay", type=pathlib.Path, default=ROOT / "assay")
    parser.add_argument("--prompts", type=int, default=1536)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", type=int, nargs="+", default=[48, 192], help="the peer's prompts in a pass")
    parser.add_argument("--dtypes", nargs="+", choices=("bfloat16", "float32"), default=["bfloat16", "float32"])
    parser.add_argument("--keep", type=pathlib.Path, default=HERE / "result.json")
    given = parser.parse_args()
    try:
        if given.work.exists():
            raise transformers_reads.Refused(f"--work: expected a new folder, found {given.work.name}. Name another.")
        result = compare(given)
    except transformers_reads.Refused as refused:
        print(f"compare: {refused}", file=sys.stderr)
        return 3
    given.keep.write_text(json.dumps(result, indent=1) + "\n")
    print("\n" + table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
