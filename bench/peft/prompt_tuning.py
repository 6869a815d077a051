"""PEFT prompt tuning that distils a LoRA adapter, with the data, objective and batch of `assay distil`.

Usage: python prompt_tuning.py --gguf MODEL.gguf --adapter DIR --contexts RUN/contexts.json [--dtype bfloat16]
           [--rate auto] [--attention auto] [--init text] [--until .84] [--max-steps 640] [--out result.json]

Prints a line per look at the search split; writes one JSON document. See README.md.
"""

import argparse
import json
import math
import os
import pathlib
import platform
import random
import statistics
import sys
import time

import peft
import torch
import transformers

import contract

TEXT = "You are a helpful AI assistant. Answer the question of the user in your own words and style"
INITS = {"text": "TEXT", "vocab": "SAMPLE_VOCAB", "random": "RANDOM"}
ATTENTIONS = ("sdpa", "eager")
RATES = (0.003, 0.01, 0.03, 0.1)
WARMUP = 5
BETAS = (0.9, 0.99)
CLIP = 1.0
CHUNK = 256
PASS = 32
FLAGS = ("avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_tile")


class Batch:
    """Contexts side by side, padded on the right; `rows` and `columns` say where their places are.

    Attention is causal and padding is on the right, so no place can see it: a padding mask would change nothing but
    the kernel that is used. `--mask` sends one all the same.
    """

    def __init__(self, contexts, before, mask):
        sequences = [before + context.tail for context in contexts]
        longest = max(map(len, sequences))
        self.ids = torch.tensor([list(ids) + [0] * (longest - len(ids)) for ids in sequences])
        self.rows = torch.tensor([i for i, context in enumerate(contexts) for _ in range(context.places)])
        self.columns = torch.tensor(
            [at for ids, context in zip(sequences, contexts) for at in range(len(ids) - context.places, len(ids))]
        )
        lengths = torch.tensor([[len(ids)] for ids in sequences])
        self.mask = (torch.arange(longest) < lengths).long() if mask else None

    def hidden(self, backbone, virtual=0):
        """Final hidden states `[place hidden]` of a model that puts `virtual` tokens in front of its input."""
        states = backbone(input_ids=self.ids, attention_mask=self.mask, use_cache=False).last_hidden_state
        return states[self.rows, self.columns + virtual]


def load(gguf, dtype, attention):
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            gguf.parent, gguf_file=gguf.name, torch_dtype=dtype, attn_implementation=attention
        )
    except (OSError, ValueError, RuntimeError, KeyError) as unreadable:
        raise unusable("--gguf", "a model that transformers reads", unreadable, gguf) from None
    return model.eval().requires_grad_(False)


def adapted(model, adapter):
    try:
        return peft.PeftModel.from_pretrained(model, adapter).eval()
    except (OSError, ValueError, RuntimeError, KeyError) as unreadable:
        raise unusable("--adapter", "an adapter of this model that PEFT reads", unreadable, adapter) from None


def unusable(option, wanted, error, path):
    found = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return contract.Refused(f"{option}: expected {wanted}, found: {found} ({path.name}). Give another.")


def step_seconds(model, batch, tokens):
    """Seconds of a forward and backward pass behind soft tokens: the median of three after one to warm up."""
    words = model.model.embed_tokens(batch.ids)
    soft = words[:, :1].repeat(1, tokens, 1).requires_grad_(True)
    mask = None
    if batch.mask is not None:
        mask = torch.cat([torch.ones(len(batch.ids), tokens, dtype=torch.long), batch.mask], 1)
    times = []
    for _ in range(4):
        start = time.perf_counter()
        states = model.model(inputs_embeds=torch.cat([soft, words], 1), attention_mask=mask, use_cache=False)
        states.last_hidden_state.float().sum().backward()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def fastest(given, data):
    """The model with the attention that makes a step shortest here, and what each took."""
    contexts = [context for turn in data.turns["fit"][: data.turns_per_step] for context in turn]
    batch = Batch(contexts, data.before, given.mask)
    best, found = None, {}
    for attention in ATTENTIONS if given.attention == "auto" else (given.attention,):
        model = load(given.gguf, getattr(torch, given.dtype), attention)
        check_ids(data, model.config.vocab_size)
        found[attention] = step_seconds(model, batch, data.tokens)
        if best is None or found[attention] < found[best[0]]:
            best = (attention, model)
    return *best, found


