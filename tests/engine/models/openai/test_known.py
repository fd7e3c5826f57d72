"""What is found out about a server, and what it is sent for it."""

from __future__ import annotations

import asyncio

import pytest

from engine.models.openai.known import Known
from engine.models.port import Sampling, Work
from tests.engine.models.openai.conftest import opened, read
from tests.engine.models.openai.loopback import Loopback, Play

FULL = Sampling(
    max_tokens=99,
    temperature=0.5,
    top_k=0,
    top_p=0.9,
    min_p=0.1,
    repeat_penalty=1.1,
    dry=0.8,
    xtc=0.2,
    logit_bias=((7, -200.0), (8, 2.0)),
    stops=("1", "2", "3", "4", "5"),
    seed=3,
    schema='{"type": "object"}',
)
PLAIN = {
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "temperature",
    "top_p",
    "seed",
    "stop",
    "logit_bias",
    "response_format",
}
VLLM = {"top_k", "min_p", "repetition_penalty", "chat_template_kwargs"}
EXTRA = {
    "unknown": set(),
    "Ollama": set(),
    "llama-server": {
        "top_k",
        "min_p",
        "repeat_penalty",
        "repeat_last_n",
        "dry_multiplier",
        "xtc_probability",
        "cache_prompt",
        "chat_template_kwargs",
        "id_slot",
    },
    "vLLM": VLLM,
    "SGLang": VLLM,
    "LM Studio": {"top_k", "repeat_penalty"},
}


@pytest.mark.parametrize("software", EXTRA)
async def test_each_software_is_sent_what_it_takes(software: str) -> None:
    async with Loopback(software) as server, opened(server) as chat:
        assert (await read(chat, FULL))[0] == "Hello there."
        name = "server" if software == "unknown" else software
        assert chat.name == f"tiny ({name})"
        assert chat.context_tokens == (8192 if software == "unknown" else 4096)
        assert chat.structured
        assert server.bodies[0].keys() == PLAIN | EXTRA[software]
        assert server.bodies[0].get("top_k", 0) in {0, -1}


async def test_openais_own_fields_have_openais_form(server: Loopback) -> None:
    async with opened(server) as chat:
        await read(chat, FULL)
    body = server.bodies[0]
    assert body["logit_bias"] == {"7": -100.0, "8": 2.0}
    assert body["stop"] == ["1", "2", "3", "4"]
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert (body["seed"], body["stream_options"]) == (3, {"include_usage": True})


async def test_what_is_not_set_is_not_sent(server: Loopback) -> None:
    async with opened(server) as chat:
        await read(chat)
    assert server.bodies[0].keys() == PLAIN - {"top_p", "seed", "stop", "logit_bias", "response_format"}


async def test_a_grammar_goes_to_llama_server_only() -> None:
    sampling = Sampling(grammar='root ::= "yes"')
    for software in ("llama-server", "vLLM", "unknown"):
        async with Loopback(software) as server, opened(server) as chat:
            await read(chat, sampling)
            assert ("grammar" in server.bodies[0]) == (software == "llama-server")


async def test_tags_in_a_form_are_part_of_it(server: Loopback) -> None:
    server.default = Play(words=('{"said": "<think>"}',))
    async with opened(server) as chat:
        assert (await read(chat, Sampling(schema="{}")))[0] == '{"said": "<think>"}'


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        ("Unrecognized request argument supplied: stream_options", "stream_options"),
        ("seed: Extra inputs are not permitted", "seed"),
        ("'logit_bias' is not supported with this model", "logit_bias"),
        ("Unknown parameter: response_format", "response_format"),
    ],
)
async def test_a_field_that_is_refused_is_not_sent_again(server: Loopback, refusal: str, field: str) -> None:
    server.plays = [Play(status=400, error={"message": refusal})]
    async with opened(server) as chat:
        for _ in range(2):
            assert (await read(chat, FULL))[0] == "Hello there."
        assert chat.structured == (field != "response_format")
    assert [field in body for body in server.bodies] == [True, False, False]


async def test_a_schema_that_is_refused_is_not_all_schemas(server: Loopback) -> None:
    server.plays = [Play(status=400, error={"message": "Invalid response_format: the schema has no root"})]
    async with opened(server) as chat:
        with pytest.raises(Exception, match="did not take the request"):
            await read(chat, FULL)
        assert chat.structured


