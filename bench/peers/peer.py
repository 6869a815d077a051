"""What `assay bench peers` compares Assay with: one process a row, JSON lines on standard input and output.

Usage: python peer.py ROW FOLDER      (started by `assay bench peers`, which also writes FOLDER/task.json)

Says {"ready": …} once imports and models are loaded, so that neither is timed. Then answers, a line each:
  {"do": "warm"}     one round that is not counted
  {"do": "run"}      one round: {"seconds": …}
  {"do": "compare"}  how far Assay's answer (FOLDER/ours.f32) is from that of the last round: {"difference": …}
What cannot be done is said as {"error": …}. ROW `copy` writes task["path"], a GGUF file, as a folder task["to"].
"""

import json
import pathlib
import sys
import time

import numpy


def raw(folder, name, *shape):
    return numpy.fromfile(folder / name, dtype="<f4").reshape(shape or (-1,))


def relative(ours, theirs):
    """Length of the difference over the length."""
    ours, theirs = (numpy.asarray(x, dtype=numpy.float64).ravel() for x in (ours, theirs))
    if ours.shape != theirs.shape:
        return float("inf")
    return float(numpy.linalg.norm(ours - theirs) / numpy.linalg.norm(theirs))


class Peer:
    """A row made ready by its constructor."""

    def __init__(self, task, folder):
        self.task, self.folder, self.found = task, folder, None
        self.start()

    def start(self):
        pass

    def warm(self):
        self.run()

    def run(self):
        start = time.perf_counter()
        self.found = self.work()
        return time.perf_counter() - start

    def ours(self):
        return raw(self.folder, "ours.f32")


class Pursuit(Peer):
    def start(self):
        from sklearn.linear_model import orthogonal_mp

        self.pursue = orthogonal_mp
        self.vectors = raw(self.folder, "vectors.f32", -1, self.task["numbers"])
        self.target = raw(self.folder, "target.f32")

    def work(self):
        return self.pursue(self.vectors.T, self.target, n_nonzero_coefs=self.task["chosen"])

    def compare(self):
        residual = self.target - self.found @ self.vectors
        length = numpy.linalg.norm
        return max(0.0, float((length(self.ours()) - length(residual)) / length(self.target)))


class Torch(Peer):
    """Rows that compute with torch, in the row's number format and without gradients unless told otherwise."""

    def start(self):
        import torch

        self.torch = torch
        torch.set_num_threads(self.task["threads"])
        torch.set_grad_enabled(False)
        self.dtype = getattr(torch, self.task.get("dtype", "FLOAT32").lower())
        self.load()

    def load(self):
        self.model = self.loaded()

    def loaded(self):
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        self.transformers = transformers
        path = pathlib.Path(self.task["model"])
        where = {"pretrained_model_name_or_path": path}
        if path.is_file():
            where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
        model = transformers.AutoModelForCausalLM.from_pretrained(
            **where, torch_dtype=self.dtype, attn_implementation=self.task.get("attention", "sdpa")
        )
        return model.eval().requires_grad_(False)

    def ids(self, rows):
        return self.torch.tensor(rows, dtype=self.torch.long)

    def front(self, tokens):
        """Keys and values of tokens that stand in front of every row."""
        return self.model.model(self.ids([tokens]), use_cache=True).past_key_values

    def behind(self, past, rows):
        """Hidden states of rows of one length behind shared tokens."""
        cache = self.transformers.DynamicCache()
        for layer in range(len(past)):
            keys, values = past[layer]
            cache.update(keys.expand(len(rows), -1, -1, -1), values.expand(len(rows), -1, -1, -1), layer)
        return self.model.model(rows, past_key_values=cache, use_cache=True).last_hidden_state


class Hidden(Torch):
    def load(self):
        super().load()
        self.rows = self.ids(self.task["rows"])

    def work(self):
        return self.behind(self.front(self.task["front"]), self.rows)

    def compare(self):
        return relative(self.ours(), self.found.float().numpy())


