"""What `benchmarks/chat.py` is made of.

clock.py    time by the wall and by the processor, and whose the processor was
words.py    prompts of so many tokens, the same ones for everybody
sides.py    who is compared: the product's `LlamaChat`, the high-level `Llama` behind a lock
server.py   … and llama-server of the same commit
scenes.py   what is played, round by round: talk, burst, coming back, a long newcomer
window.py   300 turns through the real planner, against a sliding window
figures.py  ratios, aims and the table
"""
