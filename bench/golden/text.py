"""Golden token ids and chat template outputs, by transformers, tokenizers and jinja2.

Usage: python text.py --gguf MODEL.gguf --out ../../app/src/test/resources/golden/text

Writes gguf.json (ids by the default model's tokenizer), tiny-*.tokenizer.json with tiny-*.json (tokenizers trained here, a few
hundred tokens each, with the ids they give) and templates.json (conversations written by chat templates).

transformers converts the GGUF's tokenizer without the digit splitting its `pre` field asks for, so this puts it back
(`Digits` in front of `ByteLevel`); strings whose ids differ for that reason are listed with both in gguf.json.
"""

import argparse
import hashlib
import json
import pathlib
import tempfile

import jinja2
import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

SAMPLES = [
    "",
    " ",
    "  ",
    "   ",
    "\n",
    "\n\n\n",
    "\r\n",
    "\t\ttabs\tand spaces  \t ",
    "Hello",
    "Hello, world!",
    " Hello",
    "  Hello  world  ",
    "hello\nworld",
    "hello\n\n  world\n",
    "You are a pirate named Captain Redbeard.",
    "What's the capital of France? I'd say it's Paris; they've won't we'll I'm he'd.",
    "IT'S ALL CAPS, WE'LL SEE",
    "1",
    "12",
    "1234567890",
    "3.14159 and 2,718,281 and 1e-10",
    "   42",
    "a1b22c333",
    "In 2024, 50% of 1000000 is 500000.",
    "½ ² ③ Ⅷ ४२ ٤٢ 一二三",
    "naïve café résumé",
    "nai\u0308ve cafe\u0301 (combining)",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dA\u036b\u0357\u0334\u0362",
    "Ünïcödé straße Ærøskøbing ŁÓDŹ",
    "Привет, как дела? Это тест.",
    "Γειά σου Κόσμε, ψυχή",
    "東京特許許可局",
    "今天天气很好,我们去公园吧!",
    "日本語のテキスト、カタカナとひらがな。",
    "안녕하세요 세계",
    "مرحبا بالعالم، كيف حالك؟",
    "שלום עולם",
    "नमस्ते दुनिया, आप कैसे हैं?",
    "வணக்கம் உலகம்",
    "สวัสดีชาวโลก",
    "Tiếng Việt có nhiều dấu",
    "🙂",
    "🙂🙃😀 three faces",
    "👨‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 👩🏽‍💻 coder",
    "🇫🇷🇩🇪 flags",
    "𝕳𝖊𝖑𝖑𝖔 𐍈 𠜎 (outside the basic plane)",
    "zero\u200bwidth\u200djoiner\ufeffbom",
    "nbsp\u00a0here\u2003em\u3000ideographic",
    "nul\u0000byte and \u0007bell \u007f",
    "line\u2028separator\u0085next",
    "def f(x):\n    return x**2  # square\n\n\nif __name__ == '__main__':\n\tprint(f(3))\n",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] * 0x1F; } // loop",
    "<div class=\"a\">&amp;</div>",
    "SELECT * FROM t WHERE a <> 'b' -- c",
    "{\"key\": [1, 2, {\"nested\": null}], \"e\": \"\\u00e9\"}",
    "https://example.org/path?query=1&x=%20#frag",
    "user@example.org +1 (555) 010-9999",
    "...!!!???---___***",
    "«quotes» “curly” ‘single’ – en — em …",
    "$100 €200 £300 ¥400 ₹500",
    "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β = ¬(¬α ∨ β)",
    "\\frac{a}{b} \\sum_{i=0}^{n} x_i^2",
    "<|im_start|>system\nYou are here.<|im_end|>\n<|im_start|>user\n",
    "text<|im_end|>text <|im_end|> text",
    "<|endoftext|>",
    "<|im_start|><|im_start|>",
    "<|im_start >not special<| im_end|>",
    "<s>[INST] hi [/INST]</s>",
    "<file_sep><gh_stars>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "The quick brown fox — naïve café 東京 🙂 def f(x):\n    return x**2",
    " leading and trailing ",
    "x" * 300,
    "word " * 60,
]

