"""Model files with random weights in real shapes: for tests and benchmarks, without a network.

`python -m benchmarks.gguf tiny F32 OUT.gguf`. The file is the same wherever it is made: its weights come from the
seed, its vocabulary from `gguf_vocabulary.py`, what the weights are called from `gguf_tensors.py`. Such a model says
nothing of worth, but it costs what a real one of its shape costs, and the tiny ones do the same mathematics.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import gguf

from benchmarks import gguf_vocabulary as words
from benchmarks.gguf_tensors import Tensor, encoded, encoded_bytes, tensors


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is, and of which make."""

    name: str
    architecture: str  # llama.cpp's name: llama, qwen2, gemma3, mamba, lfm2
    vocabulary: int  # tokens
    width: int
    layers: int
    heads: int  # 0: it has no attention
    kv_heads: int
    feed_forward: int
    context: int  # tokens that it was made for
    rope_base: float = 1e4
    bias: bool = False  # whether queries, keys and values have one
    tied: bool = False  # whether it answers with the matrix that it reads with
    window: int = 0  # tokens that its windowed layers look back at; 0: all
    # How strong the weights are. A tiny model's are so strong that what came before decides what comes next.
    strength: float = 0.02
    embedding: float = 0.02
    answering: float = 0.02
    merges: int = 16_000  # how many tokens a text can be merged into, at most
    sentencepiece: bool = False
    pre: str = "qwen2"
    specials: words.Specials = words.CHATML_SPECIALS
    template: str = words.CHATML


def _tiny(name: str, architecture: str, **fields: object) -> Shape:
    """A model of some 100,000 weights. One that answered with the matrix it reads with would echo its last token."""
    usual: dict[str, object] = {
        "vocabulary": 320,
        "width": 64,
        "layers": 2,
        "heads": 4,
        "kv_heads": 2,
        "feed_forward": 128,
        "context": 4096,
        "strength": 0.25,
        "embedding": 1.0,
        "answering": 0.3,
    }
    return Shape(name=name, architecture=architecture, **(usual | fields))  # type: ignore[arg-type]


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        _tiny("tiny", "llama"),
        # It looks back at 32 tokens in its first layer and at all of them in its last; it knows no system role.
        _tiny(
            "tiny-window",
            "gemma3",
            window=32,
            embedding=0.125,
            pre="default",
            specials=words.GEMMA_SPECIALS,
            template=words.GEMMA,
        ),
        _tiny(
            "tiny-sentencepiece",
            "llama",
            vocabulary=384,
            sentencepiece=True,
            specials=words.LLAMA2_SPECIALS,
            template=words.LLAMA2,
        ),
        # What these two have read cannot be cut: mamba has a state only, LFM2 one beside its attention.
        _tiny("tiny-recurrent", "mamba", heads=0, kv_heads=0, feed_forward=0),
        _tiny("tiny-hybrid", "lfm2", layers=3),
        _tiny("tiny-thinking", "llama", template=words.THINKING),
        Shape("qwen2.5-0.5b", "qwen2", 151_936, 896, 24, 14, 2, 4864, 32_768, 1e6, bias=True, tied=True),
        Shape("qwen2.5-1.5b", "qwen2", 151_936, 1536, 28, 12, 2, 8960, 32_768, 1e6, bias=True, tied=True),
        Shape(
            "llama3-8b",
            "llama",
            128_256,
            4096,
            32,
            32,
            8,
            14_336,
            131_072,
            5e5,
            pre="llama-bpe",
            specials=words.LLAMA3_SPECIALS,
            template=words.LLAMA3,
        ),
    )
}

QUANTS = {
    "F32": gguf.LlamaFileType.ALL_F32,
    "F16": gguf.LlamaFileType.MOSTLY_F16,
    "BF16": gguf.LlamaFileType.MOSTLY_BF16,
    "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
    "Q4_0": gguf.LlamaFileType.MOSTLY_Q4_0,
    "Q4_K_M": gguf.LlamaFileType.MOSTLY_Q4_K_M,
}


def write_gguf(
    path: Path, shape: Shape, quant: str = "Q4_0", seed: int = 1, *, template: str | None = None
) -> Path:
    """Write the model to `path`, one tensor in memory at a time. `template` takes the place of the shape's own."""
    writer = gguf.GGUFWriter(path, shape.architecture)
    writer.add_file_type(QUANTS[quant])
    _describe(writer, shape)
    vocabulary = _tokenizer(writer, shape, shape.template if template is None else template)
    listed = tensors(shape, quant)
    for tensor in listed:
        _announce(writer, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for tensor in listed:
        writer.write_tensor_data(encoded(tensor, seed, vocabulary.readable))
    writer.close()
    return path


def _announce(writer: gguf.GGUFWriter, tensor: Tensor) -> None:
    """Its name, form and size; llama.cpp counts the weights of a row, whatever they are written as."""
    size = encoded_bytes(tensor)
    row = size // (tensor.shape[0] if len(tensor.shape) > 1 else 1)
    plain = {gguf.GGMLQuantizationType.F32: "float32", gguf.GGMLQuantizationType.F16: "float16"}
    if tensor.type in plain:
        writer.add_tensor_info(tensor.name, tensor.shape, gguf.np.dtype(plain[tensor.type]), size)
    else:
        form = (*tensor.shape[:-1], row)
        writer.add_tensor_info(tensor.name, form, gguf.np.dtype("uint8"), size, raw_dtype=tensor.type)


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name(f"random {shape.name}")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_rms_eps(1e-6)
    if shape.architecture == "mamba":
        _describe_recurrence(writer, shape)
        return
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    if shape.architecture == "lfm2":  # a layer without heads for keys is one with a convolution
        writer.add_head_count_kv([shape.kv_heads if layer % 2 else 0 for layer in range(shape.layers)])
        writer.add_shortconv_l_cache(3)
        return
    writer.add_head_count_kv(shape.kv_heads)
    if shape.window:
        writer.add_key_length(shape.width // shape.heads)
        writer.add_value_length(shape.width // shape.heads)
        writer.add_sliding_window(shape.window)
        writer.add_sliding_window_pattern([layer < shape.layers - 1 for layer in range(shape.layers)])


def _describe_recurrence(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_ssm_conv_kernel(4)
    writer.add_ssm_inner_size(2 * shape.width)
    writer.add_ssm_state_size(16)
    writer.add_ssm_time_step_rank(shape.width // 16)


def _tokenizer(writer: gguf.GGUFWriter, shape: Shape, template: str) -> words.Vocabulary:
    make = words.sentencepiece if shape.sentencepiece else words.bpe
    vocabulary = make(shape.vocabulary, shape.merges, shape.specials)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    if shape.sentencepiece:
        writer.add_tokenizer_model("llama")
        writer.add_token_scores(vocabulary.scores)
    else:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(shape.pre)
        writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.tokens.index(shape.specials.bos))
    writer.add_eos_token_id(vocabulary.tokens.index(shape.specials.eos))
    writer.add_add_bos_token(shape.specials.add_bos)
    writer.add_chat_template(template)
    return vocabulary


def main() -> None:
    """`python -m benchmarks.gguf SHAPE QUANT OUT.gguf`."""
    parser = argparse.ArgumentParser(description="A model file with random weights.")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("quant", choices=QUANTS)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    write_gguf(options.out, SHAPES[options.shape], options.quant, options.seed)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
