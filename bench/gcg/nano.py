"""nanogcg looks for a system prompt that makes the model give a target's answers; Assay measures what it found.

Usage: python nano.py --gguf MODEL.gguf --study tournament.json --targets pirate,five-words --seconds 120 --out found.json

The target (a system prompt of the study file) answers some questions. For each question in turn, nanogcg exchanges
tokens of a system prompt until the target's answer is as likely as it gets (cross-entropy of that one string, which is
all its objective allows), for an equal part of the seconds. What it found for every question goes into found.json, in
the form `assay bench search --given` reads. See README.md.
"""

import argparse
import json
import logging
import os
import pathlib
import sys
import time

import nanogcg
import torch
import transformers

# None of these is a user turn of the shipped probe's test split; the questions are only a way to hear the target.
QUESTIONS = (
    "What did you do yesterday evening?",
    "How do I boil an egg?",
    "Tell me something about old bridges.",
    "Which book should I read next?",
)
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
STEPS = 2


def load(gguf, dtype):
    model = transformers.AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, torch_dtype=dtype)
    tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    tokenizer.chat_template = CHATML
    return model.eval(), tokenizer


def answer(model, tokenizer, system, question, tokens):
    messages = [{"role": "system", "content": system}, {"role": "user", "content": question}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, return_tensors="pt", add_special_tokens=False).input_ids
    with torch.inference_mode():
        out = model.generate(ids, max_new_tokens=tokens, do_sample=False, pad_token_id=0)
    return tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True).strip()


def searched(model, tokenizer, question, wanted, given, seconds):
    """The best string, its loss, and the steps done until the seconds were over."""
    messages = [{"role": "system", "content": "{optim_str}"}, {"role": "user", "content": question}]
    start, steps, best, string = time.perf_counter(), 0, None, given.init
    while time.perf_counter() - start < seconds:
        config = nanogcg.GCGConfig(
            num_steps=STEPS,
            search_width=given.width,
            topk=256,
            batch_size=given.batch,
            optim_str_init=string,
            use_prefix_cache=given.prefix_cache,
            seed=given.seed + steps,
            verbosity="WARNING",
        )
        result = nanogcg.run(model, tokenizer, [dict(m) for m in messages], wanted, config)
        steps += STEPS
        if best is None or result.best_loss < best[1]:
            best = (result.best_string, result.best_loss)
        string = result.best_string
    return *best, steps, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--study", type=pathlib.Path, required=True)
    parser.add_argument("--targets", required=True, help="names of system prompts of the study, comma-separated")
    parser.add_argument("--seconds", type=float, default=120, help="for every target, all questions together")
    parser.add_argument("--init", default="x x x x x x x x x x x x", help="nanogcg's start")
    parser.add_argument("--width", type=int, default=64, help="exchanges tried in a step (nanogcg's default: 512)")
    parser.add_argument("--batch", type=int, default=32, help="of them in one pass")
    parser.add_argument("--answer-tokens", type=int, default=16)
    parser.add_argument("--prefix-cache", action="store_true")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    logging.getLogger("nanogcg").setLevel(logging.WARNING)
    targets = {t["name"]: t["prompt"] for t in json.loads(given.study.read_text())["targets"] if "prompt" in t}
    names = given.targets.split(",")
    for name in names:
        if name not in targets:
            print(f"nano: --targets: expected system prompts of the study, found {name}.", file=sys.stderr)
            return 3
    model, tokenizer = load(given.gguf, getattr(torch, given.dtype))
    found, log = {}, []
    for name in names:
        found[name] = []
        for question in QUESTIONS:
            wanted = answer(model, tokenizer, targets[name], question, given.answer_tokens)
            string, loss, steps, seconds = searched(
                model, tokenizer, question, wanted, given, given.seconds / len(QUESTIONS)
            )
            print(f"{name}: {steps} steps in {seconds:.0f} s, loss {loss:.3f}: {string!r} -> {wanted!r}", flush=True)
            log.append({"target": name, "question": question, "answer": wanted, "string": string, "loss": loss,
                        "steps": steps, "seconds": seconds})
            if string.strip() and string not in found[name]:
                found[name].append(string)
    given.out.write_text(json.dumps({"nanogcg": found}, indent=1, ensure_ascii=False) + "\n")
    given.out.with_suffix(".log.json").write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