CORPUS = [text for text in SAMPLES if text] + [
    "the quick brown fox jumps over the lazy dog and then the dog sleeps in the sun",
    "a language model reads tokens and writes tokens, one after the other, until it stops",
    "you are a helpful assistant who answers the questions of the user in one sentence",
]
PROBE_TEXTS = ["the dog reads", "Hello there, user 12!", "tokens\nand  tokens"]


def ids(tokenizer, text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def records(tokenizer, texts):
    rows = []
    for text in texts:
        numbers = ids(tokenizer, text)
        rows.append({
            "text": text,
            "ids": numbers,
            "decoded": tokenizer.decode(numbers, skip_special_tokens=True, clean_up_tokenization_spaces=False),
        })
    return rows


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def versions(**more):
    return {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__, "jinja2": jinja2.__version__} | more


def write(path, document):
    path.write_text(json.dumps(document, ensure_ascii=True, indent=1) + "\n", encoding="utf-8")


def gguf(path, out):
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    unsplit = {text: ids(tokenizer, text) for text in SAMPLES}
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    rows = records(tokenizer, SAMPLES)
    for row in rows:
        if row["ids"] != unsplit[row["text"]]:
            row["ids_without_digit_splitting"] = unsplit[row["text"]]
    write(out / "gguf.json", {"made_with": versions(model=sha256(path)), "size": len(tokenizer), "texts": rows})
    return tokenizer


def byte_level(pre, merges_as_strings=False, ignore_merges=False, normalizer=None):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def metaspace():
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    specials = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=560, show_progress=False, special_tokens=specials[:3])
    split = Tokenizer(models.BPE(unk_token="<unk>"))
    split.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    split.train_from_iterator([text for text in CORPUS if text.isascii()], trainer)
    model = json.loads(split.to_str())["model"]
    # Byte tokens sit behind the specials, as in Llama's own vocabulary.
    vocab = {token: index for index, token in enumerate(specials)}
    for token in sorted(model["vocab"], key=model["vocab"].get):
        vocab.setdefault(token, len(vocab))
    document = json.loads(tokenizer.to_str())
    document["model"]["vocab"] = vocab
    document["model"]["merges"] = [" ".join(merge) for merge in model["merges"]]
    document["added_tokens"] = [
        {"id": index, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for index, token in enumerate(specials[:3])]
    document["post_processor"] = json.loads(processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)]).__getstate__())
    return document


LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def split(pattern):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def tiny(out):
    digits = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    made = {
        "digits": byte_level(digits),
        "gpt2": byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False)),
        "llama3": byte_level(split(LLAMA3), ignore_merges=True),
        "qwen2": byte_level(split(LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")), normalizer=normalizers.NFC()),
    }
    made["gpt2"].add_tokens([AddedToken("<tool>", special=False, normalized=False), AddedToken("<wide>", lstrip=True, rstrip=True)])
    documents = {name: json.loads(tokenizer.to_str()) for name, tokenizer in made.items()}
    # Older files write merges as texts, newer ones as pairs; both must give the same.
    documents["gpt2"]["model"]["merges"] = [" ".join(merge) for merge in documents["gpt2"]["model"]["merges"]]
    # Truncation and padding in the file must not touch what is encoded.
    documents["digits"]["truncation"] = {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0}
    documents["digits"]["padding"] = {
        "strategy": {"Fixed": 12}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0,
        "pad_token": "<|endoftext|>"}
    documents["metaspace"] = metaspace()
    texts = SAMPLES + PROBE_TEXTS + ["use <tool> and <wide> here <tool>"]
    for name, document in documents.items():
        path = out / f"tiny-{name}.tokenizer.json"
        path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        clean = document | {"truncation": None, "padding": None}
        with tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch) / "tokenizer.json"
            file.write_text(json.dumps(clean, ensure_ascii=False), encoding="utf-8")
            tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(file))
        write(out / f"tiny-{name}.json", {"made_with": versions(), "size": len(tokenizer), "texts": records(tokenizer, texts)})