def check_ids(data, vocab):
    every = [context for turns in data.turns.values() for turn in turns for context in turn]
    largest = max(max(data.before, default=0), max(max(context.tail) for context in every))
    if largest >= vocab:
        raise contract.Refused(
            f"contexts: expected ids below {vocab}, found {largest} (another tokenizer). "
            "Give the model they were made with."
        )


class Teacher:
    """What the adapter says at the places of the fit split, computed once.

    Log-probabilities over the whole vocabulary in float16, if they fit in `--keep` gigabytes; else final hidden states,
    from which the same are computed in every step.
    """

    def __init__(self, backbone, head, data, given):
        self.head = head
        self.turns = data.turns["fit"]
        places = sum(context.places for turn in self.turns for context in turn)
        self.forecast = places * head.weight.shape[0] * 2
        self.whole = self.forecast <= given.keep * 1e9
        self.kept = [self.of(Batch(turn, data.before, given.mask).hidden(backbone)) for turn in self.turns]

    def of(self, hidden):
        return self.log_probabilities(hidden).half() if self.whole else hidden

    def log_probabilities(self, hidden):
        return torch.log_softmax(self.head(hidden).float(), -1)

    def on(self, numbers):
        kept = torch.cat([self.kept[number] for number in numbers])
        return kept.float() if self.whole else self.log_probabilities(kept)


class Search:
    """The search split: exact KL over the whole vocabulary in float32, the base's computed once."""

    def __init__(self, teacher, lora, head, data, given):
        contexts = [context for turn in data.turns["search"] for context in turn]
        self.batches = [
            Batch(contexts[at : at + PASS], data.before, given.mask) for at in range(0, len(contexts), PASS)
        ]
        self.weight = head.weight.float()
        self.states = [batch.hidden(teacher) for batch in self.batches]
        with lora.disable_adapter():
            self.base = self.divergence(teacher, 0)
        if not self.base > 0:
            raise contract.Refused(
                f"adapter: expected one that differs from the base, found a KL of {self.base} (search split). "
                "Give another adapter."
            )

    @torch.no_grad()
    def divergence(self, backbone, virtual):
        """Mean KL(teacher ‖ backbone) per place, nats."""
        total = places = 0
        for batch, states in zip(self.batches, self.states):
            hidden = batch.hidden(backbone, virtual)
            for ours, theirs in zip(hidden.split(CHUNK), states.split(CHUNK)):
                student, teacher = (torch.log_softmax(h.float() @ self.weight.T, -1) for h in (ours, theirs))
                total += (teacher.exp() * (teacher - student)).sum(-1).double().sum().item()
                places += len(ours)
        return total / places

    def closed(self, student, virtual):
        return 1 - self.divergence(student, virtual) / self.base


def student_of(backbone, given, tokens):
    """PEFT's prompt tuning around the decoder without its unembedding: its forward pass gives hidden states."""
    torch.manual_seed(given.seed)
    text = {}
    if given.init == "text":
        text = {
            "prompt_tuning_init_text": TEXT,
            "tokenizer_name_or_path": str(given.gguf.parent),
            "tokenizer_kwargs": {"gguf_file": given.gguf.name},
        }
    config = peft.PromptTuningConfig(
        task_type=peft.TaskType.FEATURE_EXTRACTION,
        num_virtual_tokens=tokens,
        prompt_tuning_init=INITS[given.init],
        **text,
    )
    return peft.get_peft_model(backbone, config)


