"""Golden conversations of chat templates without a system role, and of templates that fold it, by transformers.

Usage: python folded.py --text ../../app/src/test/resources/golden/text

Reads the templates `gemma2`, `gemma3`, `mistral1` and `mistral3` of chats.json (they write what the published ones of Gemma 2, Gemma 3,
Mistral 7B Instruct v0.1 and v0.3 write) and tokenizers made before, each with the template's marks added as special tokens in the order of
their letters, as FoldedTest does. Writes folded.json: what apply_chat_template makes of a system message and a user turn, or, where it
raises on system messages, of one user turn `prompt + "\\n\\n" + turn`; with the empty prompt too.
"""

import argparse
import json
import pathlib
import re
import tempfile

import jinja2
import tokenizers
import transformers
from transformers import PreTrainedTokenizerFast

TEMPLATES = {"gemma2": False, "gemma3": True, "mistral1": False, "mistral3": True}
TOKENIZERS = ["tiny-digits", "tiny-llama3", "pieces-bpe-legacy", "pieces-bpe-first", "pieces-bpe-never", "pieces-unigram-always"]
MARKS = re.compile(r"</?[a-z]+_of_[a-z]+>|\[/?[A-Z]+\]")
PROMPTS = ["", "You are a dog.", "Reply in German, briefly", "日本語で答えて。", "Two lines.\nBe brief!", "(be) \"terse\""]
TURNS = ["Who are you?", "Add 12 + 2!", "Écris <b>un</b> mot"]


def tokenizer(folder, name, marks):
    document = json.loads((folder / f"{name}.tokenizer.json").read_text())
    taken = document["model"]["vocab"]
    size = len(taken)
    known = {token["content"] for token in document["added_tokens"]}
    first = document["added_tokens"][0]
    following = max([size - 1] + [token["id"] for token in document["added_tokens"]]) + 1
    for mark in [mark for mark in marks if mark not in known]:
        document["added_tokens"].append({**first, "id": following, "content": mark})
        following += 1
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place) / "tokenizer.json"
        file.write_text(json.dumps(document))
        return PreTrainedTokenizerFast(tokenizer_file=str(file), bos_token="<s>", eos_token="</s>")


def messages(takes_system, prompt, user):
    if takes_system:
        return [{"role": "system", "content": prompt}, {"role": "user", "content": user}]
    return [{"role": "user", "content": prompt + "\n\n" + user}]


def raises(of, template):
    try:
        of.apply_chat_template(messages(True, "x", "y"), chat_template=template, tokenize=False)
        return False
    except jinja2.exceptions.TemplateError:
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=pathlib.Path, required=True)
    folder = parser.parse_args().text
    templates = json.loads((folder / "chats.json").read_text())["templates"]
    rows = []
    for name, takes_system in TEMPLATES.items():
        marks = sorted(set(MARKS.findall(templates[name])) | {"<s>", "</s>"})
        for of in TOKENIZERS:
            known = tokenizer(folder, of, marks)
            assert raises(known, templates[name]) != takes_system, name
            for prompt in PROMPTS:
                for user in TURNS:
                    asked = messages(takes_system, prompt, user)
                    text = known.apply_chat_template(asked, chat_template=templates[name], tokenize=False, add_generation_prompt=True)
                    ids = known(text, add_special_tokens=False)["input_ids"]
                    rows.append({"template": name, "tokenizer": of, "prompt": prompt, "user": user, "text": text, "ids": ids})
    document = {
        "made_with": {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__, "jinja2": jinja2.__version__},
        "rows": rows,
    }
    (folder / "folded.json").write_text(json.dumps(document, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
