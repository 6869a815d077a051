"""LoRA adapters as llama.cpp keeps them, made of PEFT folders by the rules of its convert_lora_to_gguf.py.

Usage: python gguf_adapters.py --golden ../../app/src/test/resources/golden

Writes golden/adapters-gguf/NAME.gguf. What they must do is what their PEFT folders do, so they need no numbers of their own.
"""

import argparse
import json
import pathlib

import gguf
import numpy
from safetensors.numpy import load_file

# name: (PEFT folder, architecture, blocks, query heads, key heads)
ADAPTERS = {
    "llama": ("tiny/adapters/plain", "llama", 2, 4, 2),
    "llama-all": ("tiny/adapters/all-linear", "llama", 3, 4, 2),
    "llama-embedding": ("tiny/adapters/embedding", "llama", 2, 4, 2),
    "llama-head": ("tiny/adapters/head", "llama", 2, 4, 2),
    "qwen2": ("families/qwen2/adapter", "qwen2", 2, 4, 2),
    "gptneox": ("families/gptneox/adapter", "gptneox", 2, 4, 4),
}


def reordered(name, rows, arch, heads, key_heads):
    """What modify_tensors of the architecture does to rows of a weight, done to rows of B."""
    if arch == "llama" and (".q_proj." in name or ".k_proj." in name):
        count = heads if ".q_proj." in name else key_heads
        return rows.reshape(count, 2, rows.shape[0] // count // 2, -1).swapaxes(1, 2).reshape(rows.shape)
    if ".query_key_value." in name:
        return rows.reshape(heads, 3, -1, rows.shape[1]).swapaxes(0, 1).reshape(rows.shape)
    return rows


def write(golden, name):
    folder, arch, blocks, heads, key_heads = ADAPTERS[name]
    config = json.loads((golden / folder / "adapter_config.json").read_text())
    number = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == arch)
    names = gguf.get_tensor_name_map(number, blocks)
    writer = gguf.GGUFWriter(golden / "adapters-gguf" / f"{name}.gguf", arch)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(config["lora_alpha"]))
    for key, tensor in load_file(golden / folder / "adapter_model.safetensors").items():
        base = key.replace("base_model.model.", "")
        is_a = ".lora_A." in base or base.endswith(".lora_embedding_A")
        for part in (".lora_A.weight", ".lora_B.weight", ".lora_embedding_A", ".lora_embedding_B"):
            base = base.replace(part, ".weight")
        tensor = tensor.astype(numpy.float32)
        if not is_a:
            tensor = reordered(base, tensor, arch, heads, key_heads)
        dest = names.get_name(base, try_suffixes=(".weight",))
        if is_a and "token_embd" in dest:
            tensor = tensor.T
        writer.add_tensor(dest + (".lora_a" if is_a else ".lora_b"), tensor.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", type=pathlib.Path, required=True)
    golden = parser.parse_args().golden
    (golden / "adapters-gguf").mkdir(exist_ok=True)
    for name in ADAPTERS:
        write(golden, name)


if __name__ == "__main__":
    main()