class Generation(Torch):
    def load(self):
        super().load()
        rows = self.task["rows"]
        self.width = max(map(len, rows))
        self.padded = self.ids([[0] * (self.width - len(row)) + row for row in rows])
        self.mask = self.ids([[0] * (self.width - len(row)) + [1] * len(row) for row in rows])
        self.weights = self.torch.tensor(self.task["weights"], dtype=self.torch.float32)

    def step(self, ids, mask, past):
        places = (mask.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        out = self.model(
            ids, attention_mask=mask, position_ids=places, past_key_values=past, use_cache=True, num_logits_to_keep=1
        )
        return self.weights @ out.logits[:, -1].float(), out.past_key_values

    def work(self):
        mask, past, ids, tokens = self.mask, self.transformers.DynamicCache(), self.padded, []
        for _ in range(self.task["length"]):
            logits, past = self.step(ids, mask, past)
            tokens.append(int(logits.argmax()))
            ids = self.ids([[tokens[-1]]] * len(self.padded))
            mask = self.torch.cat([mask, self.torch.ones(len(mask), 1, dtype=mask.dtype)], 1)
        return tokens

    def compare(self):
        """Reads Assay's tokens at once and asks by how much another would have been preferred."""
        tokens = self.ours().astype(int)
        rows = self.torch.cat([self.padded, self.ids([list(tokens)[:-1]] * len(self.padded))], 1)
        mask = self.torch.cat([self.mask, self.torch.ones(len(rows), len(tokens) - 1, dtype=self.mask.dtype)], 1)
        places = (mask.cumsum(1) - 1).clamp(min=0)
        states = self.model.model(rows, attention_mask=mask, position_ids=places).last_hidden_state
        mixed = self.torch.einsum("r,rph->ph", self.weights, states[:, self.width - 1 :].float())
        logits = mixed @ self.model.lm_head.weight.float().T
        own = logits[self.torch.arange(len(tokens)), self.torch.tensor(tokens)]
        return float((logits.max(1).values - own).max())


class Opening(Torch):
    def load(self):
        self.task["model"] = self.task["path"]
        self.loaded()

    def work(self):
        model = self.loaded()
        path = pathlib.Path(self.task["path"])
        if path.is_file():
            self.transformers.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        else:
            self.transformers.AutoTokenizer.from_pretrained(path)
        return model

    def compare(self):
        states = self.found.model(self.ids([self.task["probe"]])).last_hidden_state[0]
        return relative(self.ours(), states[-self.task["compared"] :].float().numpy())


class Ranking(Torch):
    def load(self):
        super().load()
        self.rows = self.ids(self.task["rows"])
        self.weight = self.model.lm_head.weight.float()
        target = self.torch.tensor(raw(self.folder, "target.f32", -1, self.weight.shape[1]))
        self.said = self.torch.log_softmax(target @ self.weight.T, -1)
        self.shares = self.said.exp()

    def work(self):
        found = []
        for front in self.task["fronts"]:
            states = self.behind(self.front(front), self.rows)[:, -self.task["places"] :]
            said = self.torch.log_softmax(states.flatten(0, 1).float() @ self.weight.T, -1)
            found.append(float((self.shares * (self.said - said)).sum(-1).mean()))
        return found

    def compare(self):
        theirs = numpy.array(self.found)
        best = numpy.sort(theirs)[:8]
        chosen = theirs[numpy.argsort(self.ours())[:8]]
        return float(((chosen - best) / best).max())


class GcgRanking(Torch):
    """nanoGCG's own evaluation of candidates: one conversation a call, all candidates in a batch behind its cache."""

    def load(self):
        import types

        from nanogcg.gcg import GCG, GCGConfig

        super().load()
        known = types.SimpleNamespace(chat_template="-")  # texts are tokens already
        self.gcg = GCG(self.model, known, GCGConfig(allow_non_ascii=True))
        self.candidates = self.ids(self.task["candidates"])
        self.rows = [self.ids([row]) for row in self.task["rows"]]
        self.answer = self.task["places"] - 1

    def work(self):
        embed, gcg, count = self.model.get_input_embeddings(), self.gcg, len(self.candidates)
        gcg.prefix_cache = self.model(self.ids([self.task["before"]]), use_cache=True).past_key_values
        total = 0
        for row in self.rows:
            gcg.target_ids = row[:, -self.answer :]
            behind = embed(row).expand(count, -1, -1)
            total = total + gcg._compute_candidates_loss_original(
                count, self.torch.cat([embed(self.candidates), behind], 1)
            )
        return (total / len(self.rows)).float().numpy()

    def compare(self):
        """With the same evaluation in float32: nanoGCG rounds its losses to the model's format."""
        self.model.float()
        ours = self.ours()
        return float(numpy.abs(ours / self.work()[: len(ours)] - 1).max())


class Fit(Torch):
    def load(self):
        width, places = self.task["width"], self.task["places"]
        self.weight = self.torch.tensor(raw(self.folder, "unembedding.f32", -1, width))
        self.base = self.torch.tensor(raw(self.folder, "base.f32", places, width))
        self.deltas = self.torch.tensor(raw(self.folder, "deltas.f32", self.task["atoms"], places, width))
        target = self.torch.tensor(raw(self.folder, "target.f32", places, width))
        self.said = self.torch.log_softmax(target @ self.weight.T, -1)
        self.shares = self.said.exp()

    def divergence(self, weights):
        states = self.base + self.torch.einsum("a,aph->ph", weights, self.deltas)
        said = self.torch.log_softmax(states @ self.weight.T, -1)
        return (self.shares * (self.said - said)).sum() / len(said)

    def fit(self, steps):
        with self.torch.enable_grad():
            weights = self.torch.zeros(len(self.deltas), requires_grad=True)
            optimizer = self.torch.optim.LBFGS(
                [weights],
                max_iter=steps,
                max_eval=4 * steps,
                history_size=50,
                tolerance_grad=1e-6,
                tolerance_change=1e-9,
                line_search_fn="strong_wolfe",
            )

            def value():
                optimizer.zero_grad()
                divergence = self.divergence(weights)
                divergence.backward()
                return divergence

            optimizer.step(value)
        return weights.detach()

    def warm(self):
        self.fit(1)

    def work(self):
        return self.fit(500)

    def exact(self, weights):
        """In double precision, a few places at a time."""
        total = 0.0
        states = self.base.double() + self.torch.einsum("a,aph->ph", weights.double(), self.deltas.double())
        for part, said, shares in zip(states.split(64), self.said.split(64), self.shares.split(64)):
            own = self.torch.log_softmax(part @ self.weight.double().T, -1)
            total += float((shares.double() * (said.double() - own)).sum())
        return total / len(states)

    def compare(self):
        return max(0.0, self.exact(self.torch.tensor(self.ours())) - self.exact(self.found))


class Reading(Torch):
    BATCH = 192

    def load(self):
        super().load()
        backbone = self.model.model
        backbone.layers = backbone.layers[: self.task["blocks"]]
        backbone.norm = self.torch.nn.Identity()

    def work(self):
        before, after, prompts = self.task["before"], self.task["after"], self.task["rows"]
        past = self.front(before) if before else None
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        readings = [None] * len(prompts)
        for start in range(0, len(order), self.BATCH):
            part = order[start : start + self.BATCH]
            rows = [prompts[i] + after for i in part]
            longest = max(map(len, rows))
            ids = self.ids([row + [0] * (longest - len(row)) for row in rows])
            states = self.behind(past, ids) if past is not None else self.model.model(ids).last_hidden_state
            for row, i in enumerate(part):
                own = states[row, : len(prompts[i])].float()
                last = states[row, len(rows[row]) - 1].float()
                readings[i] = self.torch.cat([last, own[-1], own.mean(0)])
        return readings

    def compare(self):
        width = len(self.found[0])
        ours = self.torch.tensor(raw(self.folder, "ours.f32", -1, width))
        theirs = self.torch.stack(self.found[: len(ours)])
        return 1 - float(self.torch.nn.functional.cosine_similarity(ours, theirs, dim=1).min())


class SoftStep(Torch):
    def load(self):
        import peft

        super().load()
        task = self.task
        before, rows = task["before"], task["rows"]
        self.rows = self.ids([before + row for row in rows])
        width = self.model.config.hidden_size
        self.begin = self.torch.tensor(raw(self.folder, "start.f32", task["length"], width))
        self.head = self.model.lm_head
        target = self.torch.tensor(raw(self.folder, "teacher.f32", -1, width))
        self.wanted = self.torch.log_softmax(target @ self.head.weight.float().T, -1)
        config = peft.PromptTuningConfig(
            task_type=peft.TaskType.FEATURE_EXTRACTION, num_virtual_tokens=task["length"], prompt_tuning_init="RANDOM"
        )
        self.student = peft.get_peft_model(self.model.model, config)
        (self.soft,) = [parameter for parameter in self.student.parameters() if parameter.requires_grad]

    def step(self, optimizer):
        states = self.student(input_ids=self.rows, use_cache=False).last_hidden_state
        places = states[:, -self.task["places"] :].flatten(0, 1)
        said = self.torch.log_softmax(self.head(places).float(), -1)
        loss = self.torch.nn.functional.kl_div(said, self.wanted, reduction="sum", log_target=True) / len(said)
        optimizer.zero_grad()
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_([self.soft], 1.0)
        optimizer.step()
        return loss.item()

    def run(self):
        import math

        self.soft.data.copy_(self.begin)
        steps, rate = self.task["steps"], self.task["rate"]
        optimizer = self.torch.optim.Adam([self.soft], lr=rate, betas=(0.9, 0.99))
        losses = []
        with self.torch.enable_grad():
            start = time.perf_counter()
            for step in range(steps):
                optimizer.param_groups[0]["lr"] = rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))
                losses.append(self.step(optimizer))
            seconds = (time.perf_counter() - start) / steps
        self.found = losses[0]
        for loss in losses[1:]:
            self.found = 0.9 * self.found + 0.1 * loss
        return seconds

    def compare(self):
        """With the same steps in float32: two answers in bfloat16 are each off by their own rounding."""
        self.model.float()
        self.run()
        return relative(self.ours(), [self.found])


