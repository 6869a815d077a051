"""Runs the Python program that the chat exports on a tiny model of tiny.py, and keeps its logits.

Usage: python mixture.py --resources ../../app/src/test/resources/golden

Reads mixture/mixture.py (what /export python wrote; ExportTest says if that changed) and writes mixture/expected.json:
for three messages the logits of the next token behind nothing and behind the likeliest tokens. See README.md.
"""

import argparse
import importlib.util
import json
import pathlib

from transformers import PreTrainedTokenizerFast

USERS = ["Hello!", "What is rain?", "Name the sea.\n\nAnd the land."]
STEPS = 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--resources", type=pathlib.Path, required=True)
    golden = parser.parse_args().resources
    spec = importlib.util.spec_from_file_location("exported", golden / "mixture/mixture.py")
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    folder = str(golden / "tiny/models/tied")
    model, _ = exported.opened(folder)
    # Its tokenizer_config.json names no class, and the one that transformers guesses from config.json reads other tokens.
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    answers = []
    for user in USERS:
        mixture = exported.Mixture(model, tokenizer, user)
        tokens, logits = [], []
        for _ in range(STEPS):
            logits.append([round(float(value), 6) for value in mixture.logits()])
            tokens.append(max(range(len(logits[-1])), key=logits[-1].__getitem__))
            mixture.take(tokens[-1])
        answers.append({"user": user, "tokens": tokens, "logits": logits})
    (golden / "mixture/expected.json").write_text(json.dumps(answers) + "\n")


if __name__ == "__main__":
    main()
