"""What comes to mind of what was said before: candidates by words and by meaning, weighed and packed."""
