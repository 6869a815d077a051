"""Golden logits of an adapter that was trained after its base's vocabulary was enlarged.

Usage: python resized.py --cases ../../app/src/test/resources/cases

PEFT saved an embedding of 514 rows beside the factors of case 09; the base has 512. As PEFT has it, the base is resized and given
these rows. Written are logits on the base's 512 tokens (`logits.f32`) and on all 514 (`resized/logits.f32`), with their ids.

The forward pass is written out here with numpy. It must first give the logits that transformers and PEFT gave for case 19, an
adapter on the same base, to 1e-5.
"""

import argparse
import json
import pathlib

import numpy
from safetensors.numpy import load_file

IDS = [5, 77, 130, 301, 12, 12, 499, 64, 7, 255, 511, 1, 40, 333]


def norm(x, weight, epsilon):
    return x / numpy.sqrt((x * x).mean(-1, keepdims=True) + epsilon) * weight


def rotated(x, theta):
    """Heads, places, width: the two halves of a head are turned against each other."""
    half = x.shape[-1] // 2
    angles = numpy.arange(x.shape[1])[:, None] * theta ** (-numpy.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return numpy.concatenate([a * numpy.cos(angles) - b * numpy.sin(angles), b * numpy.cos(angles) + a * numpy.sin(angles)], -1)


def logits(base, adapter, ids):
    config = json.loads((base / "config.json").read_text())
    weights = {name: tensor.astype(numpy.float64) for name, tensor in load_file(base / "model.safetensors").items()}
    added = {name.removeprefix("base_model.model."): tensor.astype(numpy.float64)
             for name, tensor in load_file(adapter / "adapter_model.safetensors").items()}
    settings = json.loads((adapter / "adapter_config.json").read_text())
    scale = settings["lora_alpha"] / settings["r"]
    table = added.get("model.embed_tokens.weight", weights["model.embed_tokens.weight"])
    heads, shared = config["num_attention_heads"], config["num_key_value_heads"]
    width = config.get("head_dim") or config["hidden_size"] // heads

    def linear(x, name):
        y = x @ weights[name + ".weight"].T
        if name + ".lora_A.weight" in added:
            y += scale * (x @ added[name + ".lora_A.weight"].T) @ added[name + ".lora_B.weight"].T
        return y

    x = table[ids]
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        inner = norm(x, weights[at + "input_layernorm.weight"], config["rms_norm_eps"])
        q, k, v = (linear(inner, f"{at}self_attn.{part}_proj").reshape(len(ids), -1, width).swapaxes(0, 1) for part in "qkv")
        q, k = rotated(q, config["rope_theta"]), rotated(k, config["rope_theta"])
        k, v = (numpy.repeat(part, heads // shared, 0) for part in (k, v))
        scores = q @ k.swapaxes(1, 2) / numpy.sqrt(width) + numpy.triu(numpy.full((len(ids), len(ids)), -numpy.inf), 1)
        shares = numpy.exp(scores - scores.max(-1, keepdims=True))
        mixed = (shares / shares.sum(-1, keepdims=True)) @ v
        x = x + linear(mixed.swapaxes(0, 1).reshape(len(ids), -1), at + "self_attn.o_proj")
        inner = norm(x, weights[at + "post_attention_layernorm.weight"], config["rms_norm_eps"])
        gate = linear(inner, at + "mlp.gate_proj")
        x = x + linear(gate / (1 + numpy.exp(-gate)) * linear(inner, at + "mlp.up_proj"), at + "mlp.down_proj")
    return norm(x, weights["model.norm.weight"], config["rms_norm_eps"]) @ table.T


def write(folder, ids, numbers):
    folder.mkdir(exist_ok=True)
    (folder / "logits.f32").write_bytes(numbers.astype("<f4").tobytes())
    (folder / "expected.json").write_text(
        json.dumps({"made_with": {"numpy": numpy.__version__}, "ids": ids, "logits": "logits.f32", "shape": numbers.shape}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=pathlib.Path, required=True)
    cases = parser.parse_args().cases
    known = json.loads((cases / "19-named-adapter" / "expected.json").read_text())["ids"]
    theirs = numpy.fromfile(cases / "19-named-adapter" / "logits.f32", "<f4").reshape(len(known), -1)
    difference = abs(logits(cases / "base", cases / "19-named-adapter" / "named" / "pirate", known) - theirs).max()
    print("largest difference from PEFT's logits of case 19:", difference)
    assert difference < 1e-5
    case = cases / "09-resized-vocabulary"
    write(case, IDS, logits(cases / "base", case / "adapter", IDS)[:, :512])
    write(case / "resized", IDS + [512, 513], logits(cases / "base", case / "adapter", IDS + [512, 513]))


if __name__ == "__main__":
    main()
