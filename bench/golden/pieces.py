"""Golden token ids of SentencePiece tokenizers, by sentencepiece, gguf, tokenizers and transformers.

Usage: python pieces.py --out ../../app/src/test/resources/golden/text --case ../../app/src/test/resources/cases/04-sentencepiece-llama2

Two SentencePiece vocabularies are trained here on texts of text.py, both with byte fallback: BPE, as Llama 2 and Mistral 7B have,
and Unigram. Written are

- `pieces.gguf.bin`: the BPE vocabulary as llama.cpp's converter writes it, without tensors; `pieces-gguf.json`: its ids by sentencepiece, the
  same as by transformers' own conversion of a GGUF, with and without a space in front of texts;
- `pieces-bpe-*`, `pieces-unigram-*`: folders' `tokenizer.json` in the forms in use (`legacy`: a normalizer puts the space; `first`, `always`,
  `never`: Metaspace does; `marks`: as `legacy`, with `[INST]` a token of its own as Mistral has it), with the ids transformers gives;
- `pieces-chats.json`: conversations of templates that write a space in front of texts, as apply_chat_template(tokenize=True) reads them;
- in the case's folder `model.bin`: its model as a GGUF file, tokenizer and all.
"""

import argparse
import io
import json
import pathlib
import random
import re
import string

import gguf
import numpy
import sentencepiece
import tokenizers
import transformers
from safetensors.numpy import load_file
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import generate_merges
from transformers.integrations.ggml import convert_gguf_tokenizer

from text import CORPUS, SAMPLES, ids, records, write

SPACE = "\u2581"
TEXTS = SAMPLES + [
    "the dog reads", "Hello there, user 12!", "tokens\nand  tokens", "use <tool> and <tool>here", " <tool>", "</s>", "a</s> b", "<0x41>",
    "▁ is no space", "\n\nthe dog", "x\ty"]
PROMPTS = [
    ("You are a dog.", "Who are you?", "I am the dog."),
    ("Reply in German, briefly", "Hi there 123 é", "Grüß Gott 🙂"),
    ("日本語で答えて。", "12 + 2 = ?", "14"),
    ("(be) \"terse\"", "'x'", "- y"),
]
TEMPLATES = {
    # Mistral 7B Instruct: the system message stands in the user's turn, and a space in front of it and of an answer.
    "mistral": "{{ bos_token }}{% if messages[0].role == 'system' %}{% set lead = messages[0].content + '\\n\\n' %}"
               "{% set turns = messages[1:] %}{% else %}{% set lead = '' %}{% set turns = messages %}{% endif %}"
               "{% for m in turns %}{% if m.role == 'user' %}{{ '[INST] ' + (lead if loop.first else '') + m.content + ' [/INST]' }}"
               "{% else %}{{ ' ' + m.content + eos_token }}{% endif %}{% endfor %}",
    "llama2": "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ '[INST] <<SYS>>\\n' + m.content + '\\n<</SYS>>\\n\\n' }}"
              "{% elif m.role == 'user' %}{{ ('' if loop.index0 == 1 else '[INST] ') + m.content + ' [/INST]' }}"
              "{% else %}{{ ' ' + m.content + ' ' + eos_token }}{% endif %}{% endfor %}",
    "vicuna": "{% for m in messages %}{% if m.role == 'system' %}{{ m.content + '\\n' }}{% elif m.role == 'user' %}"
              "{{ 'USER: ' + m.content + '\\n' }}{% else %}{{ 'ASSISTANT: ' + m.content + eos_token }}{% endif %}{% endfor %}"
              "{% if add_generation_prompt %}ASSISTANT:{% endif %}",
    "zephyr": "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}{{ eos_token }}\n{% endfor %}"
              "{% if add_generation_prompt %}<|assistant|>\n{% endif %}",
}


