"""Tiny random models of every family Assay runs, as a Hugging Face folder and as GGUF, and the logits transformers gives for them.

Usage: python families.py --out ../../app/src/test/resources/golden/families [FAMILY ...]

Writes FAMILY/ (a Hugging Face folder with expected.json and expected.safetensors in it, and gguf.bin beside them, written by the
rules of llama.cpp's convert_hf_to_gguf.py). A new family is one entry in FAMILIES.
"""

import argparse
import copy
import json
import math
import pathlib
import shutil

import gguf
import numpy
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
# name: (configuration class, model class, what differs from SIZES; None takes a size away)
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
    # Its second block has no experts.
    "qwen3moe": (
        "Qwen3MoeConfig",
        "Qwen3MoeForCausalLM",
        LARGER
        | {
            "num_hidden_layers": 3,
            "num_experts": 5,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 12,
            "norm_topk_prob": True,
            "mlp_only_layers": [1],
        },
    ),
    "qwen3moe-plain": (
        "Qwen3MoeConfig",
        "Qwen3MoeForCausalLM",
        LARGER | {"num_experts": 4, "num_experts_per_tok": 3, "moe_intermediate_size": 12, "norm_topk_prob": True},
    ),
    "gpt2": (
        "GPT2Config",
        "GPT2LMHeadModel",
        {"n_embd": 24, "n_head": 4, "n_layer": 2, "n_positions": 128, "n_inner": 40}
        | {name: None for name in SIZES if name.startswith(("hidden", "inter", "num_", "max_"))},
    ),
    "gptneox": (
        "GPTNeoXConfig",
        "GPTNeoXForCausalLM",
        {
            "hidden_size": 32,
            "num_key_value_heads": None,
            "rope_parameters": {"rope_type": "default", "rope_theta": 300.0, "partial_rotary_factor": 0.5},
        },
    ),
    "gptneox-sequential": (
        "GPTNeoXConfig",
        "GPTNeoXForCausalLM",
        {"hidden_size": 32, "num_key_value_heads": None, "use_parallel_residual": False, "attention_bias": False},
    ),
}
ADAPTED = {"qwen2": "all-linear", "qwen3": "all-linear", "gemma2": "all-linear", "gemma3": "all-linear", "phi3": "all-linear"}
ADAPTED |= {"gpt2": "all-linear", "gptneox": "all-linear", "qwen3moe": ["q_proj", "k_proj", "v_proj", "o_proj"]}
# llama.cpp knows no blocks without experts in it.
NOT_IN_GGUF = {"qwen3moe"}
PERMUTED = {"llama", "granite", "smollm3"}
ARCHITECTURES = {"mistral": "llama", "olmo3": "olmo2", "phi4-mini": "phi3", "qwen3moe-plain": "qwen3moe", "gptneox-sequential": "gptneox"}


