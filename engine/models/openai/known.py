"""What answers at an address: which software, which model, how much it reads at once; `server.py` looks now and then.

/models is asked of everybody: it shows whether the key is taken and whether it is an OpenAI-compatible server at all.
Who it is shows in `owned_by`, or in addresses of its own beside /v1; nobody is sent a field that it is not known to take.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from openai import AsyncOpenAI, Timeout

from engine.models.openai.faults import ServerError, no_model, not_openai, told
from engine.models.openai.json import Json, as_object, whole

# Tokens that a server reads at once, where it does not say.
USUAL_CONTEXT = 8192
# The same of Ollama, unless it is told otherwise. It cuts off the rest without a word, so more is not assumed.
OLLAMA_CONTEXT = 4096


class Software(StrEnum):
    """The servers that are known by name."""

    LLAMA_SERVER = "llama-server"
    VLLM = "vLLM"
    SGLANG = "SGLang"
    OLLAMA = "Ollama"
    LM_STUDIO = "LM Studio"
    UNKNOWN = "server"


OWNERS = {"llamacpp": Software.LLAMA_SERVER, "vllm": Software.VLLM, "sglang": Software.SGLANG}
# Those that say at /health beside /v1 whether they can work.
HEALTHY = frozenset({Software.LLAMA_SERVER, Software.VLLM, Software.SGLANG})
# Signs of models that cannot chat, in names and kinds of models.
NO_CHAT = ("embed", "rerank", "whisper", "tts")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a server."""

    software: Software = Software.UNKNOWN
    model: str = ""
    context_tokens: int = 0  # that it reads at once; 0: it does not say
    slots: int = 0  # how many replies it works on at the same time; 0: it does not say
    has_system: bool = True  # whether its template knows a system role

    @property
    def title(self) -> str:
        """The model's name for people: no path, no ending."""
        return PurePosixPath(self.model.replace("\\", "/")).name.removesuffix(".gguf")


class Questions:
    """Small questions to one server, by the SDK's own client."""

    def __init__(self, client: AsyncOpenAI, shown: str, timeout: Timeout) -> None:
        self.shown = shown
        self._client, self._timeout = client, timeout
        self._root = str(client.base_url).rstrip("/").removesuffix("/v1")

    async def models(self) -> tuple[Json, ...]:
        """The models that it lists. Raises ServerError."""
        listed = as_object(await self._get("/models")).get("data")
        if not isinstance(listed, list):
            raise not_openai(self.shown)
        return tuple(entry for one in listed if isinstance((entry := as_object(one)).get("id"), str))

    async def healthy(self) -> None:
        """Ask /health beside /v1. Raises ServerError if it is not well."""
        await self._get(f"{self._root}/health")

    async def beside(self, path: str) -> Json:
        """What an address beside /v1 says; empty if it says nothing that can be used."""
        try:
            return as_object(await self._get(self._root + path))
        except ServerError:
            return {}

    async def erase(self, slot: int) -> bool:
        """Have llama-server drop what one of its slots has read; False if it does not do that."""
        try:
            with told(self.shown):
                await self._client.post(
                    f"{self._root}/slots/{slot}?action=erase",
                    cast_to=object,
                    options={"timeout": self._timeout},
                )
        except ServerError:
            return False
        return True

    async def _get(self, address: str) -> object:
        with told(self.shown):
            return await self._client.get(address, cast_to=object, options={"timeout": self._timeout})


async def look(questions: Questions, wanted: str, software: Software | None = None) -> Known:
    """Find out what answers there; `software`: what it is, if that is known. Raises ServerError."""
    listed = await questions.models()
    software = software or await _recognised(questions, listed)
    if software in HEALTHY:
        await questions.healthy()
    entry = _chosen(listed, wanted, software, questions.shown)
    found = Known(software, wanted if entry is None else str(entry["id"]), _context(entry or {}))
    if software is Software.LLAMA_SERVER:
        return await _llama_server(questions, found)
    if software is Software.OLLAMA:
        return await _ollama(questions, found)
    if software is Software.LM_STUDIO:
        return await _lm_studio(questions, found)
    return found


async def _recognised(questions: Questions, listed: tuple[Json, ...]) -> Software:
    """Which software it is: by the owner that it names for its models, else by what stands beside /v1."""
    owners = {str(entry.get("owned_by")) for entry in listed}
    for owner, software in OWNERS.items():
        if owner in owners:
            return software
    if "default_generation_settings" in await questions.beside("/props"):
        return Software.LLAMA_SERVER
    if isinstance((await questions.beside("/api/v0/models")).get("data"), list):
        return Software.LM_STUDIO
    if "models" in await questions.beside("/api/tags") and "version" in await questions.beside(
        "/api/version"
    ):
        return Software.OLLAMA
    if any("max_model_len" in entry for entry in listed) and "version" in await questions.beside("/version"):
        return Software.VLLM
    return Software.UNKNOWN


def _chosen(listed: tuple[Json, ...], wanted: str, software: Software, shown: str) -> Json | None:
    """The entry of the wanted model, or of the first that can chat. Raises ServerError if there is none."""
    names = tuple(str(entry["id"]) for entry in listed)
    if not wanted:
        chat = [entry for entry in listed if not _cannot_chat(entry)]
        if not chat:
            raise no_model(shown, wanted, names)
        return next((entry for entry in chat if entry.get("state") == "loaded"), chat[0])
    for entry in listed:
        if entry["id"] in {wanted, f"{wanted}:latest"}:
            return entry
    if software is Software.LLAMA_SERVER and len(listed) == 1:
        return listed[0]  # it answers with its one model, whatever name it is asked for
    raise no_model(shown, wanted, names)


def _cannot_chat(entry: Json) -> bool:
    name = f"{entry.get('id')} {entry.get('type', '')}".lower()
    return any(sign in name for sign in NO_CHAT)


def _context(entry: Json) -> int:
    """How many tokens a model's entry says that it reads at once: vLLM and SGLang, llama-server."""
    return whole(entry.get("max_model_len")) or whole(as_object(entry.get("meta")).get("n_ctx"))


async def _llama_server(questions: Questions, found: Known) -> Known:
    props = await questions.beside("/props")
    settings, caps = (
        as_object(props.get("default_generation_settings")),
        as_object(props.get("chat_template_caps")),
    )
    return replace(
        found,
        context_tokens=whole(settings.get("n_ctx")) or found.context_tokens,
        slots=whole(props.get("total_slots")),
        has_system=caps.get("supports_system_role") is not False,
    )


async def _ollama(questions: Questions, found: Known) -> Known:
    """Its context is that of the loaded model; before it is loaded, the smallest is assumed."""
    loaded = (await questions.beside("/api/ps")).get("models")
    for one in loaded if isinstance(loaded, list) else ():
        entry = as_object(one)
        if found.model in {entry.get("name"), entry.get("model")}:
            return replace(found, context_tokens=whole(entry.get("context_length")) or OLLAMA_CONTEXT)
    return replace(found, context_tokens=OLLAMA_CONTEXT)


async def _lm_studio(questions: Questions, found: Known) -> Known:
    listed = (await questions.beside("/api/v0/models")).get("data")
    for one in listed if isinstance(listed, list) else ():
        entry = as_object(one)
        if entry.get("id") == found.model:
            return replace(found, context_tokens=whole(entry.get("loaded_context_length")))
    return found
