"""A language model in this process, on llama.cpp: `LlamaChat` is the `ChatModel` that `engine/models/choose.py` opens.

chat.py      the async side: prompts in, pieces of text out
reading.py   a prompt as the model's own tokens
job.py       one reply: what it was asked with, how far it is
commands.py  what the engine's thread is told to do
loop.py      the engine's thread: who waits, who reads, who writes, one batch a step
pace.py      how much a step may read
metrics.py   what is counted, and how fast it was
cache.py     what was read and stays: seats of conversations, stems of characters, what is evicted and restored
shelf.py     what is parked: in memory, then on disk; keyed, checksummed, erased
             shelf_disk.py within a budget, shelf_folder.py the folder, shelf_file.py what stands in a file
context.py   llama.cpp's context: batches, sequences, states
sampler.py   how a token is chosen
model.py     a GGUF file: its vocabulary, its template, what it can do
trial.py     tries a file in a process of its own
library.py   loads llama.cpp itself
"""