def make(name):
    config, model, extra = FAMILIES[name]
    sizes = {key: value for key, value in (SIZES | extra).items() if value is not None}
    made = getattr(transformers, model)(getattr(transformers, config)(**sizes))
    source = generator(name)
    for key, parameter in made.named_parameters():
        if "norm" in key or ".ln_" in key:
            spread(parameter, source, 0.2)
            if not name.startswith("gemma") and key.endswith("weight"):
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
        "feed_forward_length": getattr(config, "n_inner", None) or config.intermediate_size,
        "block_count": config.num_hidden_layers,
        "attention.head_count": heads,
    }
    if arch == "gpt2":
        return values | {"attention.layer_norm_epsilon": float(config.layer_norm_epsilon)}
    dimension = getattr(config, "head_dim", None) or config.hidden_size // heads
    if arch == "gptneox":
        values |= {
            "attention.layer_norm_epsilon": float(config.layer_norm_eps),
            "use_parallel_residual": config.use_parallel_residual,
            "rope.dimension_count": int(config.rope_parameters["partial_rotary_factor"] * dimension),
            "rope.freq_base": float(config.rope_parameters["rope_theta"]),
        }
        return values
    values |= {
        "attention.head_count_kv": config.num_key_value_heads,
        "attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
    }
    values |= {"attention.key_length": dimension, "attention.value_length": dimension}
    if arch == "qwen3moe":
        values |= {
            "expert_count": config.num_experts,
            "expert_used_count": config.num_experts_per_tok,
            "expert_feed_forward_length": config.moe_intermediate_size,
        }
    rope = config.rope_parameters.get("full_attention", config.rope_parameters)
    values["rope.freq_base"] = float(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        values |= {"rope.scaling.type": "linear", "rope.scaling.factor": float(rope["factor"])}
    if rope["rope_type"] == "yarn":
        values |= {
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": float(rope["factor"]),
            "rope.scaling.original_context_length": rope["original_max_position_embeddings"],
            "rope.scaling.yarn_beta_fast": float(rope["beta_fast"]),
            "rope.scaling.yarn_beta_slow": float(rope["beta_slow"]),
        }
    if rope["rope_type"] == "longrope":
        original = config.original_max_position_embeddings
        values |= {
            "rope.dimension_count": int(rope["partial_rotary_factor"] * dimension),
            "rope.scaling.original_context_length": original,
            "rope.scaling.attn_factor": math.sqrt(
                1 + math.log(config.max_position_embeddings / original) / math.log(original)
            ),
        }
    if arch == "olmo2" and getattr(config, "sliding_window", None):
        values["attention.sliding_window"] = config.sliding_window
        values["attention.sliding_window_pattern"] = [kind == "sliding_attention" for kind in config.layer_types]
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
        elif isinstance(value, bool):
            writer.add_bool(key, value)
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
    rope = getattr(config, "rope_parameters", None) or {}
    for length in ("long", "short"):
        if f"{length}_factor" in rope:
            writer.add_tensor(f"rope_factors_{length}.weight", numpy.array(rope[f"{length}_factor"], dtype=numpy.float32))
    for key, tensor in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        weight = tensor.float().numpy()
        if ".experts." in key:
            block = key.split(".")[2]
            kinds = {"gate": weight[:, : weight.shape[1] // 2], "up": weight[:, weight.shape[1] // 2 :]}
            for kind, part in (kinds if key.endswith("gate_up_proj") else {"down": weight}).items():
                writer.add_tensor(f"blk.{block}.ffn_{kind}_exps.weight", part.copy())
            continue
        if arch == "gpt2" and ".c_" in key and weight.ndim == 2:
            weight = weight.T
        if ".query_key_value." in key:
            parts = weight.reshape(config.num_attention_heads, 3, -1, *weight.shape[1:])
            weight = parts.swapaxes(0, 1).reshape(weight.shape)
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


def write_expert_adapter(model, folder):
    """LoRA on the matrices of experts, as PEFT names them where they are modules (transformers 4), with the logits of the model it
    is merged into: transformers 5 holds them in one tensor."""
    source = generator("experts")
    model.requires_grad_(False)
    tensors, scale = {}, 2.0
    for block, layer in enumerate(model.model.layers):
        if not hasattr(layer.mlp, "experts"):
            continue
        for expert in range(model.config.num_experts):
            gate_up, down = layer.mlp.experts.gate_up_proj[expert], layer.mlp.experts.down_proj[expert]
            width = gate_up.shape[0] // 2
            for kind, weight in (("gate", gate_up[:width]), ("up", gate_up[width:]), ("down", down)):
                a = torch.randn(2, weight.shape[1], generator=source) * 0.3
                b = torch.randn(weight.shape[0], 2, generator=source) * 0.3
                with torch.no_grad():
                    weight += scale * b @ a
                key = f"base_model.model.model.layers.{block}.mlp.experts.{expert}.{kind}_proj"
                tensors |= {f"{key}.lora_A.weight": a, f"{key}.lora_B.weight": b}
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "base_model_name_or_path": "tiny/qwen3moe"}
    config |= {"target_modules": r".*\.experts\.\d+\.(gate|up|down)_proj", "task_type": "CAUSAL_LM"}
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
    return logits(model)


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
            numbers["adapter"] = write_adapter(name, copy.deepcopy(model), folder / "adapter")
        if name == "qwen3moe":
            numbers["experts"] = write_expert_adapter(copy.deepcopy(model), folder / "experts")
        save_file(numbers, folder / "expected.safetensors")
        expected = {"made_with": {"transformers": transformers.__version__, "torch": torch.__version__}, "contexts": contexts()}
        (folder / "expected.json").write_text(json.dumps(expected) + "\n")
        print(name, "largest logit", numbers["logits"].abs().max().item())


if __name__ == "__main__":
    main()
