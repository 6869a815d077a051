"""Tiny random Llama models, LoRA adapters on them by PEFT, and the logits they must give.

Usage: python tiny.py --out ../../app/src/test/resources/golden/tiny

Writes models/NAME (Hugging Face folders), adapters/NAME and refused/NAME (PEFT folders), expected.json and
expected.safetensors. See README.md.
"""

import argparse
import copy
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM

SEED = 20261125
VOCABULARY = 272
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' "
    "+ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
LINEAR = {"rope_type": "linear", "factor": 4.0}

# name: (configuration, dtype on disk, largest shard, spelling of config.json)
MODELS = {
    "tied": ({"tie_word_embeddings": True}, torch.float32, "1GB", 4),
    "untied-bf16": ({}, torch.bfloat16, "1GB", 4),
    "sharded-fp16": ({"num_hidden_layers": 3}, torch.float16, "24KB", 4),
    "biased": ({"attention_bias": True, "mlp_bias": True}, torch.bfloat16, "1GB", 4),
    "rope-llama3": ({"rope_scaling": LLAMA3, "rope_theta": 500.0}, torch.bfloat16, "1GB", 4),
    "rope-linear": ({"rope_scaling": LINEAR, "head_dim": 16}, torch.bfloat16, "1GB", 4),
    "spelling-5": ({"rope_scaling": LLAMA3, "rope_theta": 700.0}, torch.bfloat16, "1GB", 5),
    "spelling-5-plain": ({"rope_theta": 300.0, "tie_word_embeddings": True}, torch.bfloat16, "1GB", 5),
}


def generator(name):
    return torch.Generator().manual_seed(SEED + sum(name.encode()))


def spread(parameter, source, scale):
    """Fills with random numbers, so that nothing is zero by construction."""
    with torch.no_grad():
        parameter.copy_(torch.randn(parameter.shape, generator=source) * scale)


def make_model(name):
    extra, dtype, _, _ = MODELS[name]
    settings = {
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
    model = LlamaForCausalLM(LlamaConfig(**(settings | extra)))
    source = generator(name)
    for key, parameter in model.named_parameters():
        if "norm" in key:
            spread(parameter, source, 0.2)
            with torch.no_grad():
                parameter.add_(1)
        else:
            spread(parameter, source, 0.5 if "bias" in key else 1.5 / parameter.shape[-1] ** 0.5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype))
    return model.eval()


