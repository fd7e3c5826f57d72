"""Settings of the engine. `bot/config.py` reads them from TOML; each docstring is the manual of its key."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Section(BaseModel):
    """A table of the configuration file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True
    )


class StoreConfig(Section):
    """Where everything is kept: one SQLite file and the pictures beside it, in the data directory."""

    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    """How hard a commit is pressed to the disk. FULL survives a power cut; NORMAL is faster and survives a
    crash of Selfsame, but a power cut may cost the last second."""


class ChatConfig(Section):
    """How characters answer."""

    model: Literal["storyteller", "llama", "server"] = "storyteller"
    """The chat model. "storyteller" is the built-in voice that needs no download and no GPU; "llama" runs a GGUF
    file in this process (table [llm]); "server" asks one or more OpenAI-compatible servers (table [server]).
    docs/models.md says what to run on which machine."""

    pace_ms: int = Field(default=25, ge=0, le=1000)
    """Milliseconds between two words of the built-in voice, so that a reply can be read as it comes. 0: at once."""

    window_messages: int = Field(default=48, ge=4, le=400)
    """How many of the latest messages a reply is written from; the model's context may hold fewer. Up to twice as
    many are: a long history is cut in blocks, so that a model need not read all of it again for every reply."""

    reply_tokens: int = Field(default=300, ge=32, le=4096)
    """The most tokens of one reply."""


class LlmConfig(Section):
    """A language model in this process, by llama.cpp: for chat.model = "llama". Needs the extra [llm]."""

    model: str = ""
    """The GGUF file: a path, the name of a file in models/ of the data directory, or a hub's name such as
    "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf" that `selfsame models pull` has fetched."""

    context_tokens: int = Field(default=8192, ge=512, le=1_048_576)
    """The most tokens of one prompt with its reply. A model that was made for less gets less."""

    slots: int = Field(default=8, ge=1, le=64)
    """How many conversations are answered at the same time; others wait in line."""

    kv_tokens: int = Field(default=0, ge=0, le=16_777_216)
    """How many tokens of all conversations together are held ready in the model's memory. 0: as many as fit."""

    threads: int = Field(default=0, ge=0, le=512)
    """Processor threads. 0: one for each core."""

    gpu_layers: int = Field(default=-1, ge=-1, le=1000)
    """How many of the model's layers run on the GPU. -1: as many as its free memory holds. 0: none."""

    kv_type: Literal["f16", "q8_0", "f32"] = "f16"
    """How exactly what was read is held in memory. q8_0 takes half the memory of f16; f32 is for tests."""

    flash_attention: Literal["auto", "on", "off"] = "auto"
    """Whether attention is computed in one piece. auto asks the library what the machine can do."""

    adapter: str = ""
    """A LoRA adapter as a GGUF file that changes how the model speaks; "" for none."""

    park_ram_mb: int = Field(default=1024, ge=0, le=1_048_576)
    """Memory for what the model has read of conversations that rest, so that it need not read it again."""

    park_disk_mb: int = Field(default=8192, ge=0, le=16_777_216)
    """Disk space for the same, in parked/ of the data directory; it survives a restart. 0: none is written."""

    park_key: SecretStr = SecretStr("")
    """A passphrase that encrypts what is parked on disk. Better given by the environment variable
    SELFSAME_PARK_KEY than written here. Empty: it is written as it is, like the database beside it."""

    max_waiting: int = Field(default=64, ge=1, le=10_000)
    """How many replies may wait in line before more are refused with a sentence."""

    deadline_seconds: int = Field(default=600, ge=5, le=86_400)
    """How long one reply may take, waiting included."""

    temperature: float = Field(default=0.8, ge=0.0, le=5.0)
    """How freely words are chosen. 0 always takes the likeliest."""

    top_k: int = Field(default=64, ge=0, le=100_000)
    """Words are chosen among the likeliest so many. 0: among all."""

    min_p: float = Field(default=0.05, ge=0.0, le=1.0)
    """Words that are less than this share as likely as the likeliest are left out."""

    repeat_penalty: float = Field(default=1.05, ge=1.0, le=2.0)
    """How much a word costs that came a moment ago. 1: nothing."""

    dry: float = Field(default=0.0, ge=0.0, le=5.0)
    """How much phrases cost that came before (DRY's multiplier; 0.8 is usual). 0: nothing."""

    xtc: float = Field(default=0.0, ge=0.0, le=1.0)
    """How often the likeliest words are left out for a more surprising one (XTC's probability). 0: never."""


