"""Golden renderings of chat templates, by transformers' own Jinja environment.

Usage: python chats.py --out ../../app/src/test/resources/golden/text

Writes chats.json (the templates of `templates/families`, one per style of a model family, rendered with every conversation
below) and constructs.json (the small templates of `constructs/*.txt`, each with its text or with what jinja2 said against
it). Needs transformers and jinja2 only. The clock of `strftime_now` stands at CLOCK.

Cases of `constructs/refused.txt` are what Jinja renders and Assay leaves out: no template we know of uses them. The name of
such a case is what the refusal says (`ConstructsTest`).

A file of constructs holds cases that start with a line `=== name`; a case ends at the line end in front of the next one, and
`␍` in it stands for a carriage return, which git might change.
"""

import argparse
import datetime
import json
import pathlib

import jinja2
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

HERE = pathlib.Path(__file__).parent
CLOCK = datetime.datetime(2025, 3, 9, 7, 5, 2)
NAMED = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}


def compiled(source):
    template = _compile_jinja_template(source)
    template.environment.globals["strftime_now"] = lambda format: CLOCK.strftime(format)
    return template.environment.from_string(source)


def said(role, content, **more):
    return {"role": role, "content": content} | more


def function(name, description, required, **properties):
    parameters = {"type": "object", "properties": properties, "required": required}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


def call(name, number, **arguments):
    return {"id": f"call0000{number}", "type": "function", "function": {"name": name, "arguments": arguments}}


WEATHER = function(
    "get_weather", "Tells the weather <now> & \"later\".", ["place"],
    place={"type": "string", "description": "Where, e.g. Århus"},
    unit={"type": "string", "enum": ["celsius", "kelvin"], "default": "celsius"})
COUNT = function(
    "count", "Counts things.", [],
    things={"type": "array", "items": {"type": "string"}}, deep={"type": "boolean", "description": "Whether to look inside"},
    most={"type": ["integer", "null"], "default": 3})
CALLED = [
    said("user", "Is it warm in Århus?"),
    said("assistant", None, tool_calls=[call("get_weather", 1, place="Århus", unit="celsius")]),
    said("tool", "{\"degrees\": 7}", name="get_weather", tool_call_id="call00001"),
]
TALK = [said("user", "One"), said("assistant", "Two"), said("user", "Three")]
THOUGHT = [said("user", "q"), said("assistant", "<think>\nhm\n</think>\n\nanswer"), said("user", "more")]

# Messages, and what else the template is given.
CONVERSATIONS = {
    "user": ([said("user", "Hi there")], {}),
    "system": ([said("system", "You are terse."), said("user", "What's 2+2?")], {}),
    "empty system": ([said("system", ""), said("user", "What's 2+2?")], {}),
    "dialogue": (TALK, {}),
    "answered": ([said("system", "S"), said("user", "U"), said("assistant", "A")], {}),
    "padded": ([said("system", " Be <b>bold</b> & \"quick\"\n"), said("user", "  padded \n\n"), said("assistant", "\n yes\n\n"),
                said("user", "émigré 🙂\r\n东京\n\n{{ no }} {% tag %}")], {}),
    "long": ([said("system", "S")] + [said(role, f"{role} {turn}") for turn in range(4) for role in ("user", "assistant")], {}),
    "assistant first": ([said("assistant", "I begin"), said("user", "ok")], {}),
    "two users": ([said("user", "a"), said("user", "b")], {}),
    "late system": ([said("user", "a"), said("assistant", "b"), said("system", "Now in rhyme."), said("user", "c")], {}),
    "unknown role": ([said("narrator", "Night fell."), said("user", "ok")], {}),
    "nothing": ([], {}),
    "null content": ([said("user", None)], {}),
    "no content": ([{"role": "user"}], {}),
    "parts": ([said("system", [{"type": "text", "text": "Look."}]),
               said("user", [{"type": "text", "text": " What is "}, {"type": "image"}, {"type": "text", "text": "this? "}])], {}),
    "thinking": (THOUGHT, {}),
    "thinking off": (THOUGHT, {"enable_thinking": False, "thinking": False, "thinking_budget": 300}),
    "thinking on": (THOUGHT, {"enable_thinking": True, "thinking": True, "thinking_budget": 512, "reasoning_effort": "high"}),
    "thinking by mark": ([said("system", "Be brief. /no_think"), said("user", "q")], {}),
    "thoughts apart": ([said("user", "q"), said("assistant", "answer", reasoning_content="\nhm\n", thinking="hm")], {}),
    "tools": ([said("user", "Hi")], {"tools": [WEATHER, COUNT]}),
    "tools and system": ([said("system", "Use them."), said("user", "Hi")], {"tools": [WEATHER]}),
    "tools elsewhere": ([said("system", "Use them."), said("user", "Hi")],
                        {"tools": [COUNT], "tools_in_user_message": False, "builtin_tools": ["code_interpreter", "search"],
                         "python_tools": ["def f(): ..."], "date_string": "1 May 1999", "model_identity": "You are Bo."}),
    "tool call": (CALLED, {"tools": [WEATHER]}),
    "tool call answered": (CALLED + [said("assistant", "No, 7 °C."), said("user", "Thanks")], {"tools": [WEATHER]}),
    "two tool calls": ([
        said("user", "Both?"),
        said("assistant", "Let me see.", tool_calls=[
            call("get_weather", 1, place="Oslo"), call("count", 2, things=["a", "é"], deep=True, most=None)]),
        said("tool", "cold", tool_call_id="call00001"), said("tool", "[2]", tool_call_id="call00002"),
        said("assistant", "Cold, and two.")], {"tools": [WEATHER, COUNT]}),
    "call as text": ([
        said("user", "Go"),
        said("assistant", "", tool_calls=[{"function": {"name": "count", "arguments": "{\"deep\": true}"}}])], {}),
    "documents": ([said("user", "Where?")],
                  {"documents": [{"title": "One", "text": "Here."}, {"title": "Två", "text": "There.\n"}],
                   "controls": {"citations": True}}),
}

