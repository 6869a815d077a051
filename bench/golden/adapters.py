"""Adapters of the kinds trainers use beside plain LoRA, on tiny models, and the logits they must give by PEFT.

Usage: python adapters.py --golden ../../app/src/test/resources/golden    (transformers 5, PEFT)

Reads tiny/models, families/phi3 and the contexts of tiny/expected.json; writes adapters/NAME (PEFT folders, three of
them pickled), adapters/expected.json and adapters/expected.safetensors. See README.md.
"""

import argparse
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, PrefixTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

SEED = 20261130
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
TIED, UNTIED, BIASED, PHI3 = "tiny/models/tied", "tiny/models/untied-bf16", "tiny/models/biased", "families/phi3"

# name: (base model, settings of LoraConfig)
ADAPTERS = {
    "dora": (TIED, {"use_dora": True, "target_modules": ["q_proj", "v_proj", "down_proj"], "lora_alpha": 5}),
    "dora-everywhere": (UNTIED, {"use_dora": True, "target_modules": LINEAR + ["embed_tokens", "lm_head"]}),
    "dora-biased": (BIASED, {"use_dora": True, "target_modules": LINEAR, "bias": "all"}),
    "dora-fused": (PHI3, {"use_dora": True, "target_modules": "all-linear", "use_rslora": True}),
    "fused-patterns": (PHI3, {"target_modules": ["qkv_proj", "gate_up_proj"], "rank_pattern": {r"layers\.1\..*qkv_proj": 5}}),
    "lora-bias": (TIED, {"target_modules": ["q_proj", "down_proj"], "lora_bias": True}),
    "float-alpha": (TIED, {"target_modules": ["k_proj", "o_proj"], "lora_alpha": 12.75}),
    "tokens": (UNTIED, {"target_modules": ["q_proj"], "trainable_token_indices": [3, 77, 201]}),
    "tokens-tied": (TIED, {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [200, 5, 77]}}),
    "tokens-both": (UNTIED, {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [9], "lm_head": [40, 41]}}),
    "tokens-head-saved": (UNTIED, {"target_modules": ["q_proj"], "trainable_token_indices": [5, 77], "modules_to_save": ["lm_head"]}),
    "head-of-tied": (TIED, {"target_modules": ["q_proj", "lm_head"]}),
    "tying-ensured": (TIED, {"target_modules": ["q_proj", "embed_tokens"], "ensure_weight_tying": True}),
    "tying-saved": (TIED, {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}),
    "parameters": (TIED, {"target_modules": ["q_proj"], "target_parameters": ["mlp.down_proj.weight"]}),
}
PREFIXES = {
    "prefix": (UNTIED, {"num_virtual_tokens": 5}),
    "prefix-projected": (TIED, {"num_virtual_tokens": 3, "prefix_projection": True, "encoder_hidden_size": 16}),
}


def generator(name):
    return torch.Generator().manual_seed(SEED + sum(name.encode()))


def train(model, name):
    """Random numbers in everything that would be trained."""
    source = generator(name)
    for key, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        with torch.no_grad():
            noise = torch.randn(parameter.shape, generator=source)
            if "magnitude" in key:
                parameter.mul_(1 + 0.3 * noise)
            elif "modules_to_save" in key or key.endswith(".bias") and "lora" not in key:
                parameter.add_(0.3 * noise)
            else:
                parameter.copy_(0.4 * noise)


@torch.no_grad()
def logits(model, contexts):
    rows = [model(torch.tensor([one["ids"]])).logits[0] for one in contexts]
    return torch.cat([row[one.get("places", [-1])] for row, one in zip(rows, contexts)]).contiguous()


def respell(folder, base):
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    settings = json.loads(path.read_text()) | {"base_model_name_or_path": base.split("/")[-1]}
    path.write_text(json.dumps(settings, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--golden", type=pathlib.Path, required=True)
    golden = parser.parse_args().golden
    out = golden / "adapters"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    contexts = json.loads((golden / "tiny/expected.json").read_text())["contexts"]
    document, expected = [], {}
    for name, (base, settings) in (ADAPTERS | PREFIXES).items():
        model = AutoModelForCausalLM.from_pretrained(golden / base, dtype=torch.float32).eval()
        plain = logits(model, contexts)
        isPrefix = name in PREFIXES
        config = PrefixTuningConfig(task_type="CAUSAL_LM", **settings) if isPrefix else LoraConfig(
            **({"task_type": "CAUSAL_LM", "r": 3, "lora_alpha": 6} | settings))
        torch.manual_seed(SEED)
        wrapped = get_peft_model(model, config).eval()
        train(wrapped, name)
        expected[name] = logits(wrapped, contexts)
        wrapped.save_pretrained(out / name)
        respell(out / name, base)
        shift = (expected[name] - plain).abs().max().item()
        assert shift > 0.01, name
        print(f"{name:20} on {base:26} max shift of a logit {shift:.3f}")
        document.append({"name": name, "model": base, "kind": "prefix" if isPrefix else "lora"})
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        folder = out / f"bin-{str(dtype).removeprefix('torch.')}"
        shutil.copytree(out / "float-alpha", folder)
        file = folder / "adapter_model.safetensors"
        torch.save({key: tensor.to(dtype) for key, tensor in load_file(file).items()}, folder / "adapter_model.bin")
        file.unlink()
    save_file(expected, out / "expected.safetensors")
    (out / "expected.json").write_text(json.dumps({"adapters": document}, indent=1) + "\n")


if __name__ == "__main__":
    main()
