"""The page: bot/app.py makes a `WebSurface`, wraps the door into `create_app`, and awaits `serve`."""
