"""Models as people set them up: what is here, what this machine can run, fetching them, whether they work.

`chat.py`: language models.  `recall.py`: embedding models.  `pictures/`: picture models and what verifies, repairs and
enlarges pictures.  `bot/models/` and `bot/doctor.py` call them.
"""
