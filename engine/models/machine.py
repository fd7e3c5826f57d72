"""What this machine has: memory, processors, GPUs as llama.cpp sees them. `gpu.py` plans with it; nothing is changed."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import logging
import os
from dataclasses import dataclass
from typing import Any

from engine.models.ram import memory

log = logging.getLogger(__name__)

# Never "selfsame[llm]": on the package index that name is somebody else's.
INSTALL_LLM = (
    'In Selfsame\'s folder: make llm, or pip install ".[llm]" (docs/models.md says how for your GPU).'
)
# ggml's kinds of devices that compute in memory of their own, and in the machine's.
GPU, SHARED_GPU = 1, 2
# Metal's devices call themselves GPUs, but their memory is the machine's.
METAL = ("MTL", "Metal")


@dataclass(frozen=True, slots=True)
class Device:
    """A GPU. Memory in bytes; `shared`: it is the machine's own memory."""

    name: str  # as llama.cpp calls it, e.g. "CUDA0"
    title: str  # as its maker calls it
    free: int
    total: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes; what is free now can be used without pushing anything out."""

    ram: int
    ram_free: int
    cores: int
    devices: tuple[Device, ...] = ()

    @property
    def vram_free(self) -> int:
        """What all GPUs have free together."""
        return sum(device.free for device in self.devices)


def look_around() -> Machine:
    """This machine as it is now. Without the extra [llm] no GPU is seen. Blocks for up to a second."""
    total, free = memory()
    return Machine(total, free, os.cpu_count() or 1, _devices())


def llama_is_here() -> bool:
    """Whether the extra [llm] is installed, without loading it."""
    return importlib.util.find_spec("llama_cpp") is not None


def _devices() -> tuple[Device, ...]:
    """The GPUs that llama.cpp was built for and finds."""
    if not llama_is_here():
        return ()
    try:
        library = _ggml()
    except (ImportError, OSError, RuntimeError) as error:
        log.warning(
            "llama.cpp is installed but cannot be loaded (%s): install it anew.", type(error).__name__
        )
        return ()
    handles = [library.ggml_backend_dev_get(at) for at in range(library.ggml_backend_dev_count())]
    return tuple(
        _device(library, handle)
        for handle in handles
        if library.ggml_backend_dev_type(handle) in (GPU, SHARED_GPU)
    )


def _device(library: Any, handle: int) -> Device:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    library.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    name = library.ggml_backend_dev_name(handle).decode("utf-8", "replace")
    title = library.ggml_backend_dev_description(handle).decode("utf-8", "replace")
    shared = library.ggml_backend_dev_type(handle) == SHARED_GPU or name.startswith(METAL)
    return Device(name, title, free.value, total.value, shared)


def _ggml() -> Any:
    """ggml's own calls about devices, from the library that llama-cpp-python brings."""
    from engine.models.llama.library import library as llama  # numpy and llama.cpp are extras

    llama()
    own = importlib.import_module("llama_cpp._ggml")
    library = own.libggml
    if not hasattr(
        library, "ggml_backend_dev_memory"
    ):  # Windows does not look into the libraries of a library
        base = own.ctypes_ext.load_shared_library("ggml-base", own.libggml_base_path)
        return _described(_Both(library, base))
    return _described(library)


class _Both:
    """Two libraries that are asked one after the other."""

    def __init__(self, first: Any, second: Any) -> None:
        self._libraries = (first, second)

    def __getattr__(self, name: str) -> Any:
        found = next(getattr(one, name) for one in self._libraries if hasattr(one, name))
        setattr(self, name, found)
        return found


def _described(library: Any) -> Any:
    """The calls with what they take and give."""
    handle, size = ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)
    for name, takes, gives in (
        ("ggml_backend_dev_count", [], ctypes.c_size_t),
        ("ggml_backend_dev_get", [ctypes.c_size_t], handle),
        ("ggml_backend_dev_type", [handle], ctypes.c_int),
        ("ggml_backend_dev_name", [handle], ctypes.c_char_p),
        ("ggml_backend_dev_description", [handle], ctypes.c_char_p),
        ("ggml_backend_dev_memory", [handle, size, size], None),
    ):
        call = getattr(library, name)
        call.argtypes, call.restype = takes, gives
    return library
