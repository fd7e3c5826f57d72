"""What a character is: persona, archetypes, the shipped cast, the coach, and the reference library."""