VALUES = {
    "s": "Hello, World", "n": 7, "f": 2.5, "t": True, "items": [3, 1, 2], "words": ["b", "A", "c"], "nothing": None,
    "map": {"a": 1, "b": [True, None, 1.0], "c": "it's"}, "people": [{"name": "Ann", "age": 3}, {"name": "Bo"}],
    "pairs": [["x", 1], ["y", 2]], "everything": ["a", 1, 1.5, True, None, [1], {"k": 1}],
    "tree": [{"name": "a", "kids": [{"name": "b"}, {"name": "c", "kids": [{"name": "d"}]}]}, {"name": "e"}],
    "pets": [{"name": "Rex", "kind": "dog", "age": 4}, {"name": "Tom", "kind": "cat", "age": 2},
             {"name": "Ada", "kind": "dog", "age": 3}, {"name": "Kit", "kind": "cat", "age": 1}],
    "nested": [{"id": "p", "inner": {"deep": 2}}, {"id": "q", "inner": {"deep": 1}}],
    "calls": [{"name": "f", "arguments": {"x": 1.0, "y": "é"}}, {"name": "g", "arguments": "{\"x\": 1}"}],
}

# What Python raises where a template is wrong; TemplateError is what raise_exception raises, too.
FAULTS = (jinja2.exceptions.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, SyntaxError)


def outcome(source, variables):
    try:
        return {"text": compiled(source).render(**variables)}
    except FAULTS as fault:
        by_template = type(fault) is jinja2.exceptions.TemplateError
        return {"raised" if by_template else "fault": f"{fault}" if by_template else f"{type(fault).__name__}: {fault}"}


def chats(out):
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "templates/families").glob("*.jinja"))}
    rows = []
    for template, source in sources.items():
        for conversation, (messages, more) in CONVERSATIONS.items():
            for prompt in (False, True):
                given = {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": prompt} | NAMED | more
                rows.append({"template": template, "conversation": conversation, "prompt": prompt} | outcome(source, given))
    conversations = {name: {"messages": messages, "variables": NAMED | more} for name, (messages, more) in CONVERSATIONS.items()}
    write(out / "chats.json", rows, templates=sources, conversations=conversations)


def constructs(out):
    rows = []
    given = {"messages": [], "tools": None, "documents": None, "add_generation_prompt": False} | VALUES
    for path in sorted((HERE / "constructs").glob("*.txt")):
        for case in ("\n" + path.read_bytes().decode("utf-8")).removesuffix("\n").split("\n=== ")[1:]:
            name, _, source = case.partition("\n")
            source = source.replace("␍", "\r")
            rows.append({"group": path.stem, "name": name, "template": source} | outcome(source, given))
    assert len({(row["group"], row["name"]) for row in rows}) == len(rows), "a name is there twice"
    assert all("text" in row for row in rows if row["group"] == "refused"), "Jinja refuses it, too"
    write(out / "constructs.json", rows, variables=VALUES)


def write(path, rows, **shared):
    """A line for each row, so that a change shows where it is."""
    head = {"made_with": {"transformers": transformers.__version__, "jinja2": jinja2.__version__}, "clock": CLOCK.isoformat()}
    lines = [f"{json.dumps(key)}:{json.dumps(value)}" for key, value in (head | shared).items()]
    body = ",\n".join(json.dumps(row) for row in rows)
    path.write_text("{" + ",\n".join(lines) + ",\n\"rows\":[\n" + body + "\n]}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    chats(given.out)
    constructs(given.out)


if __name__ == "__main__":
    main()
