"""A conversation history from elsewhere becomes memory with sources.

`formats.py` finds out what a file is by its content, and its reader (`sillytavern.py`, `discord_package.py`, `plain.py`,
`objects.py`) gives its lines one after the other; `source.py` is all that touches the file, and never unpacks it to
disk. `speakers.py` decides which lines are the person's and which the character's, `sieve.py` what is kept of them, and
`importing.py` tells the whole story: lines → gate → store → facts. `tray.py` is where surfaces put what people send.
"""
