"""Loopback servers: Discord and Telegram on 127.0.0.1, for tests, benchmarks and demonstrations."""