async def test_openais_newer_name_for_the_most_tokens_is_learned(server: Loopback) -> None:
    refusal = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    server.plays = [Play(status=400, error={"message": refusal, "param": "max_tokens"})]
    async with opened(server) as chat:
        await read(chat, FULL)
    assert "max_tokens" not in server.bodies[1]
    assert server.bodies[1]["max_completion_tokens"] == 99


@pytest.mark.parametrize("status", [400, 500])
async def test_a_template_without_a_system_role_gets_none(server: Loopback, status: int) -> None:
    server.plays = [Play(status=status, error={"message": "Jinja Exception: System role not supported"})]
    async with opened(server) as chat:
        for _ in range(2):
            assert (await read(chat))[0] == "Hello there."
    roles = [[message["role"] for message in body["messages"]] for body in server.bodies]
    assert roles[0][0] == "system"
    assert "system" not in roles[1] + roles[2]


# Models


async def test_the_first_model_that_can_chat_is_taken(server: Loopback) -> None:
    server.models = ["text-embedding-nomic", "models/Qwen3-8B-Q4_K_M.gguf", "another"]
    async with opened(server) as chat:
        await read(chat)
        assert chat.name == "Qwen3-8B-Q4_K_M (server)"
    assert server.bodies[0]["model"] == "models/Qwen3-8B-Q4_K_M.gguf"


async def test_a_name_means_its_latest_version() -> None:
    async with Loopback("Ollama", models=["qwen3:8b", "gemma3:latest"]) as server:
        async with opened(server, model="gemma3") as chat:
            await read(chat)
        assert server.bodies[0]["model"] == "gemma3:latest"


async def test_llama_server_answers_with_its_model_whatever_it_is_called() -> None:
    async with Loopback("llama-server") as server, opened(server, model="gpt-4") as chat:
        assert (await read(chat))[0] == "Hello there."


async def test_a_context_that_is_set_wins() -> None:
    async with Loopback("vLLM") as server, opened(server, context_tokens=1234) as chat:
        assert chat.context_tokens == 1234


async def test_the_smallest_context_of_those_that_work_counts() -> None:
    async with Loopback("vLLM") as small, Loopback("vLLM") as large:
        large.context = 32768
        async with opened(small, large) as chat:
            assert chat.context_tokens == 4096
        await small.stop()
        async with opened(small, large) as chat:
            assert chat.context_tokens == 32768


async def test_ollama_is_not_trusted_with_more_than_it_says() -> None:
    async with Loopback("Ollama") as server:
        server.context = 0
        async with opened(server) as chat:
            assert chat.context_tokens == 4096


async def test_who_it_is_is_asked_once(server: Loopback) -> None:
    async with opened(server) as chat:
        asked = list(server.paths)
        server.default = Play(status=500)
        with pytest.raises(Exception, match="HTTP 500"):
            await read(chat)
        assert asked == ["/props", "/api/v0/models", "/api/tags"]


@pytest.mark.parametrize(
    ("model", "title"),
    [("/srv/m/Qwen3.gguf", "Qwen3"), ("C:\\m\\Qwen3.gguf", "Qwen3"), ("qwen/qwen3:8b", "qwen3:8b"), ("", "")],
)
def test_models_have_names_for_people(model: str, title: str) -> None:
    assert Known(model=model).title == title


# llama-server's slots


async def test_each_conversation_keeps_its_slot() -> None:
    async with Loopback("llama-server") as server, opened(server) as chat:
        for conversation in ("a", "b", "a", "", "b", "a"):
            await read(chat, work=Work(conversation))
        assert [body["id_slot"] for body in server.bodies] == [0, 1, 0, 2, 1, 0]


async def test_two_replies_are_never_in_one_slot() -> None:
    go = asyncio.Event()
    async with Loopback("llama-server") as server, opened(server) as chat:
        server.default = Play(waits=go)
        tasks = [asyncio.create_task(read(chat, work=Work("a"))) for _ in range(6)]
        await server.until(running=server.slots)
        assert sorted(body["id_slot"] for body in server.bodies) == [0, 1, 2, 3]
        go.set()
        await asyncio.gather(*tasks)


async def test_an_erased_conversation_is_erased_there_too() -> None:
    async with Loopback("llama-server") as server, opened(server) as chat:
        for conversation in ("a", "b"):
            await read(chat, work=Work(conversation))
        await chat.forget(["b", "unheard of"])
        assert server.erased == [1]
        await read(chat, work=Work("c"))
        assert server.bodies[-1]["id_slot"] == 1
