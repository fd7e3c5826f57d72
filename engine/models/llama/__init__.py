"""A language model in this process, on llama.cpp: `LlamaChat` is the `ChatModel` that `engine/models/choose.py` opens.

chat.py      the async side: prompts in, pieces of text out
loop.py      the engine's thread: who waits, who reads, who writes, one batch a step
cache.py     what was read and stays: seats of conversations, stems of characters, what is evicted and restored
shelf.py     what is parked: in memory, then on disk; keyed, checksummed, erased
             shelf_disk.py within a budget, shelf_folder.py the folder, shelf_file.py what stands in a file
context.py   llama.cpp's context: batches, sequences, states
sampler.py   how a token is chosen
model.py     a GGUF file: its vocabulary, its template, what it can do
library.py   loads llama.cpp itself
"""
