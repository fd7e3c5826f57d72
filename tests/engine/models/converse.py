"""Hold a 30-turn conversation with each persona and print it, to be read: `python -m tests.engine.models.converse`."""

from __future__ import annotations

import sys

from tests.engine.models.personas import PERSONAS, Talk

SCRIPT = (
    "Hi there!", "I'm Sam, by the way.", "How are you tonight?", "Long day. I had a job interview and it went badly.", "Three people in suits. They asked about the gap in my CV.",
    "Yeah.", "My dog Biscuit was happy to see me at least.", "What do you do, actually?", "That sounds lovely. Do you like it?", "I work as a nurse, nights mostly.",
    "I can't sleep after a shift.", "Tell me a story?", "go on", "haha", "Where are you from?", "I made pasta with my sister Anna on Sunday.", "She burned the sauce.",
    "What's my dog called?", "And what's my cat called?", "Are you a real person?", "Hm. ok", "Do you like jazz?", "What are you afraid of?", "I think I'm falling for someone at work.",
    "His name is Noah. He hums in the corridor.", "should I tell him?", "maybe", "What do you know about me?", "Thank you, this was nice.", "Good night!",
)  # fmt: skip


def main() -> None:
    for persona in PERSONAS:
        if len(sys.argv) > 1 and sys.argv[1].lower() not in persona.name.lower():
            continue
        talk = Talk(persona, seed=int(sys.argv[2]) if len(sys.argv) > 2 else None)
        print(f"\n===== {persona.name}")
        for line in SCRIPT:
            print(f"  > {line}")
            print(f"{persona.name.split()[0]}: {talk.say(line)}")


if __name__ == "__main__":
    main()
