"""Models stay loaded within the memory there is, and come down the ladder when it runs out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import CancelledError, RenderError, VramError, WeightsError
from engine.images.device.ladder import (
    RECONSIDER,
    LadderBook,
    RestartNeeded,
    Rung,
    Trouble,
    attempt,
    shrunk,
    trouble_of,
)
from engine.images.device.room import CARD_RESERVE, Room, need_of
from engine.images.device.warm import FAMILIES, Warm
from engine.images.pipelines.facts import facts_of, families
from engine.images.pipelines.folders import folder_of
from engine.images.pipelines.port import Canvas, Patch, Precision, Workshop
from engine.models.lease import VramLedger
from tests.engine.images.device.families import TABLE, Klein, OutOfMemoryError

GB = 10**9
MIB = 2**20


class Bystander:
    """Watches, and hears."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []
        self.heard: list[str] = []
        self.cancel = False

    def step(self, done: int, of: int) -> None:
        if self.cancel:
            raise CancelledError
        self.steps.append((done, of))

    def preview(self, image: Image.Image) -> None:
        pass

    def say(self, words: str) -> None:
        self.heard.append(words)


class Bench:
    """A card (or main memory) of so many gigabytes that fills as models are loaded on it."""

    def __init__(self, data: Path, card: str, gigabytes: float, limit_mb: int = 0) -> None:
        config = ImagesConfig().model_copy(update={"vram_mb": limit_mb})
        device = "cuda:0" if card else "cpu"
        self.workshop = Workshop(data, config, ComfyConfig(), ImageServerConfig(), device=device, card=card)
        self.total, self.taken, self.now = round(gigabytes * GB / MIB), 0, 1000.0
        self.watch = Bystander()
        self.warm = self.anew()

    def anew(self) -> Warm:
        """The renderers of a new process."""
        return Warm(self.workshop, TABLE, room=self.room, clock=lambda: self.now)

    def room(self) -> Room:
        held = sum(need_of(facts_of(name), how, self.folder(name)) for name, how in self.held())
        return Room(self.total, self.total - held - self.taken, CARD_RESERVE)

    def held(self) -> Sequence[tuple[str, Precision]]:
        return self.warm.warm if hasattr(self, "warm") else ()

    def folder(self, name: str) -> Path:
        return folder_of(facts_of(name), self.workshop.config, self.workshop.data)

    def lay(self, *names: str, share: float = 1.0) -> None:
        """Put folders there of the families' own sizes; files without content take no room on the disk."""
        for name in names:
            folder = self.folder(name)
            folder.mkdir(parents=True)
            with (folder / "weights").open("wb") as file:
                file.truncate(round(facts_of(name).gigabytes * GB * share))

    def render(
        self, name: str, words: str = "", *, size: int = 1024, count: int = 1, how: Precision = Precision.BF16
    ) -> list[Image.Image]:
        canvases = [Canvas(words, seed, size, size, 4, 1.0) for seed in range(count)]
        return self.warm.render(name, how, canvases, self.watch)


@pytest.fixture
def log() -> Iterator[list[str]]:
    Klein.log.clear()
    Klein.no_memory.clear()
    yield Klein.log
    Klein.log.clear()
    Klein.no_memory.clear()


@pytest.fixture
def card(tmp_path: Path, log: list[str]) -> Bench:
    bench = Bench(tmp_path, "CUDA0", 24)
    bench.lay("klein", "sdxl", "z_image")
    return bench


def loads(log: list[str]) -> list[str]:
    return [line for line in log if line.startswith(("load", "close"))]


# ---------------------------------------------------------------- kept warm


def test_a_model_is_loaded_once_and_says_so(card: Bench, log: list[str]) -> None:
    (first,) = card.render("klein")
    (second,) = card.render("klein")
    assert first.size == (1024, 1024)
    assert first.tobytes() == second.tobytes()
    assert loads(log) == ["load klein bf16 with NONE"]
    assert card.watch.heard == ["loading FLUX.2 klein 4B"]


def test_the_least_recently_used_makes_room(card: Bench, log: list[str]) -> None:
    card.render("klein", how=Precision.NF4)  # 7 GB
    card.render("z_image", how=Precision.NF4)  # 8 GB
    card.render("klein", how=Precision.NF4)
    card.render("sdxl")  # 10 GB: of 24 GB there are 9 left
    assert card.warm.warm == (("klein", Precision.NF4), ("sdxl", Precision.BF16))
    assert "close z_image" in log
    assert "close klein" not in log


