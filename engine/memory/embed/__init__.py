"""What messages mean, as numbers: an embedding model reads them, and what is near in meaning is found without its words."""
