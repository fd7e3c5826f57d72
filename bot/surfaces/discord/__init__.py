"""Discord as a surface: gateway and interactions in, messages and edits out. Translates only; commands decide."""
