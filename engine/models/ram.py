"""How much main memory this machine, or the container we are in, has. `machine.py` and `engine/images/device/` ask."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# macOS does not say how much is free; of its memory this share may be used by the GPU at once, so we take no more.
MAC_SHARE = 0.7
CGROUP = Path("/sys/fs/cgroup")


def memory() -> tuple[int, int]:
    """Bytes of main memory: all, and what can be used without pushing anything out."""
    if sys.platform == "win32":
        return _windows_memory()
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "darwin":
        return total, int(total * MAC_SHARE)
    free = _meminfo("MemAvailable", total)
    limit = _limit()
    if limit is None:
        return total, free
    return min(total, limit[0]), max(min(free, limit[0] - limit[1]), 0)


def _meminfo(name: str, default: int) -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return default


def _limit() -> tuple[int, int] | None:
    """What a container allows and has in use, in bytes; None without a limit."""
    try:
        allowed = (CGROUP / "memory.max").read_text(encoding="ascii").strip()
        used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
        idle = next(
            int(line.split()[1])
            for line in (CGROUP / "memory.stat").read_text(encoding="ascii").splitlines()
            if line.startswith("inactive_file ")
        )
    except (OSError, ValueError, StopIteration):
        return None
    return None if allowed == "max" else (int(allowed), max(used - idle, 0))


def _windows_memory() -> tuple[int, int]:
    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *[(name, ctypes.c_ulonglong) for name in ("total", "free", "a", "b", "c", "d", "e")],
        ]

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.total), int(status.free)
