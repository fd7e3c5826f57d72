"""Written dialogues with the facts that a careful friend would keep, for `benchmarks/facts.py`.

`{language}_dev.jsonl` is what rules are made with; `{language}_check.jsonl` is held back, and nobody tunes on it.
"""