def trained(kind):
    """A vocabulary of 700 tokens."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line for text in CORPUS for line in text.split("\n") if line.strip() and "<" not in line]),
        model_writer=model, model_type=kind, vocab_size=700 if kind == "bpe" else 600, byte_fallback=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, character_coverage=0.98, split_digits=True,
        required_chars=string.printable.strip(), allow_whitespace_only_pieces=True, user_defined_symbols=["<tool>"], num_threads=1, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def drawn_texts():
    """Cuttings of the corpus, and letters drawn from a few so that the same pairs stand beside each other in many ways."""
    chance = random.Random(1)
    whole = " ".join(text for text in CORPUS if "<" not in text)
    cuttings = [whole[at:at + chance.randrange(1, 40)] for at in (chance.randrange(len(whole)) for _ in range(20_000))]
    return cuttings + ["".join(chance.choice("aateho .\n") for _ in range(chance.randrange(1, 30))) for _ in range(20_000)]


def pieces(processor):
    size = processor.get_piece_size()
    tokens = [processor.id_to_piece(i) for i in range(size)]
    types = [
        gguf.TokenType.UNKNOWN if processor.is_unknown(i)
        else gguf.TokenType.CONTROL if processor.is_control(i)
        else gguf.TokenType.BYTE if processor.is_byte(i)
        else gguf.TokenType.USER_DEFINED if tokens[i] == "<tool>"
        else gguf.TokenType.NORMAL for i in range(size)]
    return tokens, [processor.get_score(i) for i in range(size)], types


def gguf_file(processor, path):
    tokens, scores, types = pieces(processor)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def whole_gguf(folder, path):
    """A Hugging Face folder of the Llama family as llama.cpp's converter writes it, in float32."""
    config = json.loads((folder / "config.json").read_text())
    model = json.loads((folder / "tokenizer.json").read_text())["model"]
    # Of BPE by the tokenizers library, the earlier a token was made, the earlier it is put together.
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    made = {"".join(merge.split(" ") if isinstance(merge, str) else merge): -float(rank)
            for rank, merge in reversed(list(enumerate(model["merges"])))}
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([made.get(token, -1e6) for token in tokens])
    writer.add_token_types([
        gguf.TokenType.UNKNOWN if token == "<unk>" else gguf.TokenType.CONTROL if token in ("<s>", "</s>")
        else gguf.TokenType.BYTE if re.fullmatch("<0x..>", token) else gguf.TokenType.NORMAL for token in tokens])
    writer.add_add_bos_token(False)
    writer.add_chat_template(json.loads((folder / "tokenizer_config.json").read_text())["chat_template"])
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    for name, tensor in load_file(folder / "model.safetensors").items():
        heads = {"q": config["num_attention_heads"], "k": config["num_key_value_heads"]}.get(name[-13])
        if name.endswith(("q_proj.weight", "k_proj.weight")):
            tensor = tensor.reshape(heads, 2, -1, tensor.shape[1]).swapaxes(1, 2).reshape(tensor.shape)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), numpy.ascontiguousarray(tensor, numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def of_gguf(processor, space):
    """As transformers converts a GGUF's tokenizer, which leaves out the tokens that the user defined."""
    tokens, scores, types = pieces(processor)
    given = {
        "tokens": tokens, "scores": scores, "token_type": [int(kind) for kind in types], "bos_token_id": 1, "eos_token_id": 2,
        "unk_token_id": 0, "tokenizer_type": "llama", "add_prefix_space": space, "added_tokens": ["<tool>"]}
    tokenizer, _ = convert_gguf_tokenizer("llama", given)
    tokenizer.add_special_tokens([AddedToken("<unk>", normalized=False, special=True)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def of_folder(processor, kind, form):
    tokens, scores, types = pieces(processor)
    vocabulary = {token: i for i, token in enumerate(tokens)}
    if kind == "bpe":
        merges = generate_merges(vocabulary, list(zip(tokens, scores)))
        model = models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    else:
        model = models.Unigram(list(zip(tokens, scores)), unk_id=0, byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in tokens[:3]])
    tokenizer.add_tokens([AddedToken("<tool>", normalized=False)])
    strip = [] if form == "never" else [decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()] + strip)
    if form == "marks":
        tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in ("[INST]", "[/INST]")])
    if form in ("legacy", "marks"):
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)])
    else:
        # Unigram tokenizers cut at spaces, as T5's do; Llama's do not.
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme=form, split=kind == "unigram")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")


def chats(name, tokenizer):
    rows = []
    for template, source in TEMPLATES.items():
        def read(messages, opened, tokenize=True):
            return tokenizer.apply_chat_template(
                messages, chat_template=source, add_generation_prompt=opened, tokenize=tokenize)
        for system, user, answer in PROMPTS + [("", "Who are you?", "I am the dog.")]:
            asked = [{"role": "system", "content": system}, {"role": "user", "content": user}]
            rows.append({
                "tokenizer": name, "template": template, "system": system, "user": user, "answer": answer,
                "asked": read(asked, True), "text": read(asked, True, False),
                "answered": read(asked + [{"role": "assistant", "content": answer}], False)})
    return rows


def versions():
    return {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__, "sentencepiece": sentencepiece.__version__}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--case", type=pathlib.Path, required=True)
    given = parser.parse_args()
    out = given.out
    whole_gguf(given.case / "model", given.case / "model.bin")
    out.mkdir(parents=True, exist_ok=True)
    talks = []
    for kind in ("bpe", "unigram"):
        processor = trained(kind)
        if kind == "bpe":
            gguf_file(processor, out / "pieces.gguf.bin")
            document = {"made_with": versions()}
            for space in (True, False):
                converted = of_gguf(processor, space)
                rows = records(converted, TEXTS)
                differ = [row["text"] for row in rows if space and "<" not in row["text"] and row["ids"] != processor.encode(row["text"])]
                print(kind, space, "differ from sentencepiece:", differ)
                if space:
                    drawn = drawn_texts()
                    wrong = [text for text in drawn if ids(converted, text) != processor.encode(text)]
                    print("of", len(drawn), "drawn texts differ:", wrong)
                document["texts" if space else "texts_without_space"] = rows
            write(out / "pieces-gguf.json", document)
        for form in ("legacy", "first", "always", "never") + (("marks",) if kind == "bpe" else ()):
            tokenizer = of_folder(processor, kind, form)
            name = f"{kind}-{form}"
            (out / f"pieces-{name}.tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str() + "\n", encoding="utf-8")
            rows = records(tokenizer, TEXTS)
            differ = [row["text"] for row in rows if "<" not in row["text"] and row["ids"] != processor.encode(row["text"])]
            print(name, "differ from sentencepiece:", differ)
            write(out / f"pieces-{name}.json", {"made_with": versions(), "texts": rows})
            talks += chats(name, tokenizer)
    write(out / "pieces-chats.json", {"made_with": versions(), "templates": TEMPLATES, "rows": talks})


if __name__ == "__main__":
    main()