class ServerConfig(Section):
    """OpenAI-compatible servers (llama-server, vLLM, SGLang, Ollama, LM Studio …): for chat.model = "server"."""

    urls: tuple[str, ...] = ()
    """The servers' addresses up to /v1, e.g. ["http://127.0.0.1:8080/v1"]. With several, the least loaded one that
    answers is asked, and a failing one is left out for a while."""

    model: str = ""
    """The model's name on the servers. Empty: the first one that they list."""

    api_key: SecretStr = SecretStr("")
    """The servers' key, if they want one. Better given by the environment variable SELFSAME_SERVER_KEY than written here."""

    context_tokens: int = Field(default=0, ge=0, le=1_048_576)
    """The most tokens of one prompt with its reply. 0: what the servers say, or 8192 if they say nothing."""

    timeout_seconds: int = Field(default=120, ge=1, le=3600)
    """How long a server may be silent before another one is asked."""

    slots: int = Field(default=8, ge=1, le=1024)
    """How many replies each server is asked for at the same time; others wait in line."""

    temperature: float = Field(default=0.8, ge=0.0, le=2.0)
    """How freely words are chosen. 0 always takes the likeliest."""


class MemoryConfig(Section):
    """What is recalled for a reply."""

    facts: int = Field(default=12, ge=0, le=100)
    """The most facts about the person that a reply is given."""

    earlier_messages: int = Field(default=6, ge=0, le=50)
    """The most messages from before the window that a reply is given."""

    quiet_minutes: int = Field(default=10, ge=1, le=1440)
    """After so many minutes without a word a talk is gone over in the background for what is to be remembered of it:
    what happened together, promises, what they call each other."""

    consolidate_turns: int = Field(default=30, ge=1, le=1000)
    """After so many replies a talk is gone over even if it is never quiet."""

    embeddings: Literal["auto", "off"] = "auto"
    """Whether earlier messages are also found by what they mean. auto: if an embedding model is there, which
    `selfsame models pull recall` fetches. off: by their words alone."""

    embedding_model: str = ""
    """The embedding model: a folder with model.onnx and tokenizer.json, or its name in models/ of the data directory,
    e.g. "sentence-transformers/all-MiniLM-L6-v2". "": the one that `selfsame models pull recall` has fetched."""


class StyleSettings(Section):
    """What one style of drawing is rendered with; what is left out is the family's own."""

    family: str = ""
    """The family that draws this style; "" lets the table of routes decide."""

    sampler: str = ""
    """The sampler by name, e.g. "dpm++-2m-karras"; "" for the family's own."""

    steps: int = Field(default=0, ge=0, le=200)
    """Denoising steps. 0: the family's own."""

    guidance: float = Field(default=-1.0, ge=-1.0, le=30.0)
    """How closely the words are followed. -1: the family's own."""

    negative: str = ""
    """What should not be in a picture, for families that heed it."""

    lora: str = ""
    """A style LoRA as a theme: a file in loras/ of the data directory."""

    lora_scale: float = Field(default=0.8, ge=0.0, le=2.0)
    """How strongly the theme shows."""


