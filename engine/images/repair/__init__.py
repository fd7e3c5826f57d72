"""Repairs of a face that is nearly the character's."""