def test_precisions_of_a_family_are_models_of_their_own(card: Bench) -> None:
    card.render("klein", how=Precision.FP8)
    card.render("klein", how=Precision.NF4)
    assert len(card.warm.warm) == 2


def test_the_settings_limit_holds(tmp_path: Path, log: list[str]) -> None:
    bench = Bench(tmp_path, "CUDA0", 141, limit_mb=14_000)
    bench.lay("klein", "z_image")
    bench.render("klein", how=Precision.NF4)
    bench.render("z_image", how=Precision.NF4)
    assert bench.warm.warm == (("z_image", Precision.NF4),)


def test_what_others_use_of_the_card_counts(card: Bench, log: list[str]) -> None:
    card.render("klein", how=Precision.NF4)
    card.taken = round(12 * GB / MIB)  # a game, say
    card.render("z_image", how=Precision.NF4)
    assert card.warm.warm == (("z_image", Precision.NF4),)


def test_closing_gives_all_of_it_back(card: Bench) -> None:
    card.render("klein")
    card.render("sdxl", how=Precision.FP8)
    ledger = VramLedger(card.workshop.data / "gpu")
    assert ledger.promised() == {"CUDA0": round(13.0 * GB / MIB) + round(8.0 * GB / MIB)}
    card.warm.close()
    assert card.warm.warm == ()
    assert ledger.promised() == {}


def test_a_model_that_does_not_fit_whole_is_loaded_block_by_block(tmp_path: Path, log: list[str]) -> None:
    bench = Bench(tmp_path, "CUDA0", 12)
    bench.lay("klein")
    bench.render("klein")
    assert loads(log) == ["load klein bf16 with OFFLOAD"]
    assert log[-1] == "render 1 at 1024 with OFFLOAD"


def test_a_model_that_does_not_fit_at_all_is_refused_with_what_it_needs(
    tmp_path: Path, log: list[str]
) -> None:
    bench = Bench(tmp_path, "CUDA0", 6)
    bench.lay("klein")
    with pytest.raises(
        VramError, match=r"FLUX.2 klein 4B in bf16 needs 6\.5 GB of the card's memory, and 5\.2 GB"
    ):
        bench.render("klein")
    assert loads(log) == []


def test_on_the_processor_the_budget_is_main_memory(tmp_path: Path, log: list[str]) -> None:
    bench = Bench(tmp_path, "", 16)
    bench.lay("klein")
    with pytest.raises(VramError, match=r"in fp32 needs 26\.0 GB of main memory"):
        bench.render("klein", how=Precision.FP32)
    bench.render("klein")
    assert VramLedger(tmp_path / "gpu").promised() == {}, "main memory is not leased"


def test_a_small_model_of_a_family_needs_as_much_less(tmp_path: Path, log: list[str]) -> None:
    bench = Bench(tmp_path, "", 2)
    bench.lay("klein", share=0.0001)
    assert bench.render("klein", how=Precision.FP32)


def test_missing_weights_push_nobody_out(card: Bench) -> None:
    card.render("klein")
    with pytest.raises(WeightsError):
        card.render("kontext")
    assert card.warm.warm == (("klein", Precision.BF16),)


def test_a_server_takes_no_memory_of_ours(card: Bench) -> None:
    card.render("comfyui")
    assert VramLedger(card.workshop.data / "gpu").promised() == {}
    assert card.watch.heard == []


def test_every_family_has_its_place_in_the_table() -> None:
    assert set(FAMILIES) == set(families())


# ---------------------------------------------------------------- shared with the language model


def test_a_language_model_on_the_same_card_is_respected(card: Bench, log: list[str]) -> None:
    ledger = VramLedger(card.workshop.data / "gpu")
    lease = ledger.take("language model", {"CUDA0": 14_000}, {"CUDA0": 24_000})
    assert lease is not None
    card.render("klein")
    assert loads(log) == ["load klein bf16 with OFFLOAD"], "half of it fits beside the language model"
    card.warm.close()
    lease.release()
    card.render("klein")
    assert loads(log)[-1] == "load klein bf16 with NONE"


def test_a_card_that_is_promised_away_is_said(card: Bench) -> None:
    lease = VramLedger(card.workshop.data / "gpu").take(
        "language model", {"CUDA0": 20_000}, {"CUDA0": 24_000}
    )
    assert lease is not None
    with pytest.raises(VramError, match=r"in use by: language model"):
        card.render("klein")
    lease.release()


