"""The notice that this is an AI, and when it is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.safety.notices import NOTICE_EVERY, ai_notice, notice_due

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_notice_says_ai_and_not_a_person() -> None:
    notice = ai_notice("Maya")
    assert "Maya is an AI, not a person" in notice
    assert "adults" in notice


def test_a_name_cannot_break_the_notice() -> None:
    assert "\n" not in ai_notice("Ma\nya\r\n")
    assert ai_notice("  ").startswith("This character is an AI")


def test_due_at_first_contact_and_after_three_hours() -> None:
    assert notice_due(None, NOW)
    assert not notice_due(NOW, NOW)
    assert not notice_due(NOW - NOTICE_EVERY + timedelta(seconds=1), NOW)
    assert notice_due(NOW - timedelta(hours=3), NOW)


def test_a_clock_set_back_does_not_silence_it() -> None:
    assert notice_due(NOW + timedelta(days=400), NOW)
