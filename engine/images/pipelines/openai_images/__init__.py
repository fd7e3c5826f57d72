"""Servers with the OpenAI image API behind the port of picture models."""

from engine.images.pipelines.openai_images.family import OpenAIImages as OpenAIImages