class Training:
    """Adam with a warm-up and clipped gradients, the student starting from the same numbers every time it is run."""

    def __init__(self, student, teacher, search, data, given):
        self.student, self.teacher, self.search, self.data, self.given = student, teacher, search, data, given
        (self.soft,) = [parameter for parameter in student.parameters() if parameter.requires_grad]
        self.start = self.soft.detach().clone()

    def factor(self, step, steps):
        up = min(1.0, (step + 1) / WARMUP)
        down = 0.5 * (1 + math.cos(math.pi * step / steps)) if self.given.schedule == "cosine" else 1.0
        return up * (0.05 + 0.95 * down)

    def numbers(self):
        """User turns of each step: every epoch goes through all of them in a new order."""
        draw = random.Random(self.given.seed)
        turns = self.data.turns["fit"]
        each = min(self.data.turns_per_step, len(turns))
        while True:
            order = list(range(len(turns)))
            draw.shuffle(order)
            yield from (order[at : at + each] for at in range(0, len(order) - each + 1, each))

    def step(self, optimizer, numbers):
        turns = [self.data.turns["fit"][number] for number in numbers]
        batch = Batch([context for turn in turns for context in turn], self.data.before, self.given.mask)
        hidden = batch.hidden(self.student, self.data.tokens)
        said = torch.log_softmax(self.teacher.head(hidden).float(), -1)
        wanted = self.teacher.on(numbers)
        loss = torch.nn.functional.kl_div(said, wanted, reduction="sum", log_target=True) / len(wanted)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_([self.soft], CLIP)
        if not (math.isfinite(loss.item()) and math.isfinite(norm.item())):
            return math.nan
        optimizer.step()
        return loss.item()

    def run(self, rate, steps, until, every, say):
        """The looks, the seconds of each step, the losses, and why it ended."""
        with torch.no_grad():
            self.soft.copy_(self.start)
        optimizer = torch.optim.AdamW([self.soft], lr=rate, betas=BETAS, weight_decay=0.0)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: self.factor(step, steps))
        looks, times, losses = [self.look(0, 0.0, say)], [], []
        if not math.isfinite(looks[0].closed):
            raise contract.Refused(f"--init: expected a start with a finite KL, found {looks[0].closed}. Give another.")
        for step, numbers in zip(range(1, steps + 1), self.numbers()):
            start = time.perf_counter()
            losses.append(self.step(optimizer, numbers))
            schedule.step()
            times.append(time.perf_counter() - start)
            if not math.isfinite(losses[-1]):
                return looks, times, losses, "the loss was not a number"
            if step % every == 0 or step == steps:
                look = self.look(step, sum(times), say)
                if not math.isfinite(look.closed):
                    return looks, times, losses, "the loss was not a number"
                looks.append(look)
                if look.closed >= until:
                    return looks, times, losses, "closed enough"
        return looks, times, losses, "all steps done"

    def look(self, step, seconds, say):
        found = contract.Look(step, seconds, self.search.closed(self.student, self.data.tokens))
        say(f"step {step}: {seconds:.1f} s of training, {found.closed:.3f} closed on the search split")
        return found


def best_rate(training, given):
    """The rate that closes most of the search split after `--trial-steps`, and what each closed."""
    tried = {}
    for rate in RATES:
        looks, *_, end = training.run(rate, given.trial_steps, math.inf, given.trial_steps, lambda line: None)
        tried[rate] = looks[-1].closed if end == "all steps done" else None
        print(f"rate {rate}: {tried[rate]} closed after {given.trial_steps} steps", flush=True)
    if not any(closed is not None for closed in tried.values()):
        raise contract.Refused("rate: expected one that trains, found none (all diverged). Give --rate.")
    return max((rate for rate in RATES if tried[rate] is not None), key=lambda rate: tried[rate]), tried


def machine():
    lines = pathlib.Path("/proc/cpuinfo")
    words = {}
    if lines.exists():
        parts = (line.split(":", 1) for line in lines.read_text().splitlines() if ":" in line)
        words = {name.strip(): value.strip() for name, value in parts}
    has = set(words.get("flags", "").split())
    return {
        "cpu": words.get("model name", platform.processor()),
        "cores": os.cpu_count(),
        "flags": [flag for flag in FLAGS if flag in has],
        "threads": torch.get_num_threads(),
        "load": list(os.getloadavg()),
    }


def split_sizes(data):
    def size(turns):
        every = [context for turn in turns for context in turn]
        ids = sum(len(context.tail) for context in every)
        return {"turns": len(turns), "contexts": len(every), "places": sum(c.places for c in every), "ids": ids}

    return {split: size(turns) for split, turns in data.turns.items()}


class Stopwatch:
    """Names what each part of the preparation took, in seconds."""

    def __init__(self):
        self.seconds, self.last = {}, time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        self.seconds[name], self.last = now - self.last, now


