"""The policy and its gates: what is said, replied, asked of a picture, drawn, and made into a character."""
