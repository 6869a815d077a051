"""Makes app/src/test/resources/golden/gguf/blocks.safetensors: random quantised blocks and what they mean.

For every format Assay reads, `<type>.bytes` holds random blocks (stored as I32 words, so that any safetensors reader can carry
them) and `<type>.numbers` what the `gguf` Python package decodes them to, in float32. Also writes blocks.bin: a small
GGUF file made by the `gguf` writer with one tensor of each format, so that the container is checked too.

    pip install gguf safetensors numpy
    python bench/golden/quant_blocks.py
"""

import pathlib
import tempfile

import gguf
import numpy
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "app/src/test/resources/golden/gguf"
TYPES = [Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0, Type.Q4_K, Type.Q5_K, Type.Q6_K,
         Type.Q2_K, Type.Q3_K, Type.IQ4_NL, Type.IQ4_XS, Type.MXFP4]
# Where each block keeps its half-precision scales; these bytes get sensible halves, all others are random.
SCALES = {
    Type.Q4_0: [0],
    Type.Q4_1: [0, 2],
    Type.Q5_0: [0],
    Type.Q5_1: [0, 2],
    Type.Q8_0: [0],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
    Type.Q2_K: [80, 82],
    Type.Q3_K: [108],
    Type.IQ4_NL: [0],
    Type.IQ4_XS: [0],
    Type.MXFP4: [],
}
NUMBERS = 2048


def random_bytes(kind, random):
    size, width = gguf.GGML_QUANT_SIZES[kind]
    if kind == Type.F32:
        return random.standard_normal(NUMBERS).astype(numpy.float32).view(numpy.uint8)
    if kind == Type.F16:
        return random.standard_normal(NUMBERS).astype(numpy.float16).view(numpy.uint8)
    if kind == Type.BF16:
        return gguf.quantize(random.standard_normal(NUMBERS).astype(numpy.float32), kind).view(numpy.uint8)
    blocks = random.integers(0, 256, (NUMBERS // size, width), dtype=numpy.uint8)
    for at in SCALES[kind]:
        halves = (random.standard_normal((len(blocks), 1)) * 0.1).astype(numpy.float16)
        blocks[:, at : at + 2] = halves.view(numpy.uint8)
    if kind == Type.MXFP4:
        # Every exponent that keeps the numbers finite, the two that make subnormal ones first.
        blocks[:, 0] = numpy.linspace(0, 250, len(blocks)).astype(numpy.uint8)
        blocks[1, 0] = 1
    return blocks.reshape(-1)


def main():
    random = numpy.random.default_rng(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    tensors = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "blocks.gguf"
        writer = gguf.GGUFWriter(path, "llama")
        writer.add_string("general.name", "blocks")
        writer.add_uint64("test.uint64", 2**64 - 1)
        writer.add_int8("test.int8", -5)
        writer.add_float64("test.float64", 0.1)
        writer.add_bool("test.bool", True)
        writer.add_array("test.strings", ["a", "é", "東"])
        writer.add_array("test.integers", [1, -2, 3])
        for kind in TYPES:
            data = random_bytes(kind, random)
            numbers = gguf.dequantize(data.reshape(1, -1) if kind not in (Type.F32, Type.F16) else data.view(
                numpy.float32 if kind == Type.F32 else numpy.float16), kind).reshape(-1).astype(numpy.float32)
            assert numbers.size == NUMBERS and numpy.isfinite(numbers).all(), kind
            tensors[f"{kind.name}.bytes"] = data.view(numpy.int32).copy()
            tensors[f"{kind.name}.numbers"] = numbers
            row = data.reshape(4, -1)
            writer.add_tensor(f"{kind.name.lower()}.weight", row, raw_dtype=kind, raw_shape=row.shape)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        (FOLDER / "blocks.bin").write_bytes(path.read_bytes())
    save_file(tensors, FOLDER / "blocks.safetensors")


if __name__ == "__main__":
    main()
