"""How a model is laid over GPU and main memory: `choose.py` plans with it before the model is loaded.

A plan is arithmetic on the file's header and on what is free: nothing is loaded and nothing is tried.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ModelError
from engine.models.gguf import ModelFacts
from engine.models.machine import Machine

MIB = 2**20
# Bytes on each GPU that stay free: the driver's own context and cuBLAS take 300 to 600 MiB of it.
GPU_RESERVE = 768 * MIB
# Bytes of main memory that stay free for Selfsame itself and the system.
RAM_RESERVE = 512 * MIB
# Of the main memory that is left, at most so much becomes room for conversations: the system caches files in the rest.
RAM_SHARE = 0.5
# llama.cpp rounds the cells of its cache up to a multiple of it.
CELLS = 256
# Tokens that are computed at once (llama.cpp's n_ubatch).
BATCH = 512
# Conversations whose running state is laid out, by slots: as llama/context.py has it. Numbers of states have 4 bytes.
SEQS_PER_SLOT, SPARE_SEQS, MOST_SEQS = 4, 32, 256
# Numbers in flight beside the widest one of a layer, in widths of the model: its input, norms, queries, results.
IN_FLIGHT = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What the settings ask for: `LlmConfig`'s keys of these names."""

    context_tokens: int = 8192
    slots: int = 8
    gpu_layers: int = -1
    kv_tokens: int = 0
    kv_type: str = "f16"
    park_ram: int = 0  # bytes


@dataclass(frozen=True, slots=True)
class Offload:
    """Where a model goes. `gpu_layers` counts the output as one more layer, as llama.cpp does; sizes in bytes."""

    gpu_layers: int
    kv_tokens: int
    gpu_bytes: int
    ram_bytes: int


def plan_offload(facts: ModelFacts, wish: Wish, machine: Machine) -> Offload:
    """As many layers on the GPU as its free memory holds beside one full conversation, then room for more of them.

    Raises ModelError if the rest does not fit into main memory.
    """
    plan = _Plan(facts, wish, machine)
    layers = plan.most_layers()
    tokens = plan.tokens(layers)
    offload = Offload(layers, tokens, plan.gpu(layers, tokens), plan.ram(layers, tokens))
    if offload.ram_bytes > machine.ram_free - plan.shared(offload.gpu_bytes):
        raise ModelError(_too_little(facts, offload, machine, wish, tokens))
    return offload


def _too_little(facts: ModelFacts, offload: Offload, machine: Machine, wish: Wish, tokens: int) -> str:
    key = "llm.kv_tokens" if wish.kv_tokens else "llm.context_tokens"
    return (
        f"{facts.title} needs {_gb(offload.ram_bytes)} of main memory with {tokens:,} tokens of conversation, and "
        f"{_gb(machine.ram_free)} of {_gb(machine.ram)} are free. Choose a smaller model (selfsame models) or a "
        f"smaller {key}."
    )


def _gb(size: float) -> str:
    return f"{size / 1e9:.1f} GB"


class _Plan:
    """The arithmetic: what a number of layers and a number of tokens cost on either side, in bytes."""

    def __init__(self, facts: ModelFacts, wish: Wish, machine: Machine) -> None:
        self._facts = facts
        self._wish = wish
        self._machine = machine
        self._kv = facts.kv_bytes(wish.kv_type)
        seqs = min(SEQS_PER_SLOT * wish.slots + SPARE_SEQS, MOST_SEQS)
        self._fixed = [
            size + 4 * seqs * state for size, state in zip(facts.layer_bytes, facts.state_width, strict=True)
        ]
        context = min(wish.context_tokens, facts.context or wish.context_tokens)
        self._least = wish.kv_tokens or context
        self._most = wish.kv_tokens or wish.slots * context

    def most_layers(self) -> int:
        """How many layers go to the GPU: what was asked for, or what fits with the least tokens."""
        everything = self._facts.layers + 1
        if not self._machine.devices:
            return 0
        if self._wish.gpu_layers >= 0:
            return min(self._wish.gpu_layers, everything)
        room = self._gpu_room()
        return next((n for n in range(everything, 0, -1) if self.gpu(n, self._least) <= room), 0)

    def tokens(self, layers: int) -> int:
        """As many tokens as fit on both sides, from the least to the most that can be of use."""
        fits = self._most
        if per_token := self._per_token(layers, on_gpu=True):
            fits = min(fits, int((self._gpu_room() - self.gpu(layers, 0)) / per_token))
        if per_token := self._per_token(layers, on_gpu=False):
            fits = min(fits, int(self._ram_room(layers) / per_token))
        if fits >= self._most:
            return self._most
        return max(fits // CELLS * CELLS, self._least)

    def gpu(self, layers: int, tokens: int) -> int:
        """What the last `layers` layers, their share of `tokens` and the computing take on the GPUs."""
        if not layers:
            return 0
        weights = sum(self._fixed[self._first(layers) :])
        output = self._facts.output_bytes + (self._facts.input_bytes if self._facts.tied else 0)
        weights += output if layers > self._facts.layers else 0
        return int(weights + self._per_token(layers, on_gpu=True) * tokens) + self._computing()

    def ram(self, layers: int, tokens: int) -> int:
        """What stays in main memory."""
        weights = self._facts.input_bytes + sum(self._fixed[: self._first(layers)])
        weights += self._facts.output_bytes if layers <= self._facts.layers else 0
        return int(weights + self._per_token(layers, on_gpu=False) * tokens) + self._computing()

    def shared(self, gpu_bytes: int) -> int:
        """How much of what the GPUs take is main memory."""
        total = sum(device.total for device in self._machine.devices) or 1
        ours = sum(device.total for device in self._machine.devices if device.shared)
        return gpu_bytes * ours // total

    def _first(self, layers: int) -> int:
        """The first layer that is on the GPU; llama.cpp begins at the end."""
        return max(self._facts.layers - layers, 0)

    def _per_token(self, layers: int, *, on_gpu: bool) -> float:
        first = self._first(layers)
        return sum(self._kv[first:] if on_gpu else self._kv[:first])

    def _gpu_room(self) -> int:
        """What all GPUs have left together. A layer lies on one of them, so each further one may waste as much."""
        devices = self._machine.devices
        left = sum(max(device.free - GPU_RESERVE, 0) for device in devices)
        return left - max(self._facts.layer_bytes, default=0) * max(len(devices) - 1, 0)

    def _ram_room(self, layers: int) -> float:
        """What conversations may have of main memory."""
        taken = self.ram(layers, 0) + self.shared(self.gpu(layers, self._least))
        left = self._machine.ram_free - RAM_RESERVE - self._wish.park_ram - taken
        return max(left, 0) * RAM_SHARE

    def _computing(self) -> int:
        """llama.cpp's compute buffer for one batch, at most: the words' scores and what is in flight in a layer."""
        numbers = self._facts.vocabulary + 2 * self._facts.inner + IN_FLIGHT * self._facts.width
        return 4 * BATCH * numbers
