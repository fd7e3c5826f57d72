"""Marks of chat templates that a model leaks: before the reply they are left out, behind it they end it."""

from __future__ import annotations

import re

# The characters of a mark's name: no template has spaces in it, and code such as "<| f |>" does.
NAME = r"[^\s|｜<>]{1,40}"
LITERALS = (
    "<s>",
    "</s>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<im_start>",
    "<im_end>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<<sys>>",
    "<</sys>>",
    "[inst]",
    "[/inst]",
    "[system_prompt]",
    "[/system_prompt]",
    "[available_tools]",
    "[tool_calls]",
    "<think>",
    "</think>",
    "<thinking>",
    "</thinking>",
    "[think]",
    "[/think]",
)
# A mark in backticks is talked about, not leaked.
MARK = re.compile(
    rf"(?<!`)(?:<[|｜]{NAME}[|｜]>|{'|'.join(map(re.escape, LITERALS))})",
    re.IGNORECASE,
)
PARTIAL = re.compile(r"<[|｜][^\s|｜<>]{0,40}[|｜]?\Z")
OPENERS = re.compile(r"[<\[]")
# The longest mark: what is held back for more than that is none.
LONGEST = 44
# Behind these comes who speaks, or on which channel.
HEADERS = frozenset(
    {"<|im_start|>", "<|start_header_id|>", "<|start|>", "<|channel|>", "<start_of_turn>", "<im_start>"}
)
SPEAKERS = ("assistant", "model", "final", "analysis", "commentary", "user", "system", "human")
ROLE = re.compile(rf"\s*(?:{'|'.join(SPEAKERS)})(?=\s|<|\Z)[ \t]*\n?", re.IGNORECASE)
STRANGERS = frozenset({"user", "system", "human"})
# What a model thinks goes on until one of these; nobody is shown it.
THOUGHTS = frozenset({"<think>", "<thinking>", "[think]", "analysis", "commentary"})
THOUGHTS_END = re.compile(r"</think(?:ing)?>|\[/think\]|<\|channel\|>\s*final\s*<\|message\|>", re.IGNORECASE)
LONGEST_END = 40


class Marks:
    """Lets no mark of a template through."""

    def __init__(self) -> None:
        self.ended = False
        self._held = ""
        self._last = ""  # the character that passed last
        self._begun = False
        self._role_comes = False
        self._thinking = False
        self._striking = False

    def feed(self, text: str) -> str:
        """The text up to a mark, or up to what may become one."""
        self._held += text.replace("\x00", "")
        return self._go()

    def close(self) -> str:
        """What looked like the beginning of a mark and was none."""
        self._role_comes = False
        passed = self._go() + ("" if self.ended or self._thinking else self._held)
        self._held = ""
        return passed

    def _go(self) -> str:
        passed: list[str] = []
        while self._held and not self.ended and (step := self._step()) is not None:
            passed.append(step)
        return "".join(passed)

    def _step(self) -> str | None:
        """One move: out of a thought, over a role, to a mark, or as far as there is none. None if more has to come."""
        if self._thinking:
            return self._think()
        if self._role_comes and not self._begun:
            return self._role()
        if "<" not in self._held and "[" not in self._held:
            return self._pass(len(self._held))
        found = MARK.search(self._last + self._held, len(self._last))
        if found is None:
            return self._pass(safe) if (safe := _safe_length(self._held)) else None
        start, end = found.start() - len(self._last), found.end() - len(self._last)
        mark = found[0].lower()
        if self._begun or self._held[:start].strip():
            if self._struck_out(mark):
                return self._pass(end)
            self.ended = True
            return self._pass(start)
        self._held = self._held[end:]
        self._role_comes = mark in HEADERS
        self._thinking = mark in THOUGHTS
        return ""

    def _struck_out(self, mark: str) -> bool:
        """Whether it is HTML that strikes words out, which looks like a mark: "<s>Monday</s> Tuesday"."""
        opened, self._striking = self._striking, mark == "<s>"
        return mark == "<s>" or (mark == "</s>" and opened)

    def _think(self) -> str | None:
        end = THOUGHTS_END.search(self._held)
        if end is None:
            self._held = self._held[-LONGEST_END:]
            return None
        self._held, self._thinking = self._held[end.end() :], False
        return ""

    def _role(self) -> str | None:
        """Leave out the name of a role; the reply is over before it began where that is somebody else's."""
        plain = self._held.strip().lower()
        if not self._held[-1:].isspace() and any(speaker.startswith(plain) for speaker in SPEAKERS):
            return None
        self._role_comes = False
        role = ROLE.match(self._held)
        if role is None:
            return ""
        name = role[0].strip().lower()
        self._held = self._held[role.end() :]
        self.ended, self._thinking = name in STRANGERS, name in THOUGHTS
        return ""

    def _pass(self, length: int) -> str:
        passed, self._held = self._held[:length], self._held[length:]
        self._last = passed[-1:] or self._last
        self._begun = self._begun or bool(passed.strip())
        return passed


def _safe_length(text: str) -> int:
    """How much of a text without a mark cannot be the beginning of one."""
    for opener in OPENERS.finditer(text, max(0, len(text) - LONGEST)):
        tail = text[opener.start() :].lower()
        if PARTIAL.match(tail) or any(literal.startswith(tail) for literal in LITERALS):
            return opener.start()
    return len(text)
