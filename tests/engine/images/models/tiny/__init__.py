"""Builders of tiny picture models with random weights, one module for each family."""
