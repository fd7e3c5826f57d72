"""Tests that render with picture models: tiny ones, made here, through the loading code of production."""
