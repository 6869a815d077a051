"""Tiny random models of every family Assay runs, as a Hugging Face folder and as GGUF, and the logits transformers gives for them.

Usage: python families.py --out ../../app/src/test/resources/golden/families [FAMILY ...]

Writes FAMILY/ (a Hugging Face folder with expected.json and expected.safetensors in it, and gguf.bin beside them, written by the
rules of llama.cpp's convert_hf_to_gguf.py). A new family is one entry in FAMILIES.
"""

import argparse
import json
import pathlib
import shutil

import gguf
import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file

from tiny import TEMPLATE, VOCABULARY, contexts, generator, logits, make_tokenizer, randomise, spread

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
YARN = {"rope_type": "yarn", "factor": 4.0, "beta_fast": 8.0, "beta_slow": 1.0, "original_max_position_embeddings": 32}
LARGER = {"hidden_size": 32, "head_dim": 16}
# name: (configuration class, model class, what differs from SIZES)
FAMILIES = {
    "qwen2": ("Qwen2Config", "Qwen2ForCausalLM", {"tie_word_embeddings": True}),
    "qwen3": ("Qwen3Config", "Qwen3ForCausalLM", LARGER),
    # Both caps bite.
    "gemma2": (
        "Gemma2Config",
        "Gemma2ForCausalLM",
        LARGER
        | {
            "sliding_window": 124,
            "query_pre_attn_scalar": 24,
            "attn_logit_softcapping": 1.0,
            "final_logit_softcapping": 3.0,
            "rope_parameters": {"rope_type": "default", "rope_theta": 300.0},
        },
    ),
    "gemma3": (
        "Gemma3TextConfig",
        "Gemma3ForCausalLM",
        LARGER
        | {
            "num_hidden_layers": 4,
            "sliding_window": 124,
            "query_pre_attn_scalar": 24,
            "layer_types": ["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
            "rope_parameters": {
                "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 5000.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            },
        },
    ),
    "mistral": ("MistralConfig", "MistralForCausalLM", LARGER | {"sliding_window": 124}),
    "smollm3": (
        "SmolLM3Config",
        "SmolLM3ForCausalLM",
        {"hidden_size": 32, "num_hidden_layers": 4, "pad_token_id": 0, "rope_parameters": {"rope_type": "default", "rope_theta": 300.0}},
    ),
    "granite": (
        "GraniteConfig",
        "GraniteForCausalLM",
        {
            "hidden_size": 32,
            "embedding_multiplier": 3.0,
            "attention_multiplier": 0.2,
            "residual_multiplier": 0.4,
            "logits_scaling": 2.5,
        },
    ),
    "olmo2": ("Olmo2Config", "Olmo2ForCausalLM", {"hidden_size": 32, "pad_token_id": 0, "attention_bias": True}),
    "olmo3": (
        "Olmo3Config",
        "Olmo3ForCausalLM",
        {
            "hidden_size": 32,
            "pad_token_id": 0,
            "num_hidden_layers": 4,
            "sliding_window": 124,
            "rope_parameters": {
                "full_attention": YARN | {"rope_theta": 500.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 500.0},
            },
        },
    ),
    "phi3": ("Phi3Config", "Phi3ForCausalLM", {"hidden_size": 32, "pad_token_id": 0}),
    "phi4-mini": (
        "Phi3Config",
        "Phi3ForCausalLM",
        {
            "hidden_size": 32,
            "pad_token_id": 0,
            "max_position_embeddings": 512,
            "original_max_position_embeddings": 124,
            "rope_parameters": {
                "rope_type": "longrope",
                "rope_theta": 100.0,
                "partial_rotary_factor": 0.75,
                "short_factor": [1.0, 1.5, 2.0],
                "long_factor": [2.0, 4.0, 8.0],
            },
        },
    ),
}
ADAPTED = {"qwen2": "all-linear", "qwen3": "all-linear", "gemma2": "all-linear", "gemma3": "all-linear", "phi3": "all-linear"}
# Their ropes are refused in GGUF files.
NOT_IN_GGUF = {"olmo3", "phi4-mini"}
PERMUTED = {"llama", "granite", "smollm3"}
ARCHITECTURES = {"mistral": "llama"}


def make(name):
    config, model, extra = FAMILIES[name]
    made = getattr(transformers, model)(getattr(transformers, config)(**(SIZES | extra)))
    source = generator(name)
    for key, parameter in made.named_parameters():
        if "norm" in key:
            spread(parameter, source, 0.2)
            if not name.startswith("gemma"):
                with torch.no_grad():
                    parameter.add_(1)
        else:
            spread(parameter, source, 0.5 if "bias" in key else 1.5 / parameter.shape[-1] ** 0.5)
    return made.float().eval()


def settings(config, arch):
    """Metadata by the converter's rules, without the architecture in front."""
    heads = config.num_attention_heads
    values = {
        "context_length": config.max_position_embeddings,
        "embedding_length": config.hidden_size,
        "feed_forward_length": config.intermediate_size,
        "block_count": config.num_hidden_layers,
        "attention.head_count": heads,
        "attention.head_count_kv": config.num_key_value_heads,
        "attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
    }
    dimension = getattr(config, "head_dim", None) or config.hidden_size // heads
    values |= {"attention.key_length": dimension, "attention.value_length": dimension}
    rope = config.rope_parameters.get("full_attention", config.rope_parameters)
    values["rope.freq_base"] = float(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        values |= {"rope.scaling.type": "linear", "rope.scaling.factor": float(rope["factor"])}
    if arch == "gemma3":
        values["attention.sliding_window"] = config.sliding_window
        values["attention.sliding_window_pattern"] = [kind == "sliding_attention" for kind in config.layer_types]
        values["rope.freq_base_swa"] = float(config.rope_parameters["sliding_attention"]["rope_theta"])
        # llama.cpp knows no such key: it takes the width of a head. Assay reads it where it is.
        values["attention.query_pre_attn_scalar"] = float(config.query_pre_attn_scalar)
    if arch == "gemma2":
        values["attention.sliding_window"] = config.sliding_window
        values["attn_logit_softcapping"] = config.attn_logit_softcapping
        values["final_logit_softcapping"] = config.final_logit_softcapping
        values["attention.query_pre_attn_scalar"] = float(config.query_pre_attn_scalar)
    if arch == "granite":
        values |= {
            "embedding_scale": config.embedding_multiplier,
            "attention.scale": config.attention_multiplier,
            "residual_scale": config.residual_multiplier,
            "logit_scale": config.logits_scaling,
        }
    return values


def permuted(weight, heads):
    """LlamaModel.permute of convert_hf_to_gguf.py."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def write_gguf(name, model, path):
    config = model.config
    arch = ARCHITECTURES.get(name, name)
    number = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == arch)
    names = gguf.get_tensor_name_map(number, config.num_hidden_layers)
    # The first family is in parts, as large models are.
    writer = gguf.GGUFWriter(path, arch, split_max_tensors=10 if name == "qwen2" else 0)
    for key, value in settings(config, arch).items():
        key = f"{arch}.{key}"
        if isinstance(value, list):
            writer.add_array(key, value)
        elif isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        else:
            writer.add_uint32(key, value)
    tokenizer = json.loads((path.parent / "tokenizer.json").read_text())["model"]
    tokens = sorted(tokenizer["vocab"], key=tokenizer["vocab"].get)
    tokens += [f"[PAD{i}]" for i in range(len(tokens), VOCABULARY)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token.startswith("<|") else 5 if token.startswith("[PAD") else 1 for token in tokens])
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in tokenizer["merges"]])
    writer.add_bos_token_id(config.bos_token_id)
    writer.add_eos_token_id(config.eos_token_id)
    writer.add_chat_template(TEMPLATE)
    for key, tensor in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        weight = tensor.float().numpy()
        if arch in PERMUTED and ".q_proj." in key:
            weight = permuted(weight, config.num_attention_heads)
        if arch in PERMUTED and ".k_proj." in key:
            weight = permuted(weight, config.num_key_value_heads)
        if arch.startswith("gemma") and key.endswith("norm.weight"):
            weight = weight + 1
        writer.add_tensor(names.get_name(key, try_suffixes=(".weight", ".bias")), weight.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_adapter(name, model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    settings = LoraConfig(r=2, lora_alpha=6, target_modules=ADAPTED[name], task_type="CAUSAL_LM")
    wrapped = get_peft_model(model, settings).eval()
    randomise(wrapped, generator(name + " adapter"))
    wrapped.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text()) | {"base_model_name_or_path": f"tiny/{name}"}
    config["target_modules"] = sorted(config["target_modules"])
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
    return logits(wrapped)


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
        numbers = {"logits": logits(model)}
        if name not in NOT_IN_GGUF:
            write_gguf(name, model, folder / "gguf.bin")
        if name in ADAPTED:
            numbers["adapter"] = write_adapter(name, model, folder / "adapter")
        save_file(numbers, folder / "expected.safetensors")
        expected = {"made_with": {"transformers": transformers.__version__, "torch": torch.__version__}, "contexts": contexts()}
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")
        print(name, "largest logit", numbers["logits"].abs().max().item())


if __name__ == "__main__":
    main()
