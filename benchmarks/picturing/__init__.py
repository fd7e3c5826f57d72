"""The parts of `selfsame bench images`: models with random weights, and the two sides that render with them."""
