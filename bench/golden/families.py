"""Tiny random models of every family Assay runs, and the logits transformers gives for them.

Usage: python families.py --out ../../app/src/test/resources/golden/families [FAMILY ...]

Writes FAMILY/ (a Hugging Face folder with expected.json and expected.safetensors in it). A new family is one entry in FAMILIES.
"""

import argparse
import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file

from tiny import TEMPLATE, VOCABULARY, contexts, generator, logits, make_tokenizer, spread

SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 0,
    "eos_token_id": 2,
}
# name: (configuration class, model class, what differs from SIZES)
FAMILIES = {
    "qwen2": ("Qwen2Config", "Qwen2ForCausalLM", {"tie_word_embeddings": True}),
}


def make(name):
    config, model, extra = FAMILIES[name]
    made = getattr(transformers, model)(getattr(transformers, config)(**(SIZES | extra)))
    source = generator(name)
    for key, parameter in made.named_parameters():
        if "norm" in key:
            spread(parameter, source, 0.2)
            with torch.no_grad():
                parameter.add_(1)
        else:
            spread(parameter, source, 0.5 if "bias" in key else 1.5 / parameter.shape[-1] ** 0.5)
    return made.float().eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("families", nargs="*", default=list(FAMILIES))
    options = parser.parse_args()
    for name in options.families:
        folder = options.out / name
        model = make(name)
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        make_tokenizer(folder / "tokenizer.json")
        (folder / "chat_template.jinja").write_text(TEMPLATE)
        save_file({"logits": logits(model)}, folder / "expected.safetensors")
        expected = {"made_with": {"transformers": transformers.__version__, "torch": torch.__version__}, "contexts": contexts()}
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
