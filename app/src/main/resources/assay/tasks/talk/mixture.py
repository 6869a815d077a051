#!/usr/bin/env python3
"""A mixture of prompts, written by Assay: what @TARGET@ is made of, run by transformers.

    python mixture.py "What do you know about the sea?"
    python mixture.py --model path/to/model.gguf --seed 3 --temperature 0.7 "Hello!"

The model is run once behind every prompt and once behind none; their logits are added up with the weights, and the
next token is drawn from the sum: z = z0 + sum of w * (z_prompt - z0). Needs torch and transformers.
"""
import argparse
import os

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache

MODEL = @MODEL@
STOP = @STOP@  # tokens that end an answer
SYSTEM = @SYSTEM@  # prompts are the system message; if not, they stand at the head of the user's turn
PROMPTS = [
@PROMPTS@]


def opened(where):
    """A model and its tokenizer, from a folder, a .gguf file or a hub."""
    is_gguf = where.endswith(".gguf")
    folder = (os.path.dirname(where) or ".") if is_gguf else where
    options = {"gguf_file": os.path.basename(where)} if is_gguf else {}
    tokenizer = AutoTokenizer.from_pretrained(folder, **options)
    model = AutoModelForCausalLM.from_pretrained(folder, **options).float().eval()
    # Where a model caps its logits (Gemma 2), they are added up in front of the cap.
    model.cap = getattr(model.config, "final_logit_softcapping", None)
    if model.cap:
        model.config.final_logit_softcapping = None
    return model, tokenizer


def context(tokenizer, prompt, user):
    """Token ids of a conversation that an answer is to follow."""
    if SYSTEM:
        messages = [{"role": "system", "content": prompt}, {"role": "user", "content": user}]
    else:
        messages = [{"role": "user", "content": prompt + "\n\n" + user}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    begin = tokenizer.bos_token
    adds_begin = tokenizer("a").input_ids[:1] == [tokenizer.bos_token_id]
    if begin and adds_begin and not text.startswith(begin):
        text = begin + text
    return tokenizer(text, add_special_tokens=False).input_ids


class Mixture:
    """The weighted prompts in front of one message."""

    def __init__(self, model, tokenizer, user):
        self.model = model
        self.weights = [1 - sum(weight for weight, _ in PROMPTS)] + [weight for weight, _ in PROMPTS]
        self.next = [context(tokenizer, prompt, user) for prompt in [""] + [prompt for _, prompt in PROMPTS]]
        self.pasts = [DynamicCache() for _ in self.next]

    @torch.no_grad()
    def logits(self):
        """Logits of the token that follows."""
        mixed = 0
        for row, weight in enumerate(self.weights):
            tokens = torch.tensor([self.next[row]])
            out = self.model(input_ids=tokens, past_key_values=self.pasts[row], use_cache=True)
            self.pasts[row] = out.past_key_values
            mixed = mixed + weight * out.logits[0, -1].double()
        return self.model.cap * torch.tanh(mixed / self.model.cap) if self.model.cap else mixed

    def take(self, token):
        """Goes on behind a token."""
        self.next = [[token]] * len(self.next)


def answer(model, tokenizer, user, tokens=128, temperature=1.0, top_p=0.95, seed=0):
    """An answer as text."""
    dice = torch.Generator().manual_seed(seed)
    mixture = Mixture(model, tokenizer, user)
    said = []
    while len(said) < tokens:
        logits = mixture.logits()
        if temperature == 0:
            token = int(logits.argmax())
        else:
            shares, order = torch.softmax(logits / temperature, -1).sort(descending=True)
            shares[shares.cumsum(-1) - shares >= top_p] = 0
            token = int(order[torch.multinomial(shares, 1, generator=dice)])
        if token in STOP:
            break
        said.append(token)
        mixture.take(token)
    return tokenizer.decode(said, skip_special_tokens=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("user", nargs="?", default="Hello!", help="the message to answer")
    options.add_argument("--model", default=MODEL, help="folder, .gguf file or name on a hub")
    options.add_argument("--tokens", type=int, default=128)
    options.add_argument("--temperature", type=float, default=1.0)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    model, tokenizer = opened(given.model)
    print(answer(model, tokenizer, given.user, given.tokens, given.temperature, seed=given.seed))


if __name__ == "__main__":
    main()