class Closing(SoftStep):
    """Trains until enough is closed; looks at the search split are not timed."""

    def load(self):
        import peft

        Torch.load(self)
        task = self.task
        self.head, width = self.model.lm_head, self.model.config.hidden_size
        self.begin = self.torch.tensor(raw(self.folder, "start.f32", task["length"], width))
        states = self.torch.tensor(raw(self.folder, "teacher.f32", -1, width))
        at = 0
        for row in task["search"] + [row for lesson in task["lessons"] for row in lesson]:
            row["teacher"] = states[at : at + row["places"]]
            at += row["places"]
        config = peft.PromptTuningConfig(
            task_type=peft.TaskType.FEATURE_EXTRACTION, num_virtual_tokens=task["length"], prompt_tuning_init="RANDOM"
        )
        self.base = sum(self.divergences(self.model.model, part).sum().item() for part in self.parts())
        self.student = peft.get_peft_model(self.model.model, config)
        (self.soft,) = [parameter for parameter in self.student.parameters() if parameter.requires_grad]

    def parts(self):
        return [self.task["search"][at : at + 24] for at in range(0, len(self.task["search"]), 24)]

    def divergences(self, model, rows):
        """KL at all compared places of rows of any length, padded behind."""
        before = self.task["before"]
        longest = max(len(row["ids"]) for row in rows)
        ids = self.ids([before + row["ids"] + [0] * (longest - len(row["ids"])) for row in rows])
        states = model(input_ids=ids, use_cache=False).last_hidden_state
        ends = [states.shape[1] - longest + len(row["ids"]) for row in rows]
        places = self.torch.cat([s[e - row["places"] : e] for s, e, row in zip(states, ends, rows)])
        weight = self.head.weight.float()
        wanted = self.torch.log_softmax(self.torch.cat([row["teacher"] for row in rows]) @ weight.T, -1)
        said = self.torch.log_softmax(self.head(places).float(), -1)
        return (wanted.exp() * (wanted - said)).sum(-1)

    def closed(self):
        with self.torch.no_grad():
            left = sum(self.divergences(self.student, part).sum().item() for part in self.parts())
        return 1 - left / self.base

    def run(self):
        import math
        import random

        training, lessons = self.task["training"], self.task["lessons"]
        self.soft.data.copy_(self.begin)
        optimizer = self.torch.optim.Adam([self.soft], lr=training["rate"], betas=(0.9, 0.99))
        order, seconds = [], 0.0
        for step in range(training["steps"]):
            if len(order) < training["turns"]:
                order = random.Random(step).sample(range(len(lessons)), len(lessons))
            part, order = order[: training["turns"]], order[training["turns"] :]
            start = time.perf_counter()
            down = 0.5 * (1 + math.cos(math.pi * step / training["steps"]))
            rate = training["rate"] * min(1, (step + 1) / training["warmup"]) * (0.05 + 0.95 * down)
            optimizer.param_groups[0]["lr"] = rate
            with self.torch.enable_grad():
                loss = self.divergences(self.student, [row for lesson in part for row in lessons[lesson]]).mean()
                optimizer.zero_grad()
                loss.backward()
            self.torch.nn.utils.clip_grad_norm_([self.soft], 1.0)
            optimizer.step()
            seconds += time.perf_counter() - start
            if (step + 1) % training["look"] == 0:
                self.found = self.closed()
                if self.found >= self.task["aim"]:
                    return seconds
        raise ValueError(f"closed {self.found:.3f} after {training['steps']} steps, not {self.task['aim']}")

    def compare(self):
        return max(0.0, self.found - float(self.ours()[0]))


