"""A user's own ComfyUI behind the port of picture models."""

from engine.images.pipelines.comfyui.family import ComfyUI as ComfyUI
