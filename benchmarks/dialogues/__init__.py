"""Written dialogues with the facts that a careful friend would keep, for `benchmarks/facts.py`.

`{language}_dev.jsonl` and `{language}_dev2.jsonl`, by somebody who had not seen the rules, are what rules are made with; `{language}_check.jsonl` is held back, and nobody tunes on it.
"""
