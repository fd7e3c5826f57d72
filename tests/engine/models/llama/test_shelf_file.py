"""The file of a parked state: what was written comes back, and nothing else ever does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.llama import shelf_file
from engine.models.llama.shelf_file import BrokenError, Checksum, Cipher, Format, Seal, State, StrangeError

CIPHER = Cipher("swordfish", b"0123456789abcdef")
SEALS = [pytest.param(Checksum(), id="checksum"), pytest.param(CIPHER, id="cipher")]
SMALL = State(np.array([7, 8, 9], np.int32), 1, b"the state of a conversation")


def form(seal: Seal, scope: str = "model") -> Format:
    return Format(seal, seal.digest(scope))


def written(form: Format, name: str, state: State) -> bytes:
    return b"".join(map(bytes, form.parts(name, state)))


def read(path: Path, form: Format, name: str) -> State:
    with path.open("rb") as file:
        return form.state(file, name)


def refused(path: Path, content: bytes, form: Format, name: str = "maya") -> bool:
    path.write_bytes(content)
    try:
        read(path, form, name)
    except (BrokenError, StrangeError):
        return True
    return False


@pytest.fixture
def parts_of_64_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_file, "_PART", 64)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states") / "state.kv"


states = st.builds(
    lambda tokens, skipped, data: State(np.array(tokens, np.int32), min(skipped, len(tokens)), data),
    st.lists(st.integers(-(2**31), 2**31 - 1), max_size=40),
    st.integers(0, 40),
    st.binary(max_size=300),
)


@pytest.mark.parametrize("seal", SEALS)
@pytest.mark.usefixtures("parts_of_64_bytes")
def test_what_is_written_comes_back(seal: Seal, path: Path) -> None:
    @settings(max_examples=60, deadline=None)
    @given(name=st.text(min_size=1, max_size=40).filter(_encodes), state=states)
    def check(name: str, state: State) -> None:
        content = written(form(seal), name, state)
        path.write_bytes(content)
        back = read(path, form(seal), name)
        assert len(content) == form(seal).length(name, state)
        assert (back.tokens.tolist(), back.skipped, bytes(back.data)) == (
            state.tokens.tolist(),
            state.skipped,
            bytes(state.data),
        )
        with path.open("rb") as file:
            label = form(seal).label(file)
        assert (label.name, label.tokens.tolist(), label.skipped) == (
            name,
            state.tokens.tolist(),
            state.skipped,
        )

    check()


def _encodes(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@pytest.mark.parametrize("seal", SEALS)
@pytest.mark.usefixtures("parts_of_64_bytes")
def test_cut_off_anywhere_it_is_refused(seal: Seal, path: Path) -> None:
    content = written(form(seal), "maya", State(SMALL.tokens, 1, bytes(200)))
    assert not refused(path, content, form(seal))
    for length in range(len(content)):
        assert refused(path, content[:length], form(seal)), length
    assert refused(path, content + b"x", form(seal))


@pytest.mark.parametrize("seal", SEALS)
def test_one_flipped_bit_anywhere_is_refused(seal: Seal, path: Path) -> None:
    content = written(form(seal), "maya", SMALL)
    for place in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        assert refused(path, bytes(flipped), form(seal)), place


@pytest.mark.parametrize("seal", SEALS)
@pytest.mark.usefixtures("parts_of_64_bytes")
def test_parts_of_two_files_make_no_third(seal: Seal, path: Path) -> None:
    state = State(SMALL.tokens, 1, bytes(range(160)))
    one, two = (written(form(seal), "maya", state) for _ in range(2))
    for cut in range(108, len(one)):
        assert refused(path, one[:cut] + two[cut:], form(seal)), cut
    # Nor do the parts of one file in another order: 64 bytes and a tag of 16 each.
    data = len(one) - 160 - 3 * 16
    swapped = one[:data] + one[data + 80 : data + 160] + one[data : data + 80] + one[data + 160 :]
    assert refused(path, swapped, form(seal))


@pytest.mark.parametrize("seal", SEALS)
def test_it_is_for_one_name_and_one_scope(seal: Seal, path: Path) -> None:
    content = written(form(seal), "maya", SMALL)
    assert refused(path, content, form(seal), name="noor")
    assert refused(path, content, form(seal, "another model"))


def test_a_passphrase_is_a_scope_of_its_own(path: Path) -> None:
    content = written(form(CIPHER), "maya", SMALL)
    for other in (
        Checksum(),
        Cipher("Swordfish", b"0123456789abcdef"),
        Cipher("swordfish", b"another salt...."),
    ):
        assert refused(path, content, form(other))


def test_with_a_passphrase_nothing_can_be_read() -> None:
    content = written(form(CIPHER), "maya", SMALL)
    assert b"maya" not in content
    assert SMALL.tokens.tobytes() not in content
    assert bytes(SMALL.data)[:8] not in content
    # The same state is never written alike twice.
    assert content[108:] != written(form(CIPHER), "maya", SMALL)[108:]


def test_lengths_that_the_file_does_not_have_take_no_memory(path: Path) -> None:
    content = bytearray(written(form(Checksum()), "maya", SMALL))
    content[104:108] = b"\xff\xff\xff\x7f"  # the upper half of the data's length
    assert refused(path, bytes(content), form(Checksum()))
