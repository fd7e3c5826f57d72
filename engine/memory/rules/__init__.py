"""Which sentences tell a fact, one file a subject; `engine/memory/facts.py` tries `ENGLISH`, then `ABROAD`."""
