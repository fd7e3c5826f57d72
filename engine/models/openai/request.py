"""A prompt and its sampling as the body of a request for a chat completion; `server.py` sends it.

Fields of OpenAI's API go to everybody; others only to software that is known to take them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from engine.errors import ModelError
from engine.models.layout import ChatLine
from engine.models.openai.known import Software
from engine.models.port import Sampling

# OpenAI takes no more; what is left out here is cut off when the reply is read.
MOST_STOPS = 4
# What OpenAI takes for a token's bias.
MOST_BIAS = 100.0
# Templates of thinking models leave the thinking out; others do not look at it.
NO_THINKING = {"enable_thinking": False}
# Fields that a server may refuse; they are left out when it names them in its refusal, and never sent there again.
OPTIONAL = frozenset(
    {
        "stream_options",
        "max_tokens",
        "temperature",
        "top_p",
        "seed",
        "stop",
        "logit_bias",
        "response_format",
        "top_k",
        "min_p",
        "repeat_penalty",
        "repetition_penalty",
        "repeat_last_n",
        "dry_multiplier",
        "xtc_probability",
        "cache_prompt",
        "id_slot",
        "grammar",
        "chat_template_kwargs",
    }
)

Fields = dict[str, object]


def body(
    model: str,
    lines: Collection[ChatLine],
    sampling: Sampling,
    software: Software,
    *,
    refused: Collection[str] = (),
    slot: int | None = None,
) -> Fields:
    """The body of a request. `refused`: the fields that this server does not take; `slot`: llama-server's, if chosen."""
    fields = _plain(sampling, all_stops=software is not Software.UNKNOWN) | EXTRAS[software](sampling)
    if slot is not None:
        fields["id_slot"] = slot
    kept: Fields = {name: value for name, value in fields.items() if name not in refused}
    if "max_tokens" in refused:
        kept["max_completion_tokens"] = sampling.max_tokens
    messages = [{"role": line.role, "content": line.text} for line in lines]
    return {"model": model, "messages": messages, "stream": True} | kept


def _plain(sampling: Sampling, *, all_stops: bool) -> Fields:
    """OpenAI's own fields, as far as they are set."""
    fields: Fields = {
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "stream_options": {"include_usage": True},
    }
    if sampling.top_p < 1:
        fields["top_p"] = sampling.top_p
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    if sampling.stops:
        fields["stop"] = list(sampling.stops if all_stops else sampling.stops[:MOST_STOPS])
    if sampling.logit_bias:
        fields["logit_bias"] = {str(token): _bias(bias) for token, bias in sampling.logit_bias}
    if sampling.schema:
        form = {"name": "answer", "schema": _schema(sampling.schema)}
        fields["response_format"] = {"type": "json_schema", "json_schema": form}
    return fields


def _schema(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise ModelError("The form for the answer is no JSON schema.") from None


def _bias(bias: float) -> float:
    return max(-MOST_BIAS, min(MOST_BIAS, bias))


def _llama_server(sampling: Sampling) -> Fields:
    fields: Fields = {
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repeat_penalty,
        "repeat_last_n": sampling.repeat_last,
        "dry_multiplier": sampling.dry,
        "xtc_probability": sampling.xtc,
        "cache_prompt": True,
        "chat_template_kwargs": NO_THINKING,
    }
    return fields | ({"grammar": sampling.grammar} if sampling.grammar else {})


def _vllm(sampling: Sampling) -> Fields:
    """vLLM's and SGLang's. Their caches keep what was read by themselves."""
    return {
        "top_k": sampling.top_k or -1,
        "min_p": sampling.min_p,
        "repetition_penalty": sampling.repeat_penalty,
        "chat_template_kwargs": NO_THINKING,
    }


def _lm_studio(sampling: Sampling) -> Fields:
    return {"top_k": sampling.top_k, "repeat_penalty": sampling.repeat_penalty}


def _nothing(sampling: Sampling) -> Fields:
    return {}


EXTRAS: Mapping[Software, Callable[[Sampling], Fields]] = {
    Software.LLAMA_SERVER: _llama_server,
    Software.VLLM: _vllm,
    Software.SGLANG: _vllm,
    Software.LM_STUDIO: _lm_studio,
    Software.OLLAMA: _nothing,
    Software.UNKNOWN: _nothing,
}