def measure(given):
    data = contract.contexts(given.contexts)
    found_machine, watch = machine(), Stopwatch()
    attention, model, attentions = fastest(given, data)
    watch.lap("load and attention")
    lora = adapted(model, given.adapter)
    with torch.no_grad():
        teacher = Teacher(model.model, model.lm_head, data, given)
        watch.lap("teacher on the fit split")
        search = Search(model.model, lora, model.lm_head, data, given)
        watch.lap("teacher and base on the search split")
    training = Training(student_of(lora.unload().model, given, data.tokens), teacher, search, data, given)
    rate, rates = (given.rate, {}) if given.rate else best_rate(training, given)
    watch.lap("learning rates")
    looks, times, losses, end = training.run(rate, given.max_steps, given.until, given.every, print_now)
    return {
        "schema_version": 1,
        "until": given.until,
        "seconds_to_until": contract.seconds_until(looks, given.until),
        "steps": len(times),
        "seconds": sum(times),
        "seconds_per_step": {"mean": statistics.fmean(times), "median": statistics.median(times)},
        "best_search_closed": max(look.closed for look in looks),
        "ended": end,
        "search_base_kl": search.base,
        "curve": [{"step": p.step, "seconds": p.seconds, "search_closed": p.closed} for p in looks],
        "fit_kl": [loss if math.isfinite(loss) else None for loss in losses],
        "preparation_seconds": watch.seconds,
        "settings": settings(given, attention, rate, data),
        "tried": {"attention_step_seconds": attentions, "rate_search_closed": rates},
        "teacher_kept": {"as": "log-probabilities" if teacher.whole else "states", "forecast_bytes": teacher.forecast},
        "data": split_sizes(data),
        "versions": {m.__name__: m.__version__ for m in (torch, transformers, peft)}
        | {"python": platform.python_version()},
        "machine": found_machine,
    }


def settings(given, attention, rate, data):
    return {
        "dtype": given.dtype,
        "attention": attention,
        "mask": given.mask,
        "init": given.init,
        "rate": rate,
        "schedule": given.schedule,
        "warmup": WARMUP,
        "betas": BETAS,
        "clip": CLIP,
        "virtual_tokens": data.tokens,
        "turns_per_step": data.turns_per_step,
        "look_every": given.every,
        "trial_steps": given.trial_steps,
        "max_steps": given.max_steps,
        "seed": given.seed,
    }


def print_now(line):
    print(line, flush=True)


def options(arguments):
    parser = argparse.ArgumentParser(description="PEFT prompt tuning by KL on the contexts of an assay distil run.")
    parser.add_argument("--gguf", type=pathlib.Path, required=True)
    parser.add_argument("--adapter", type=pathlib.Path, required=True, help="PEFT LoRA folder: the teacher")
    parser.add_argument("--contexts", type=pathlib.Path, required=True, help="contexts.json of assay distil")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--attention", choices=("auto", *ATTENTIONS), default="auto", help="auto: the faster one here")
    parser.add_argument("--rate", "--lr", default="auto", help="learning rate; auto: the best of a few short trials")
    parser.add_argument("--trial-steps", type=int, default=30, help="steps of such a trial")
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="constant")
    parser.add_argument("--init", choices=tuple(INITS), default="text", help="PEFT's three starts")
    parser.add_argument("--mask", action="store_true", help="send a padding mask; changes no result")
    parser.add_argument("--until", type=float, default=0.84, help="share of the search split's KL closed")
    parser.add_argument("--max-steps", type=int, default=640)
    parser.add_argument("--every", type=int, default=10, help="steps between two looks at the search split")
    parser.add_argument("--keep", type=float, default=4.0, help="gigabytes for the teacher's log-probabilities")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, help="where to write the result; printed if not given")
    return checked(parser.parse_args(arguments))


def checked(given):
    for name in ("trial_steps", "max_steps", "every", "threads"):
        if getattr(given, name) < 1:
            raise contract.Refused(f"--{name.replace('_', '-')}: expected at least 1, found {getattr(given, name)}.")
    try:
        given.rate = None if given.rate == "auto" else float(given.rate)
    except ValueError:
        raise contract.Refused(f"--rate: expected auto or a number, found {given.rate}.") from None
    if given.rate is not None and not 0 < given.rate < math.inf:
        raise contract.Refused(f"--rate: expected a positive number, found {given.rate}.")
    if not math.isfinite(given.until):
        raise contract.Refused(f"--until: expected a share such as 0.84, found {given.until}.")
    if given.out and not given.out.resolve().parent.is_dir():
        raise contract.Refused(f"--out: expected a file in a folder that exists, found no folder {given.out.parent}.")
    for path, wanted in ((given.gguf, "a GGUF file"), (given.adapter / "adapter_config.json", "a PEFT folder")):
        if not path.is_file():
            raise contract.Refused(f"{path.name}: expected {wanted}, found nothing there. Check the path.")
    return given


def main():
    try:
        given = options(sys.argv[1:])
        torch.set_num_threads(given.threads)
        result = measure(given)
    except contract.Refused as refused:
        print(f"prompt_tuning: {refused}", file=sys.stderr)
        return 3
    text = json.dumps(result, indent=1, allow_nan=False) + "\n"
    given.out.write_text(text) if given.out else print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