CONVERSATIONS = {
    "user": [("user", "Hi there")],
    "system": [("system", "You are terse."), ("user", "What's 2+2?")],
    "empty system": [("system", ""), ("user", "What's 2+2?")],
    "dialogue": [("user", "One"), ("assistant", "Two"), ("user", "Three")],
    "whole": [("system", "Be <b>bold</b> & \"quick\""), ("user", "  padded \n"), ("assistant", " yes\n\n"), ("user", "émigré 🙂")],
    "answered": [("system", "S"), ("user", "U"), ("assistant", "A")],
    "long": [("system", "S")] + [(role, f"{role} {turn}") for turn in range(5) for role in ("user", "assistant")],
    "assistant first": [("assistant", "I begin"), ("user", "ok")],
    "two users": [("user", "a"), ("user", "b")],
    "unknown role": [("tool", "result"), ("user", "ok")],
    "nothing": [],
    "thinking": [("user", "q"), ("assistant", "<think>\nhm\n</think>\n\nanswer"), ("user", "more")],
}
VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}


def templates(default, folder, out):
    texts = {"smollm2": default} | {
        path.name.removesuffix(".jinja"): path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.jinja"))}
    rows = []
    for name, text in texts.items():
        compiled = transformers.utils.chat_template_utils._compile_jinja_template(text)
        # Without a clock, so that nothing depends on the day.
        compiled.environment.globals.pop("strftime_now", None)
        compiled = compiled.environment.from_string(text)
        for conversation, turns in CONVERSATIONS.items():
            messages = [{"role": role, "content": content} for role, content in turns]
            for prompt in (False, True):
                row = {"template": name, "conversation": conversation, "add_generation_prompt": prompt}
                try:
                    row["text"] = compiled.render(
                        messages=messages, tools=None, documents=None, add_generation_prompt=prompt, **VARIABLES)
                except jinja2.exceptions.TemplateError as refused:
                    row["refused"] = str(refused)
                rows.append(row)
    write(out / "templates.json", {
        "made_with": versions(),
        "templates": texts,
        "conversations": {name: [{"role": role, "content": content} for role, content in turns]
                          for name, turns in CONVERSATIONS.items()},
        "variables": VARIABLES,
        "rows": rows,
    })


def expressions(out):
    """Small templates, a line each, for the corners of the language."""
    environment = transformers.utils.chat_template_utils._compile_jinja_template("x").environment
    environment.globals.pop("strftime_now", None)
    rows = []
    given = {
        "s": "Hello, World", "n": 7, "f": 2.5, "t": True, "items": [3, 1, 2], "words": ["b", "A", "c"], "nothing": None,
        "map": {"a": 1, "b": [True, None, 1.0], "c": "it's"}, "people": [{"name": "Ann", "age": 3}, {"name": "Bo"}],
    }
    for source in pathlib.Path(__file__).with_name("expressions.txt").read_text(encoding="utf-8").split("\n---\n"):
        source = source.removesuffix("\n---")
        row = {"template": source}
        try:
            row["text"] = environment.from_string(source).render(**given)
        except (jinja2.exceptions.TemplateError, TypeError, ValueError, ZeroDivisionError) as refused:
            row["refused"] = str(refused)
        rows.append(row)
    write(out / "expressions.json", {"made_with": versions(), "variables": given, "rows": rows})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = gguf(given.gguf, given.out)
    tiny(given.out)
    templates(tokenizer.chat_template, pathlib.Path(__file__).with_name("templates"), given.out)
    expressions(given.out)


if __name__ == "__main__":
    main()
