"""Picture models as people set them up: `selfsame models`, `selfsame models pull`, `verify`, and the doctor's lines.

known.py     everything that can be fetched: families, what sees references, what verifies, repairs, enlarges
select.py    which files of a repository a family needs
pull.py      fetching one, or the set for this machine
survey.py    what is here, used, accepted, and what fits this machine
verify.py    whether what is here is whole, and whether it loads (engine/images/trial.py)
examine.py   whether pictures will work
"""
