"""The look at a reply's form while it is written; `engine/chat/reply.py` puts it between model and gate.

Only what no character would say is cut or written anew; what may be said at all is for `engine/safety` to judge. A false
alarm is worse than a miss: an innocent reply passes as it is, and at once.

watch.py      the guard: filters one behind the other, and the review at the end
filters.py    what all filters are: pieces in, pieces out
talk.py       what it knows of the talk, and what it says of a reply
marks.py      leaked marks of chat templates
labels.py     lines in somebody else's name
repeats.py    what was said a moment ago
language.py   a language that nobody here writes;  languages.py: its words and scripts
loops.py      going round in circles
ending.py     what was broken off
"""

from engine.chat.guard.talk import Fault as Fault
from engine.chat.guard.talk import Reviewed as Reviewed
from engine.chat.guard.talk import Talk as Talk
from engine.chat.guard.watch import Guard as Guard
