"""Walks through the whole product as a person takes them: the process is real, and only the messengers' servers are ours."""