def make_tokenizer(path):
    """Byte-level BPE of the 256 bytes and a dozen merges."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: index for index, symbol in enumerate(alphabet, start=len(SPECIALS))}
    vocabulary |= {special: index for index, special in enumerate(SPECIALS)}
    merges = [("t", "h"), ("th", "e"), ("i", "n"), ("e", "r"), ("Ġ", "t"), ("a", "n"), ("an", "d"), ("o", "u"), ("Ġ", "a")]
    for left, right in merges:
        vocabulary.setdefault(left + right, len(vocabulary))
    assert len(vocabulary) <= VOCABULARY
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(special, special=True) for special in SPECIALS])
    tokenizer.save(str(path), pretty=False)


def save_model(name, model, folder):
    _, dtype, shard, spelling = MODELS[name]
    copy.deepcopy(model).to(dtype).save_pretrained(folder, max_shard_size=shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    config["torch_dtype"] = str(dtype).removeprefix("torch.")
    if spelling == 5:
        config["dtype"] = config.pop("torch_dtype")
        config["rope_parameters"] = (config.pop("rope_scaling") or {"rope_type": "default"}) | {
            "rope_theta": config.pop("rope_theta")
        }
        config["transformers_version"] = "5.0.0"
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    make_tokenizer(folder / "tokenizer.json")
    if name == "tied":
        (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}) + "\n")
    else:
        (folder / "chat_template.jinja").write_text(TEMPLATE)


def contexts():
    source = generator("contexts")
    lengths = [1, 5, 60]
    places = [[0], [0, 2, 4], [1, 17, 32, 59]]
    ids = [torch.randint(len(SPECIALS), VOCABULARY, (length,), generator=source).tolist() for length in lengths]
    return [{"ids": row, "places": at} for row, at in zip(ids, places)]


@torch.no_grad()
def logits(model):
    """Float32 logits at the places of every context, from the stored numbers.

    The model itself is never cast: that would round the rotary frequencies too.
    """
    rows = [model(input_ids=torch.tensor([c["ids"]])).logits[0][c["places"]] for c in contexts()]
    return torch.cat(rows).contiguous()


ALL = "all-linear"
QUERY_VALUE = ["q_proj", "v_proj"]
# name: (base model, LoRA configuration, how the files are changed after saving)
ADAPTERS = {
    "plain": ("tied", {"target_modules": QUERY_VALUE}, None),
    "default-infix": ("tied", {"target_modules": QUERY_VALUE}, "infix"),
    "rank-stabilised": ("untied-bf16", {"target_modules": QUERY_VALUE, "use_rslora": True, "r": 4}, None),
    "patterns": (
        "tied",
        {
            "target_modules": ["q_proj", "k_proj", "down_proj"],
            "rank_pattern": {"layers.1.self_attn.q_proj": 5, "down_proj": 1},
            "alpha_pattern": {"k_proj": 12, "^model.layers.0.mlp.down_proj": 2},
        },
        None,
    ),
    "patterns-rank-stabilised": (
        "untied-bf16",
        {
            "target_modules": ["q_proj", "o_proj"],
            "use_rslora": True,
            "rank_pattern": {"q_proj": 4},
            "alpha_pattern": {"o_proj": 3},
        },
        None,
    ),
    "regex": ("tied", {"target_modules": r".*\.(0\.self_attn\.(k|o)|1\.mlp\.up)_proj"}, None),
    "all-linear": ("sharded-fp16", {"target_modules": ALL, "r": 1}, None),
    "layers": ("sharded-fp16", {"target_modules": ["v_proj", "gate_proj"], "layers_to_transform": [0, 2]}, None),
    "excluded": ("tied", {"target_modules": ["q_proj", "up_proj"], "exclude_modules": ["up_proj"]}, None),
    "embedding": ("untied-bf16", {"target_modules": ["embed_tokens", "q_proj"]}, "no-base"),
    "embedding-with-base": ("untied-bf16", {"target_modules": ["embed_tokens"]}, None),
    "embedding-tied": ("tied", {"target_modules": ["embed_tokens"]}, "no-base"),
    "head": ("untied-bf16", {"target_modules": ["lm_head", "v_proj"]}, "no-base"),
    "saved-modules": (
        "untied-bf16",
        {"target_modules": ["v_proj"], "modules_to_save": ["lm_head", "norm", "embed_tokens"]},
        None,
    ),
    "saved-head-of-tied": ("tied", {"target_modules": ["v_proj"], "modules_to_save": ["lm_head"]}, None),
    "bias-all": ("biased", {"target_modules": QUERY_VALUE, "bias": "all"}, None),
    "bias-lora-only": ("biased", {"target_modules": QUERY_VALUE, "bias": "lora_only"}, None),
    "lora-bias": ("biased", {"target_modules": QUERY_VALUE, "lora_bias": True}, None),
    "over-biased": ("biased", {"target_modules": ALL}, None),
    "over-rope": ("spelling-5", {"target_modules": ["k_proj", "v_proj"]}, None),
    "no-effect": ("tied", {"target_modules": QUERY_VALUE}, "zero"),
}
REFUSED = {
    "pissa": ({"target_modules": QUERY_VALUE, "init_lora_weights": "pissa"}, "init_lora_weights"),
    "prompt-tuning": (None, "peft_type"),
}


def randomise(wrapped, source):
    """Gives every trained number a value that shows."""
    for key, parameter in wrapped.named_parameters():
        if "lora_" in key and "magnitude" not in key:
            spread(parameter, source, 0.3)
        elif "modules_to_save" in key or (parameter.requires_grad and key.endswith("bias")):
            with torch.no_grad():
                parameter.add_(torch.randn(parameter.shape, generator=source) * 0.3)


def wrap(name, base, settings):
    if settings is None:
        config = PromptTuningConfig(num_virtual_tokens=4, task_type="CAUSAL_LM")
    else:
        config = LoraConfig(**({"r": 2, "lora_alpha": 6, "task_type": "CAUSAL_LM"} | settings))
    wrapped = get_peft_model(base, config)
    if settings is not None:
        randomise(wrapped, generator(name))
    return wrapped.eval()


def save_adapter(wrapped, base, folder, change):
    wrapped.save_pretrained(folder, save_embedding_layers=False if change == "no-base" else "auto")
    (folder / "README.md").unlink(missing_ok=True)
    file = folder / "adapter_model.safetensors"
    if change == "infix":
        tensors = load_file(file)
        save_file({key.replace(".weight", ".default.weight"): value for key, value in tensors.items()}, file)
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text()) | {"base_model_name_or_path": f"tiny/{base}"}
    if isinstance(config.get("target_modules"), list):
        config["target_modules"].sort()
    path.write_text(json.dumps(config, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    torch.manual_seed(SEED)
    for part in ("models", "adapters", "refused"):
        shutil.rmtree(out / part, ignore_errors=True)
    expected = {}
    document = {"contexts": contexts(), "models": list(MODELS), "adapters": [], "refused": []}
    for name in MODELS:
        model = make_model(name)
        save_model(name, model, out / "models" / name)
        expected[f"model.{name}"] = logits(model)
    for name, (base, settings, change) in ADAPTERS.items():
        wrapped = wrap(name, make_model(base), settings)
        if change == "zero":
            for key, parameter in wrapped.named_parameters():
                if "lora_B" in key:
                    spread(parameter, generator(name), 0.0)
        save_adapter(wrapped, base, out / "adapters" / name, change)
        expected[f"adapter.{name}"] = logits(wrapped)
        shift = (expected[f"adapter.{name}"] - expected[f"model.{base}"]).abs().max().item()
        print(f"{name:26} on {base:14} max shift of a logit {shift:.3f}")
        document["adapters"].append({"name": name, "model": base, "effect": change != "zero"})
    for name, (settings, field) in REFUSED.items():
        save_adapter(wrap(name, make_model("tied"), settings), "tied", out / "refused" / name, None)
        document["refused"].append({"name": name, "model": "tied", "field": field})
    save_file(expected, out / "expected.safetensors")
    (out / "expected.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
