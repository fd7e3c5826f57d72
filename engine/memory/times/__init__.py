"""When: time expressions in what people say, spans of time in words, and the days that come round each year."""
