"""transformers reads the prompts that `assay bench screen --out F` read, and is timed.

Usage: python transformers_reads.py --gguf MODEL.gguf --screen screen.json [--dtype bfloat16] [--way cut] [--batch 48]

A reading of a prompt is three states after the first blocks, side by side: of the last token, of the prompt's last
token, and the mean over the prompt. Ways of reading them:

  whole   the whole model, output_hidden_states=True: what a reader of transformers' documentation would write
  cut     only the blocks that are needed: model.layers is cut off behind them
  shared  cut, and the literal tokens in front of the prompt are read once and kept as past keys and values

Prompts are sorted by length and padded on the right. Prints one JSON document. See README.md.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time

import torch
import transformers

WAYS = ("whole", "cut", "shared")
ATTENTIONS = ("sdpa", "eager")


class Refused(Exception):
    """One line: what was expected, what was found, what to do next."""


def load(given, attention):
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            given.gguf.parent,
            gguf_file=given.gguf.name,
            torch_dtype=getattr(torch, given.dtype),
            attn_implementation=attention,
        )
    except (OSError, ValueError, RuntimeError, KeyError) as unreadable:
        reason = (str(unreadable).splitlines() or [""])[0][:200]
        raise Refused(f"--gguf: expected a model transformers reads, found: {reason}. Give another.") from None
    return model.model.eval().requires_grad_(False)


class Reader:
    def __init__(self, backbone, way, screen, batch):
        self.backbone, self.way, self.batch = backbone, way, batch
        self.before, self.after, self.blocks = screen["before"], screen["after"], screen["blocks"]
        if way != "whole":
            backbone.layers = backbone.layers[: self.blocks]
            backbone.norm = torch.nn.Identity()
        self.past = None
        if way == "shared" and self.before:
            self.past = backbone(torch.tensor([self.before]), use_cache=True).past_key_values

    def states(self, ids):
        """States `[prompt token hidden]` after the blocks, of all tokens but those of the past."""
        if self.way == "whole":
            return self.backbone(ids, use_cache=False, output_hidden_states=True).hidden_states[self.blocks]
        if self.past is None:
            return self.backbone(ids, use_cache=False).last_hidden_state
        past = transformers.DynamicCache()
        for layer in range(len(self.past)):
            keys, values = self.past[layer]
            past.update(keys.expand(len(ids), -1, -1, -1), values.expand(len(ids), -1, -1, -1), layer)
        return self.backbone(ids, past_key_values=past, use_cache=True).last_hidden_state

    def read(self, prompts):
        front = [] if self.past is not None else self.before
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        readings = [None] * len(prompts)
        for start in range(0, len(order), self.batch):
            part = order[start : start + self.batch]
            rows = [front + prompts[i] + self.after for i in part]
            longest = max(map(len, rows))
            states = self.states(torch.tensor([row + [0] * (longest - len(row)) for row in rows])).float()
            for row, i in enumerate(part):
                first, end = len(front), len(front) + len(prompts[i])
                own = states[row, first:end]
                last = states[row, end + len(self.after) - 1]
                readings[i] = torch.cat([last, own[-1], own.mean(0)])
        return readings


def timed(given, screen):
    prompts, tried, best = screen["prompts"], {}, None
    for attention in ATTENTIONS:
        reader = Reader(load(given, attention), given.way, screen, given.batch)
        few = prompts[: 4 * given.batch]
        reader.read(few)
        start = time.perf_counter()
        reader.read(few)
        tried[attention] = len(few) / (time.perf_counter() - start)
        if best is None or tried[attention] > tried[best[0]]:
            best = (attention, reader)
    attention, reader = best
    seconds, cpu = [], []
    for _ in range(given.rounds):
        start, used = time.perf_counter(), time.process_time()
        readings = reader.read(prompts)
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return attention, tried, seconds, cpu, readings


def agreement(readings, screen):
    """Lowest cosine of our readings and Assay's, over the prompts it left readings of."""
    ours = torch.tensor(screen["readings"])
    theirs = torch.stack(readings[: len(ours)])
    return torch.nn.functional.cosine_similarity(ours, theirs, dim=1).min().item()


def measure(given):
    try:
        screen = json.loads(given.screen.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise Refused(f"--screen: expected what assay bench screen wrote, found: {broken}. Write it again.") from None
    load_before = os.getloadavg()
    with torch.inference_mode():
        attention, tried, seconds, cpu, readings = timed(given, screen)
    return {
        "way": given.way,
        "dtype": given.dtype,
        "attention": attention,
        "tried_prompts_per_second": tried,
        "batch": given.batch,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "cpu_ms_per_prompt": 1e3 * statistics.median(cpu) / len(screen["prompts"]),
        "prompts_per_second": len(screen["prompts"]) / statistics.median(seconds),
        "lowest_cosine_to_assay": agreement(readings, screen),
        "threads": torch.get_num_threads(),
        "load": load_before,
        "versions": {m.__name__: m.__version__ for m in (torch, transformers)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--screen", type=pathlib.Path, required=True)
    parser.add_argument("--way", choices=WAYS, default="cut")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--batch", type=int, default=48, help="prompts in a pass")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=pathlib.Path)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    try:
        result = measure(given)
    except Refused as refused:
        print(f"transformers_reads: {refused}", file=sys.stderr)
        return 3
    text = json.dumps(result, indent=1) + "\n"
    given.out.write_text(text) if given.out else print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
