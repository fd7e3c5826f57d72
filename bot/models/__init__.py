"""`selfsame models`: what is here, what this machine can run, fetching it, whether it is whole.

`chat.py`, `recall.py`, `pictures.py`: the three kinds of models.  `configure.py`: the configuration file.  `window.py`:
tables and bars.
"""
