"""The stage sets of the illustrator: one SVG file per place, their words and light in TOML, and what draws them.

`scene.py` is the only door; a designer edits the `.svg` and `.toml` files here without touching Python.
"""
