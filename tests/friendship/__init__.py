"""A friendship of two years, replayed through the whole product, and what is remembered of it at its end."""