def test_a_lease_ends_with_its_process(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from tests.engine.images.device.test_warm import Bench
bench = Bench(Path({str(tmp_path)!r}), "CUDA0", 24)
bench.lay("klein")
bench.render("klein")
print("leased", flush=True)
input()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"leased"
    ledger = VramLedger(tmp_path / "gpu")
    assert ledger.promised()["CUDA0"] > 12_000
    process.kill()
    process.communicate()
    assert ledger.promised() == {}


# ---------------------------------------------------------------- the ladder


@pytest.mark.parametrize(
    ("words", "size", "last"),
    [
        ("fits relief 1", 1024, "render 1 at 1024 with TILING"),
        ("fits relief 2", 1024, "render 1 at 1024 with OFFLOAD"),
        ("fits size 800", 768, "render 1 at 768 with OFFLOAD"),
        ("fits size 512", 512, "render 1 at 512 with OFFLOAD"),
    ],
)
def test_each_rung_is_tried_until_one_holds(
    card: Bench, log: list[str], words: str, size: int, last: str
) -> None:
    (image,) = card.render("klein", words)
    assert image.size == (size, size)
    assert log[-1] == last
    card.render("klein")
    assert log[-1] == last, "it stays where it held"
    assert loads(log) == ["load klein bf16 with NONE"], "nothing is loaded again"


def test_a_batch_is_split_before_anything_gets_worse(card: Bench, log: list[str]) -> None:
    images = card.render("klein", "fits batch 1", count=4)
    assert [image.getpixel((0, 0)) for image in images] == [(seed, 0, 0) for seed in range(4)]
    assert [line for line in log if line.startswith("render")] == [
        "render 4 at 1024 with NONE",
        "render 2 at 1024 with NONE",
        *["render 1 at 1024 with NONE"] * 4,
    ]


def test_idle_models_go_before_anything_gets_worse(card: Bench, log: list[str]) -> None:
    card.render("z_image", how=Precision.NF4)
    with pytest.raises(RestartNeeded):
        card.render("klein", "fits never", how=Precision.NF4)
    assert log.index("close z_image") < log.index("relieve TILING")


def test_what_a_renderer_cannot_do_is_left_out(card: Bench, log: list[str]) -> None:
    card.render("sdxl", "fits relief 2")
    assert "relieve TILING" not in log
    assert log[-1] == "render 1 at 1024 with OFFLOAD"


def test_small_pictures_are_not_made_smaller(card: Bench, log: list[str]) -> None:
    with pytest.raises(RestartNeeded):
        card.render("klein", "fits never", size=256)
    assert all("at 256" in line for line in log if line.startswith("render"))


def test_at_its_end_the_ladder_asks_for_another_process_which_begins_there_and_then_says_so(
    card: Bench, log: list[str]
) -> None:
    with pytest.raises(RestartNeeded) as met:
        card.render("klein", "fits never")
    need = met.value
    assert (need.trouble, need.family, need.precision, need.rung) == (
        Trouble.MEMORY,
        "klein",
        Precision.BF16,
        Rung.SMALLEST,
    )
    book = LadderBook(card.workshop.data, "CUDA0", lambda: card.now)
    book.note(need, ["job-1"])
    assert book.restarted("job-1")
    assert not book.restarted("job-2")
    card.warm.close()
    log.clear()
    card.warm = card.anew()
    (image,) = card.render("klein")
    assert image.size == (512, 512)
    assert loads(log) == ["load klein bf16 with OFFLOAD"]
    card.warm.close()
    card.warm = card.anew()
    with pytest.raises(VramError, match="needs more memory than the graphics card has"):
        card.render("klein", "fits never")


def test_after_hours_the_ladder_is_climbed_again(card: Bench, log: list[str]) -> None:
    card.render("klein", "fits relief 2")
    card.now += RECONSIDER + 1
    card.render("klein")
    assert log[-2:] == ["load klein bf16 with NONE", "render 1 at 1024 with NONE"]


def test_memory_that_runs_out_in_loading_is_met_too(card: Bench, log: list[str]) -> None:
    Klein.no_memory.append("Cannot allocate memory")
    card.render("klein")
    assert loads(log) == ["load klein bf16 with NONE", "load klein bf16 with OFFLOAD"]
    assert len(VramLedger(card.workshop.data / "gpu").rows()) == 1


def test_a_fault_of_the_card_ends_the_process_at_once(card: Bench, log: list[str]) -> None:
    with pytest.raises(RestartNeeded) as met:
        card.render("klein", "raise CUDA error: device-side assert triggered")
    assert met.value.trouble is Trouble.FAULT
    assert met.value.rung is Rung.FULL
    assert len([line for line in log if line.startswith("render")]) == 1


def test_other_errors_and_cancelling_go_through_and_the_model_stays(card: Bench, log: list[str]) -> None:
    with pytest.raises(RuntimeError, match="shapes"):
        card.render("klein", "raise shapes do not fit")
    card.watch.cancel = True
    with pytest.raises(CancelledError):
        card.render("klein")
    card.watch.cancel = False
    card.render("klein")
    assert loads(log) == ["load klein bf16 with NONE"]


def test_the_same_request_gives_the_same_pictures_after_the_ladder(card: Bench) -> None:
    first = card.render("klein", "fits relief 1", count=3)
    again = card.render("klein", "fits relief 1", count=3)
    assert [one.tobytes() for one in first] == [one.tobytes() for one in again]


# ---------------------------------------------------------------- what is known of troubles


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OutOfMemoryError(), Trouble.MEMORY),
        (MemoryError(), Trouble.MEMORY),
        (OSError(12, "Cannot allocate memory"), Trouble.MEMORY),
        (RuntimeError("CUDA error: out of memory"), Trouble.MEMORY),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory"),
            Trouble.MEMORY,
        ),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), Trouble.MEMORY),
        (RuntimeError("Failed to allocate memory for requested buffer of size 4096"), Trouble.MEMORY),
        (RuntimeError("CUDA error: device-side assert triggered"), Trouble.FAULT),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), Trouble.FAULT),
        (RuntimeError("shapes cannot be multiplied"), None),
        (ValueError("no"), None),
        (OSError(2, "No such file"), None),
        (RenderError("The server says: out of memory."), None),
        (CancelledError(), None),
    ],
)
def test_troubles_are_known_by_their_names_and_words(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


def test_a_trouble_is_known_behind_a_sentence() -> None:
    error = WeightsError("The files cannot be loaded.")
    error.__cause__ = OutOfMemoryError()
    assert trouble_of(error) is Trouble.MEMORY


def test_nothing_of_a_failed_attempt_is_held_when_memory_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    import weakref

    class Tensor:
        pass

    alive: list[weakref.ref[Tensor]] = []
    swept: list[bool] = []

    def call() -> None:
        tensor = Tensor()
        alive.append(weakref.ref(tensor))
        raise OutOfMemoryError

    monkeypatch.setattr("engine.images.device.ladder.sweep", lambda: swept.append(alive[0]() is None))
    assert attempt(call) is Trouble.MEMORY
    assert swept == [True]


def test_a_smaller_canvas_keeps_its_patch_and_its_multiples() -> None:
    patch = Patch(Image.new("RGB", (1000, 512)), Image.new("L", (1000, 512)), 0.5)
    canvas = Canvas("", 1, 1000, 512, 4, 1.0, patch=patch)
    (smaller,) = shrunk([canvas], 0.75, 16) or ()
    assert (smaller.width, smaller.height) == (736, 384)
    assert smaller.patch is not None
    assert smaller.patch.image.size == smaller.patch.mask.size == (736, 384)
    assert shrunk([replace(canvas, width=256)], 0.75, 16) is None


# ---------------------------------------------------------------- the book


def test_the_book_survives_what_is_not_its_own(tmp_path: Path) -> None:
    book = LadderBook(tmp_path, "cpu")
    need = RestartNeeded(Trouble.MEMORY, "klein", Precision.BF16, Rung.OFFLOAD)
    book.note(need, ["job"])
    path = tmp_path / "images" / "ladder.json"
    assert json.loads(path.read_text())["rungs"]
    assert list(path.parent.glob("*.tmp")) == []
    assert LadderBook(tmp_path, "CUDA1").rung("klein", Precision.BF16) is Rung.FULL, "each device has its own"
    for broken in ("{half", "[]", '{"rungs": 3}'):
        path.write_text(broken)
        assert book.rung("klein", Precision.BF16) is Rung.FULL
        assert not book.restarted("job")
    book.note(need, ["job"])
    assert book.rung("klein", Precision.BF16) is Rung.OFFLOAD


def test_a_warming_up_that_killed_the_process_is_not_tried_by_the_next(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from engine.images.device.ladder import LadderBook
with LadderBook(Path({str(tmp_path)!r}), "cpu").warming() as go:
    assert go
    os._exit(9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    book = LadderBook(tmp_path, "cpu")
    with book.warming() as go:
        assert not go
    with book.warming() as go:
        assert go
