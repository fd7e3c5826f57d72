"""OpenAI-compatible servers: `open_servers` gives the `ChatModel` that `engine/models/choose.py` opens.

opening.py   opens the servers, or only looks at them; the SDK is imported there, not before
chat.py      prompts in, pieces of text out; who is asked next where a server fails
asked.py     one reply on its way: its deadline, what was tried
line.py      who waits for which server: places, priorities, least load, affinity
watch.py     looks at the servers in the background
server.py    one server: its client, what is known of it, how it fares
connections.py  to no other address, never endless
known.py     what software answers there, which model, how long a context
slots.py     which conversation is in which of llama-server's slots
request.py   a prompt and its sampling as the body of a request
reading.py   the stream of a reply as pieces of text
faults.py    what can go wrong, as sentences that say what to change
estimate.py  how many tokens a text has, without the model's tokenizer
json.py      what servers send, of which nothing is taken for granted
pace.py      how long things may take
"""

from __future__ import annotations

from engine.models.openai.opening import ServerReport, check_servers, open_servers

__all__ = ["ServerReport", "check_servers", "open_servers"]
