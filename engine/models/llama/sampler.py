"""How a token is chosen: one chain of llama.cpp's samplers for each reply. The loop's thread makes, asks, frees it.

Answers in a form (a grammar, or a JSON schema) are chosen in two steps: first freely, and only if the grammar does
not take that token, again among those that it takes. Asking the grammar about all 152,000 tokens each time costs a
hundred times as much.
"""

from __future__ import annotations

import ctypes
import functools
import json
import secrets
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.errors import ModelError
from engine.models.llama.context import Context
from engine.models.llama.model import Model
from engine.models.port import Sampling

BAD_FORM = "The form that the answer should have is not one that the model can follow."
# DRY's usual measure: phrases of more than so many tokens cost, each token more this many times as much.
DRY_ALLOWED, DRY_BASE = 2, 1.75
# Where DRY's phrases end: what repeats in every line anyway.
DRY_BREAKS = (b"\n", b":", b'"', b"*")
# XTC leaves out tokens that are at least this likely, its authors' measure.
XTC_THRESHOLD = 0.1
# Never fewer than so many tokens are left by top_p and min_p.
KEEP = 1
# llama.cpp reads a token's choice as number, logit, probability.
CHOICE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
# Bits of a seed.
SEED_BITS = 32


class Sampler:
    """Chooses a reply's tokens one after another. Call `close` when the reply has ended."""

    def __init__(self, model: Model, sampling: Sampling) -> None:
        """Raises ModelError if the grammar or the schema cannot be followed."""
        self._api = model.api
        self._model = model
        self._grammar = self._form(sampling)
        self._chain = self._api.llama_sampler_chain_init(self._api.llama_sampler_chain_default_params())
        for link in self._links(sampling):
            self._api.llama_sampler_chain_add(self._chain, link)
        self._penal = sampling.repeat_penalty != 1 or sampling.dry > 0
        self._look_back = sampling.repeat_last

    def close(self) -> None:
        """Free it."""
        self._api.llama_sampler_free(self._chain)
        if self._grammar:
            self._api.llama_sampler_free(self._grammar)
        self._grammar = None

    def remember(self, tokens: Iterable[int]) -> None:
        """Let what came before the reply count as repeated: the prompt's tokens, without its template's."""
        if not self._penal:
            return
        for token in list(tokens)[-self._look_back :]:
            if not self._model.is_control(token):
                self._api.llama_sampler_accept(self._chain, token)

    def choose(self, context: Context, row: int) -> int:
        """The token after a row of the batch. Raises ModelError if the grammar leaves none."""
        if not self._grammar:
            return int(self._api.llama_sampler_sample(self._chain, context.handle, row))
        choices = _Choices(self._api, context, row)
        token = choices.after(self._chain)
        if not self._takes(token):
            choices.fill()
            self._api.llama_sampler_apply(self._grammar, choices.pointer)
            token = choices.after(self._chain)
            if not self._takes(token):
                raise ModelError(BAD_FORM)
        self._accept(token)
        return token

    def _takes(self, token: int) -> bool:
        """Whether the grammar takes a token next."""
        one = np.zeros(1, CHOICE)
        one["id"] = token
        array = _array(self._api, one)
        self._api.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return bool(np.isfinite(one["logit"][0]))

    def _accept(self, token: int) -> None:
        self._api.llama_sampler_accept(self._chain, token)
        # A grammar that has come to its end takes no more.
        if not self._model.is_end(token):
            self._api.llama_sampler_accept(self._grammar, token)

    def _form(self, sampling: Sampling) -> Any:
        text = sampling.grammar or (_grammar_of(sampling.schema) if sampling.schema else "")
        if not text:
            return None
        try:
            raw = text.encode()
        except UnicodeEncodeError as error:
            raise ModelError(BAD_FORM) from error
        grammar = self._api.llama_sampler_init_grammar(self._model.vocabulary, raw, b"root")
        # A grammar that does not parse comes back as a pointer to nothing.
        if not grammar:
            raise ModelError(BAD_FORM)
        return grammar

    def _links(self, sampling: Sampling) -> Iterable[Any]:
        """The chain in its order. top_k comes first: all after it need not look at 152,000 tokens."""
        api, size = self._api, self._model.size
        seed = secrets.randbits(SEED_BITS) if sampling.seed is None else sampling.seed % 2**SEED_BITS
        if sampling.logit_bias:
            pairs = [(token, bias) for token, bias in sampling.logit_bias if 0 <= token < size]
            biases = (api.llama_logit_bias * len(pairs))(*pairs)
            yield api.llama_sampler_init_logit_bias(size, len(pairs), biases)
        if sampling.top_k:
            yield api.llama_sampler_init_top_k(sampling.top_k)
        if sampling.repeat_penalty != 1:
            yield api.llama_sampler_init_penalties(
                size, sampling.repeat_last, sampling.repeat_penalty, 0.0, 0.0
            )
        if sampling.dry > 0:
            yield self._dry(sampling)
        if sampling.temperature <= 0:
            yield api.llama_sampler_init_greedy()
            return
        if sampling.top_p < 1:
            yield api.llama_sampler_init_top_p(sampling.top_p, KEEP)
        if sampling.min_p > 0:
            yield api.llama_sampler_init_min_p(sampling.min_p, KEEP)
        if sampling.xtc > 0:
            yield api.llama_sampler_init_xtc(sampling.xtc, XTC_THRESHOLD, KEEP, seed)
        yield api.llama_sampler_init_temp(sampling.temperature)
        yield api.llama_sampler_init_dist(seed)

    def _dry(self, sampling: Sampling) -> Any:
        breaks = (ctypes.c_char_p * len(DRY_BREAKS))(*DRY_BREAKS)
        return self._api.llama_sampler_init_dry(
            self._model.vocabulary,
            sampling.dry,
            DRY_BASE,
            DRY_ALLOWED,
            sampling.repeat_last,
            breaks,
            len(DRY_BREAKS),
        )


class _Choices:
    """All tokens with their logits, laid out as llama.cpp's samplers take them."""

    def __init__(self, api: Any, context: Context, row: int) -> None:
        self._logits = context.logits(row)
        self._choices = np.zeros(len(self._logits), CHOICE)
        self._array = _array(api, self._choices)
        self._api = api
        self.fill()

    @property
    def pointer(self) -> Any:
        return ctypes.byref(self._array)

    def fill(self) -> None:
        """Put every token back with the logit that it had at first."""
        self._choices["id"] = np.arange(len(self._logits))
        self._choices["logit"] = self._logits
        self._array.data = self._choices.ctypes.data_as(ctypes.POINTER(self._api.llama_token_data))
        self._array.size, self._array.selected, self._array.sorted = len(self._choices), -1, False

    def after(self, chain: Any) -> int:
        """What a chain chooses among them."""
        self._api.llama_sampler_apply(chain, self.pointer)
        return int(self._array.data[self._array.selected].id)


def _array(api: Any, choices: Any) -> Any:
    data = choices.ctypes.data_as(ctypes.POINTER(api.llama_token_data))
    return api.llama_token_data_array(data, len(choices), -1, False)


@functools.lru_cache(maxsize=64)
def _grammar_of(schema: str) -> str:
    """The grammar of a JSON schema. Raises ModelError if it is none, or has parts that grammars cannot say."""
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    try:
        json.loads(schema)
        return str(json_schema_to_gbnf(schema))
    # It is written for schemas that are right, and breaks in many ways over others.
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as error:
        raise ModelError(BAD_FORM) from error
