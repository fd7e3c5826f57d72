"""Routing: which model makes which picture on this machine. The studio asks `choose`, `selfsame models` shows `rows`."""
