#!/usr/bin/env python3
"""Writes models of real shapes with random weights, and for each a LoRA adapter: what size costs does not depend on what weights say.

    bench/sizes/models.py --gguf SmolLM2-135M-Instruct.Q4_1.gguf --out FOLDER [SHAPE ...]

Shapes are those of the published configurations; weights are bfloat16, drawn from a normal distribution. The tokenizer is that of the
default model, with as many made-up words as the shape has more tokens. Needs transformers, gguf, torch, safetensors (bench/setup).
"""

import argparse
import json
import math
import pathlib

import gguf
import tokenizers
import torch
from safetensors.torch import save_file
from transformers import PreTrainedTokenizerFast

LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "rms_norm_eps": 1e-5, "rope_theta": 500000.0,
         "tie_word_embeddings": True}
QWEN = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
        "tie_word_embeddings": True}
GEMMA = {"architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text", "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
         "rope_local_base_freq": 10000.0, "sliding_window": 512, "sliding_window_pattern": 6, "query_pre_attn_scalar": 256,
         "hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": True}


def shape(kind, hidden, intermediate, layers, heads, key_values, head, vocabulary):
    return kind | {"hidden_size": hidden, "intermediate_size": intermediate, "num_hidden_layers": layers, "num_attention_heads": heads,
                   "num_key_value_heads": key_values, "head_dim": head, "vocab_size": vocabulary, "max_position_embeddings": 8192,
                   "torch_dtype": "bfloat16", "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}


SHAPES = {
    "qwen2.5-0.5b": shape(QWEN, 896, 4864, 24, 14, 2, 64, 151936),
    "gemma-3-1b": shape(GEMMA, 1152, 6912, 26, 4, 1, 256, 262144),
    "llama-3.2-1b": shape(LLAMA, 2048, 8192, 16, 32, 8, 64, 128256),
    "qwen2.5-1.5b": shape(QWEN, 1536, 8960, 28, 12, 2, 128, 151936),
}


def projections(config):
    hidden, inner, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    return {"self_attn.q_proj": (queries, hidden), "self_attn.k_proj": (keys, hidden), "self_attn.v_proj": (keys, hidden),
            "self_attn.o_proj": (hidden, queries), "mlp.gate_proj": (inner, hidden), "mlp.up_proj": (inner, hidden),
            "mlp.down_proj": (hidden, inner)}


def weights(config):
    generator = torch.Generator().manual_seed(0)
    hidden, head = config["hidden_size"], config["head_dim"]
    is_gemma = config["model_type"] == "gemma3_text"

    def drawn(*size):
        return (torch.randn(size, generator=generator) / math.sqrt(size[-1])).bfloat16()

    def norm(size):
        return torch.zeros(size, dtype=torch.bfloat16) if is_gemma else torch.ones(size, dtype=torch.bfloat16)

    made = {"model.embed_tokens.weight": drawn(config["vocab_size"], hidden), "model.norm.weight": norm(hidden)}
    for layer in range(config["num_hidden_layers"]):
        front = f"model.layers.{layer}."
        for name, size in projections(config).items():
            made[f"{front}{name}.weight"] = drawn(*size)
            if config["model_type"] == "qwen2" and name[-6] in "qkv" and "self_attn" in name:
                made[f"{front}{name}.bias"] = torch.zeros(size[0], dtype=torch.bfloat16)
        made[front + "input_layernorm.weight"] = norm(hidden)
        made[front + "post_attention_layernorm.weight"] = norm(hidden)
        if is_gemma:
            for name in ("pre_feedforward_layernorm", "post_feedforward_layernorm"):
                made[f"{front}{name}.weight"] = norm(hidden)
            for name in ("q_norm", "k_norm"):
                made[f"{front}self_attn.{name}.weight"] = norm(head)
    return made


def adapter(config, folder):
    """LoRA of rank 8 on queries and values, strong enough to change what is written."""
    generator = torch.Generator().manual_seed(1)
    made = {}
    for layer in range(config["num_hidden_layers"]):
        for name in ("self_attn.q_proj", "self_attn.v_proj"):
            out, into = projections(config)[name]
            front = f"base_model.model.model.layers.{layer}.{name}."
            made[front + "lora_A.weight"] = torch.randn((8, into), generator=generator) / math.sqrt(into)
            made[front + "lora_B.weight"] = torch.randn((out, 8), generator=generator) / math.sqrt(8) * 0.3
    folder.mkdir(parents=True)
    save_file(made, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps(
        {"peft_type": "LORA", "r": 8, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "bias": "none", "task_type": "CAUSAL_LM",
         "base_model_name_or_path": folder.parent.name}, indent=1))


def tokenizer(file, vocabulary, folder):
    """The default model's byte-level BPE, with words that no merge leads to."""
    fields = gguf.GGUFReader(file).fields
    known = {token: number for number, token in enumerate(fields["tokenizer.ggml.tokens"].contents())}
    special = [token for token in list(known)[:17] if token.startswith("<")]
    known |= {f"Ġword{number}": number for number in range(len(known), vocabulary)}
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    made = tokenizers.Tokenizer(tokenizers.models.BPE(known, merges))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([
        tokenizers.pre_tokenizers.Digits(individual_digits=True), tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)])
    made.decoder = tokenizers.decoders.ByteLevel()
    made.add_special_tokens(special)
    whole = PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>")
    whole.chat_template = fields["tokenizer.chat_template"].contents()
    whole.save_pretrained(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="of " + ", ".join(SHAPES) + " (default: all)")
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    for name in given.shapes or SHAPES:
        folder = given.out / name
        folder.mkdir(parents=True)
        config = SHAPES[name]
        (folder / "config.json").write_text(json.dumps(config, indent=1))
        tokenizer(given.gguf, config["vocab_size"], folder)
        save_file(weights(config), folder / "model.safetensors", {"format": "pt"})
        adapter(config, folder / "adapter")
        print(folder)


if __name__ == "__main__":
    main()
