"""Logits of a model as the user's own transformers computes them, for `assay model check --reference`.

Usage: python logits.py MODEL --out reference.safetensors [--adapter FOLDER] [--ids FILE.json]

MODEL is a folder, a name on the hub, or a .gguf file (its folder and name are given to transformers' gguf_file). Without --ids
four short conversations are written by the model's own chat template. Everything is computed in float32 on the CPU, one context
at a time. Needs torch, transformers and safetensors; peft for --adapter.
"""

import argparse
import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

CONVERSATIONS = [
    [{"role": "user", "content": "What is the capital of France?"}],
    [{"role": "system", "content": "You are a pirate."}, {"role": "user", "content": "Write a short poem about the sea."}],
    [{"role": "user", "content": "Explain in Greek: Γιατί είναι ο ουρανός μπλε;"}],
    [
        {"role": "user", "content": "Count from 1 to 12."},
        {"role": "assistant", "content": "1 2 3 4 5 6 7 8 9 10 11 12"},
        {"role": "user", "content": "Now backwards, with commas."},
    ],
]


def conversations(tokenizer):
    """Token ids of the conversations that the chat template takes."""
    contexts = []
    for messages in CONVERSATIONS:
        try:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        except Exception as refused:  # templates raise what they like, for example without a system role
            print(f"left out: {messages[0]['role']} first, {refused}")
            continue
        contexts.append(tokenizer(text, add_special_tokens=False)["input_ids"])
    return contexts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--out", required=True, help="a .safetensors file")
    parser.add_argument("--adapter", help="a PEFT folder, or its name on the hub")
    parser.add_argument("--ids", help="a JSON array of arrays of token ids, in place of the conversations")
    arguments = parser.parse_args()

    path = pathlib.Path(arguments.model)
    named = {"gguf_file": path.name} if path.suffix == ".gguf" else {}
    place = str(path.parent) if named else arguments.model
    if arguments.ids:
        contexts = json.loads(pathlib.Path(arguments.ids).read_text())
    else:
        contexts = conversations(AutoTokenizer.from_pretrained(place, **named))
    model = AutoModelForCausalLM.from_pretrained(place, **named)
    versions = f"transformers {transformers.__version__}, torch {torch.__version__}"
    if arguments.adapter:
        import peft

        model = peft.PeftModel.from_pretrained(model, arguments.adapter)
        versions += f", peft {peft.__version__}"
    model = model.float().eval()

    tensors = {}
    with torch.no_grad():
        for index, ids in enumerate(contexts):
            logits = model(torch.tensor([ids]), use_cache=False).logits[0]
            tensors[f"logits.{index}"] = logits.float().contiguous()
    save_file(tensors, arguments.out, {"ids": json.dumps(contexts), "made_by": versions + ", float32"})
    print(f"{arguments.out}: {len(contexts)} contexts, {sum(map(len, contexts))} tokens, {versions}")


if __name__ == "__main__":
    main()