class Copy(Torch):
    def load(self):
        self.task["model"] = self.task["path"]
        self.dtype = self.torch.float32
        path, to = pathlib.Path(self.task["path"]), self.task["to"]
        self.loaded().save_pretrained(to)
        self.transformers.AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name).save_pretrained(to)


ROWS = {
    "copy": Copy,
    "hidden-bf16": Hidden,
    "hidden-fp32": Hidden,
    "pursuit": Pursuit,
    "generation-target": Generation,
    "generation-mixture": Generation,
    "opening-gguf": Opening,
    "opening-safetensors": Opening,
    "ranking": Ranking,
    "ranking-gcg": GcgRanking,
    "kl-fit": Fit,
    "screen-bf16": Reading,
    "screen-fp32": Reading,
    "soft-step": SoftStep,
    "closing": Closing,
}


def answer(peer, what):
    if what == "warm":
        peer.warm()
        return {"warm": True}
    if what == "run":
        return {"seconds": peer.run()}
    return {"difference": peer.compare()}


def main():
    out, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is no answer

    def say(line):
        print(json.dumps(line), file=out, flush=True)

    try:
        row, folder = sys.argv[1], pathlib.Path(sys.argv[2])
        task = {"threads": 1} | json.loads((folder / "task.json").read_text(encoding="utf-8"))
        peer = ROWS[row](task, folder)
        say({"ready": row})
        for line in sys.stdin:
            say(answer(peer, json.loads(line)["do"]))
    except Exception as failed:  # said to whoever asked, in one line
        say({"error": f"{type(failed).__name__}: {(str(failed).splitlines() or [''])[0][:300]}"})
        raise


if __name__ == "__main__":
    main()
