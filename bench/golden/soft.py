"""Soft prompts by PEFT on the tiny models of tiny.py, and the logits they must give.

Usage: python soft.py --out ../../app/src/test/resources/golden/soft

Writes prompts/NAME (PEFT folders), expected.json and expected.safetensors. See README.md.
"""

import argparse
import json
import pathlib
import shutil

import torch
from peft import PromptTuningConfig, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer

import tiny

# name: (base model, number of soft tokens, how training starts, PEFT's name for the adapter)
PROMPTS = {
    "random": ("tied", 5, "RANDOM", "default"),
    "sampled": ("untied-bf16", 1, "SAMPLE_VOCAB", "default"),
    "named": ("rope-llama3", 12, "RANDOM", "pirate"),
}
USERS = ["Hello", "Write a haiku about rain, then another.", "Name the sea.\n\nAnd the land, and all in between."]
CHAT = "<|im_start|>system\n<|im_end|>\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


def contexts(scratch):
    """Conversations with an empty system message, as token ids; an answer has begun in the last."""
    tiny.make_tokenizer(scratch)
    tokenizer = Tokenizer.from_file(str(scratch))
    scratch.unlink()
    texts = [CHAT.format(user) for user in USERS]
    return [tokenizer.encode(text).ids for text in texts[:-1] + [texts[-1] + "Th"]]


@torch.no_grad()
def logits(model, rows):
    """Float32 logits at the last place of every context."""
    return torch.stack([model(input_ids=torch.tensor([ids])).logits[0, -1] for ids in rows]).contiguous()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    torch.manual_seed(tiny.SEED)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    rows = contexts(out / "tokenizer.json")
    expected = {}
    document = {"contexts": rows, "prompts": []}
    for name, (base, tokens, start, adapter) in PROMPTS.items():
        plain = logits(tiny.make_model(base), rows)
        config = PromptTuningConfig(num_virtual_tokens=tokens, prompt_tuning_init=start, task_type="CAUSAL_LM")
        wrapped = get_peft_model(tiny.make_model(base), config, adapter_name=adapter).eval()
        if start == "RANDOM":
            tiny.spread(wrapped.prompt_encoder[adapter].embedding.weight, tiny.generator(name), 1.0)
        folder = out / "prompts" / name
        wrapped.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        (path,) = folder.rglob("adapter_config.json")
        settings = json.loads(path.read_text()) | {"base_model_name_or_path": f"tiny/{base}"}
        path.write_text(json.dumps(settings, indent=1) + "\n")
        expected[name] = logits(wrapped, rows)
        print(f"{name:10} on {base:14} max shift of a logit {(expected[name] - plain).abs().max().item():.3f}")
        document["prompts"].append({"name": name, "model": base, "tokens": tokens})
    save_file(expected, out / "expected.safetensors")
    (out / "expected.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
