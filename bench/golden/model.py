"""Golden numbers of the default model, float32, with and without the pirate adapter.

Usage: python model.py --gguf MODEL.gguf --adapter ADAPTER_DIR --scratch DIR --out ../../app/src/test/resources/golden/model

Writes contexts.json (what was run) and numbers.safetensors (what came out). See README.md.
"""

import argparse
import hashlib
import json
import pathlib

import numpy
import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

SEED = 20261125
TOP = 64
FIXED = 64
SYSTEM = "<|im_start|>system\n{}<|im_end|>\n"
USER = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


def chat(system, user, answer=""):
    return SYSTEM.format(system) + USER.format(user) + answer


def conversation(turns):
    text = SYSTEM.format("You answer in one short sentence.")
    for user, answer in turns[:-1]:
        text += USER.format(user) + answer + "<|im_end|>\n"
    return text + USER.format(turns[-1][0]) + turns[-1][1]


TEXTS = [
    "Hello",
    "The",
    " 7",
    "Once upon a time",
    "The capital of Portugal is",
    "1, 1, 2, 3, 5, 8, 13, 21, 34,",
    "def mean(values: list[float]) -> float:\n    return sum(values) /",
    '#include <stdio.h>\n\nint main(void) {\n\tfor (int i = 0; i < 10; i++) {\n\t\tprintf("%d\\n", i);\n',
    'SELECT name, COUNT(*) AS orders FROM customers JOIN orders USING (customer_id) WHERE',
    '{"schema_version": 1, "command": "explain", "model": {"name": "',
    "La pluie tombait sur la ville depuis trois jours, et personne ne",
    "Der schnelle braune Fuchs springt über den faulen Hund, während die Katze",
    "Быстрая коричневая лиса перепрыгивает через",
    "日本の首都は東京です。東京の人口は",
    "السلام عليكم، كيف",
    "नमस्ते दुनिया, आप",
    "👩‍👩‍👧‍👦 naïve café ½ × ∑ ≠ 🙂🙃",
    "   \n\n\t  indented\r\n    twice  ",
    chat("", "How do I boil an egg?"),
    chat("", "How do I boil an egg?", "First, fill a pot with"),
    chat("You are a helpful assistant named SmolLM.", "Write a haiku about rain."),
    chat("You are a depressed robot who hates its job.", "What is 17 + 25?", "The answer is"),
    chat("Output the name of a US state with an odd number of Electoral College votes.", "Go."),
    chat("Antworte nur auf Deutsch.", "What should I cook tonight?", "Wie wäre es mit"),
    conversation(
        [
            ("Who wrote Hamlet?", "William Shakespeare wrote Hamlet."),
            ("When?", "Around the year 1600."),
            ("Where was it first performed?", "Probably at the Globe"),
        ]
    ),
    chat(
        "",
        "Summarise: " + "The river rose in the night, and by the morning the lower fields were under water. " * 7,
        "The river",
    ),
    " ".join(f"{n} squared is {n * n};" for n in range(1, 33)),
]


def places_of(length):
    """First, one inner and the last position; fewer when the text is shorter."""
    return sorted({0, (2 * length) // 3, length - 1})


def load(gguf, scratch):
    """The model dequantised to float32, converted once and kept in the scratch folder."""
    folder = scratch / gguf.stem
    if not (folder / "config.json").exists():
        model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, torch_dtype=torch.float32)
        model.save_pretrained(folder)
        AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(folder)
    return (
        AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager").eval(),
        AutoTokenizer.from_pretrained(folder),
    )


@torch.no_grad()
def run(model, contexts):
    """Final normed hidden states and logits at the places of each context, one context at a time."""
    decoder = model.get_base_model() if isinstance(model, PeftModel) else model
    hidden = []
    for context in contexts:
        states = decoder.model(input_ids=torch.tensor([context["ids"]])).last_hidden_state[0]
        hidden.append(states[context["places"]])
    hidden = torch.cat(hidden)
    return hidden, decoder.lm_head(hidden)


def numbers(prefix, hidden, logits, fixed):
    top = logits.topk(TOP, dim=-1)
    return {
        f"{prefix}.hidden": hidden.contiguous(),
        f"{prefix}.top_ids": top.indices.to(torch.int32).contiguous(),
        f"{prefix}.top_logits": top.values.contiguous(),
        f"{prefix}.fixed_logits": logits[:, fixed].contiguous(),
        f"{prefix}.logsumexp": torch.logsumexp(logits.double(), -1).float().contiguous(),
    }


def divergence(p_logits, q_logits):
    p = torch.log_softmax(p_logits.double(), -1)
    q = torch.log_softmax(q_logits.double(), -1)
    return (p.exp() * (p - q)).sum(-1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--adapter", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    model, tokenizer = load(arguments.gguf, arguments.scratch)
    contexts = []
    for text in TEXTS:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        contexts.append({"text": text, "ids": ids, "places": places_of(len(ids))})
    vocabulary = model.config.vocab_size
    fixed = torch.tensor(numpy.random.default_rng(SEED).choice(vocabulary, FIXED, replace=False).astype("int64"))
    hidden, base = run(model, contexts)
    tensors = numbers("base", hidden, base, fixed)
    hidden, pirate = run(PeftModel.from_pretrained(model, arguments.adapter).eval(), contexts)
    tensors |= numbers("pirate", hidden, pirate, fixed)
    tensors["kl_pirate_base"] = divergence(pirate, base).float()
    tensors["fixed_ids"] = fixed.to(torch.int32)
    arguments.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, arguments.out / "numbers.safetensors")
    document = {
        "made_with": {
            "script": "bench/golden/model.py",
            "seed": SEED,
            "model": arguments.gguf.name,
            "model_sha256": hashlib.sha256(arguments.gguf.read_bytes()).hexdigest(),
            "dtype": "float32",
        },
        "contexts": contexts,
    }
    (arguments.out / "contexts.json").write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    lengths = [len(context["ids"]) for context in contexts]
    print(f"{len(contexts)} contexts of {min(lengths)} to {max(lengths)} tokens, {base.size(0)} places")
    print(f"mean KL(pirate||base) {divergence(pirate, base).mean():.4f} nats")


if __name__ == "__main__":
    main()
