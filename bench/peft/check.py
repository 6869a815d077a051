"""Does real PEFT load what Assay wrote, and give the same logits?

Usage: python check.py --model MODEL_DIR [--keep check.json] CASE...

A CASE is a folder with adapter/ (a PEFT folder that Assay wrote) and expected.json (Assay's own numbers):
{"contexts": [[ids], ...], "logits": [[first 64 logits at the last position], ...]}.

Prints one line of JSON. Exit code 0: all differences at most 1e-4; 1: larger, a tensor was not used, or the adapter
changes nothing; 77: torch, transformers or peft is not installed.
"""

import argparse
import json
import pathlib
import sys
import warnings

try:
    import peft
    import torch
    import transformers
except ImportError as missing:
    print(missing)
    sys.exit(77)

MOST = 1e-4
LEAST_SHIFT = 1e-2


@torch.no_grad()
def logits(model, document):
    width = len(document["logits"][0])
    return torch.stack(
        [model(input_ids=torch.tensor([ids])).logits[0, -1, :width].double() for ids in document["contexts"]]
    )


def load(path):
    return transformers.AutoModelForCausalLM.from_pretrained(path, torch_dtype=torch.float32).eval()


def check(path, case):
    document = json.loads((case / "expected.json").read_text())
    ours = torch.tensor(document["logits"], dtype=torch.float64)
    base = logits(load(path), document)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wrapped = peft.PeftModel.from_pretrained(load(path), case / "adapter").eval()
    unused = [str(warning.message) for warning in caught if "keys" in str(warning.message)]
    theirs = logits(wrapped, document)
    difference = (ours - theirs).abs().max().item()
    shift = (theirs - base).abs().max().item()
    return {
        "case": case.name,
        "peft_type": wrapped.active_peft_config.peft_type.value,
        "contexts": len(document["contexts"]),
        "difference": difference,
        "shift": shift,
        "passed": difference <= MOST and shift >= LEAST_SHIFT and not unused,
    } | ({"warnings": unused} if unused else {})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path, nargs="+")
    given = parser.parse_args()
    cases = [check(given.model, case) for case in given.cases]
    result = {
        "largest_difference": max(case["difference"] for case in cases),
        "passed": all(case["passed"] for case in cases),
        "model": given.model.name,
        "versions": {module.__name__: module.__version__ for module in (peft, torch, transformers)},
        "cases": cases,
    }
    print(json.dumps(result))
    if given.keep:
        given.keep.write_text(json.dumps(result, indent=1) + "\n")
    return 0 if result["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