class ImagesConfig(Section):
    """How pictures are made and how many."""

    pipeline: Literal[
        "illustrator",
        "auto",
        "klein",
        "qwen_edit",
        "sdxl",
        "z_image",
        "kontext",
        "comfyui",
        "openai_images",
    ] = "illustrator"
    """The picture model. "illustrator" draws vector pictures and needs no download and no GPU. "auto" chooses
    by style, job and hardware among the models that are here (selfsame models); or name one of them.
    docs/images.md says what to run on which card."""

    size: int = Field(default=1024, ge=256, le=2048, multiple_of=8)
    """Width and height of a picture, in pixels."""

    folders: dict[str, str] = {}
    """Where the files of a family lie, if not in models/ of the data directory: { klein = "/srv/klein" }."""

    precision: Literal["auto", "fp32", "bf16", "fp16", "fp8", "nf4"] = "auto"
    """How exactly a model's numbers are held. auto: the most exact that fits into the card's memory."""

    devices: tuple[str, ...] = ()
    """The devices that render, one worker process each: ["cuda:0", "cuda:1"]. Empty: the first GPU, or the processor."""

    vram_mb: int = Field(default=0, ge=0, le=1_048_576)
    """The most memory of a card that picture models take, in MiB. 0: what others leave free."""

    compile: bool = False
    """Whether models are compiled at their first picture: that takes a minute, then each is faster."""

    accept: tuple[str, ...] = ()
    """Parts with terms of their own that you accept, by name: "kontext", "faceid", "codeformer", "inswapper",
    "scrfd". selfsame models names their licences. Without your word here they are never loaded."""

    takes: int = Field(default=3, ge=1, le=8)
    """How many takes of a picture are tried until the face is right; the best one is sent."""

    verify: bool = True
    """Whether the face in each picture of a model is compared with the canonical picture."""

    restore: Literal["off", "gfpgan", "codeformer"] = "off"
    """What sharpens a face after its repair; codeformer has to be accepted."""

    swap: bool = False
    """Whether a face that cannot be repaired may be swapped in (inswapper, which has to be accepted)."""

    upscale: bool = True
    """Whether pictures of models that draw smaller are enlarged to `size`, when an upscaler is here."""

    previews: bool = True
    """Whether a picture can be watched while it is made, where the family allows it."""

    conditioning_mb: int = Field(default=2048, ge=0, le=1_048_576)
    """Disk space for what models have read of reference pictures, so that they read each only once."""

    watermark: bool = False
    """Whether an invisible watermark says that the picture was made by a machine. Needs the extra [watermark]."""

    c2pa: bool = True
    """Whether pictures of models carry a signed C2PA manifest that says how they were made."""

    styles: dict[str, StyleSettings] = {}
    """Settings for one style of drawing: [images.styles.anime] with family, sampler, steps, guidance, negative,
    lora, lora_scale. docs/images.md has examples."""

    max_outstanding: int = Field(default=8, ge=1, le=100)
    """The most pictures that one person may have waiting and being made at the same time."""

    per_hour: int = Field(default=120, ge=1, le=100_000)
    """The most pictures that one person may ask for in an hour."""

    attempts: int = Field(default=3, ge=1, le=10)
    """How often a picture is tried before its person is told that it did not come out."""

    lease_seconds: int = Field(default=30, ge=5, le=600)
    """How long a silent worker keeps a picture before another one takes it over."""

    watchdog_seconds: int = Field(default=60, ge=10, le=3600)
    """How long a worker may hang without a sign of life before it is replaced."""

    keep_jobs_days: int = Field(default=14, ge=1, le=3650)
    """How long records of finished pictures are kept; the pictures themselves stay until you delete them."""


class ComfyConfig(Section):
    """Your own ComfyUI: for images.pipeline = "comfyui"."""

    url: str = "http://127.0.0.1:8188"
    """Its address."""

    workflow: str = ""
    """A workflow in API format (Save (API Format) in ComfyUI), with placeholders: docs/comfyui.md."""

    timeout_seconds: int = Field(default=600, ge=5, le=86_400)
    """How long one picture may take there."""


class ImageServerConfig(Section):
    """A server with the OpenAI image API: for images.pipeline = "openai_images"."""

    url: str = ""
    """Its address with the version: "http://127.0.0.1:30000/v1"."""

    model: str = ""
    """The model's name there; "" takes the first."""

    api_key: SecretStr = SecretStr("")
    """A key if it asks for one. Better given by the environment variable SELFSAME_IMAGE_SERVER_KEY."""

    timeout_seconds: int = Field(default=300, ge=5, le=86_400)
    """How long one picture may take there."""


class SafetyConfig(Section):
    """What the operator adds to the built-in safety rules, which cannot be switched off."""

    blocked_phrases: tuple[str, ...] = ()
    """Words or phrases that nobody may use here, in messages, pictures or characters. Case does not matter."""


class EngineConfig(Section):
    """All settings of the engine."""

    store: StoreConfig = StoreConfig()
    """Where everything is kept."""

    chat: ChatConfig = ChatConfig()
    """How characters answer."""

    llm: LlmConfig = LlmConfig()
    """A language model in this process, by llama.cpp."""

    server: ServerConfig = ServerConfig()
    """OpenAI-compatible servers."""

    memory: MemoryConfig = MemoryConfig()
    """What is recalled for a reply."""

    images: ImagesConfig = ImagesConfig()
    """How pictures are made and how many."""

    comfyui: ComfyConfig = ComfyConfig()
    """Your own ComfyUI."""

    image_server: ImageServerConfig = ImageServerConfig()
    """A server with the OpenAI image API."""

    safety: SafetyConfig = SafetyConfig()
    """What the operator adds to the built-in safety rules."""
