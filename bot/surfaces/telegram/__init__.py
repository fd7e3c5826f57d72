"""Telegram as a surface: updates in, messages and edits out. Translates only; commands decide."""
