"""MiniLM as an ONNX graph with 8-bit weights, written out node by node: ids in, token states out.

Activations are quantised token by token (each row its own scale), not tensor by tensor as the stock dynamic
quantiser does: a token's state then depends on nothing but its own window, and one loud token does not blur the rest.
Windows are read without padding, so there is no mask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
State = Mapping[str, Floats]

_FUSED: Final = "com.microsoft"
_OPSET: Final = 17


@dataclass
class Graph:
    """Nodes and constants, in the order in which they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: npt.NDArray[Any] | np.generic) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **settings: object) -> str:
        """Add a node with one output and return the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **settings))
        return output


def quantise_rows(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return 8-bit ``weights`` and one scale a row."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-8) / 127
    return np.clip(np.rint(weights / scales[:, None]), -127, 127).astype(np.int8), scales.astype(np.float32)


def build(state: State, n_heads: int, epsilon: float, path: Path) -> None:
    """Write the encoder with the weights of ``state`` (names as in Hugging Face's ``BertModel``)."""
    graph = Graph()
    hidden = _embed(graph, state, epsilon)
    n_layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.layer."))
    for layer in range(n_layers):
        hidden = _layer(graph, state, f"encoder.layer.{layer}.", hidden, n_heads, epsilon)
    graph.node("Identity", [hidden], "states")
    width = state["embeddings.LayerNorm.weight"].shape[0]
    shape = ["tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes, "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, shape)],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, [*shape, width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)],
        ir_version=9, producer_name="cxnlp",
    )  # fmt: skip
    onnx.save(model, str(path))


def _embed(graph: Graph, state: State, epsilon: float) -> str:
    words, scales = quantise_rows(state["embeddings.word_embeddings.weight"])
    places = state["embeddings.position_embeddings.weight"] + state["embeddings.token_type_embeddings.weight"][0]
    table = graph.constant("words", words)
    small = graph.node("Cast", [graph.node("Gather", [table, "ids"], "word_bytes")], "word_floats",
                       to=TensorProto.FLOAT)  # fmt: skip
    scale = graph.node("Gather", [graph.constant("word_scales", scales[:, None]), "ids"], "word_scale")
    word = graph.node("Mul", [small, scale], "word")
    length = graph.node("Gather", [graph.node("Shape", ["ids"], "shape"), graph.constant("zero", np.int64(0))], "n")
    axis = graph.constant("first_axis", np.array([0], dtype=np.int64))
    size = graph.node("Unsqueeze", [length, axis], "size")
    place = graph.node("Slice", [graph.constant("places", places.astype(np.float32)), axis, size], "place")
    return _normalise(graph, state, "embeddings.LayerNorm.", graph.node("Add", [word, place], "embedded"), epsilon)


def _normalise(graph: Graph, state: State, prefix: str, hidden: str, epsilon: float) -> str:
    gain = graph.constant(prefix + "weight", state[prefix + "weight"])
    shift = graph.constant(prefix + "bias", state[prefix + "bias"])
    return graph.node("LayerNormalization", [hidden, gain, shift], prefix + "out", epsilon=epsilon)


def _layer(graph: Graph, state: State, prefix: str, hidden: str, n_heads: int, epsilon: float) -> str:
    names = [f"{prefix}attention.self.{part}." for part in ("query", "key", "value")]
    joint = np.concatenate([state[name + "weight"] for name in names])
    bias = np.concatenate([state[name + "bias"] for name in names])
    mixed = _linear(graph, prefix + "qkv", hidden, joint, bias)
    parts = [f"{prefix}{part}" for part in ("q", "k", "v")]
    graph.nodes.append(helper.make_node("Split", [mixed], parts, name=prefix + "split", axis=-1))
    outer = graph.constant(prefix + "outer", np.array([0]))
    parts = [graph.node("Unsqueeze", [part, outer], part + ".batch") for part in parts]
    attended = graph.node("MultiHeadAttention", parts, prefix + "attended.batch", _FUSED, num_heads=n_heads)
    attended = graph.node("Squeeze", [attended, outer], prefix + "attended")
    hidden = _join(graph, state, prefix + "attention.output.", attended, hidden, epsilon)
    inner = prefix + "intermediate.dense."
    wide = _linear(graph, inner + "out", hidden, state[inner + "weight"], None)
    grown = graph.node(
        "BiasGelu", [wide, graph.constant(inner + "bias", state[inner + "bias"])], inner + "gelu", _FUSED
    )
    return _join(graph, state, prefix + "output.", grown, hidden, epsilon)


def _join(graph: Graph, state: State, prefix: str, new: str, old: str, epsilon: float) -> str:
    """Project ``new``, add it to ``old`` and normalise (onnxruntime's fused operator for this is slower)."""
    linear = _linear(graph, prefix + "linear", new, state[prefix + "dense.weight"], state[prefix + "dense.bias"])
    total = graph.node("Add", [linear, old], prefix + "sum")
    return _normalise(graph, state, prefix + "LayerNorm.", total, epsilon)


def _linear(graph: Graph, name: str, hidden: str, weights: Floats, bias: Floats | None) -> str:
    """Multiply in 8 bits: each token by its own scale, each output by its own."""
    columns, scales = quantise_rows(weights)
    largest = graph.node(
        "ReduceMax", [graph.node("Abs", [hidden], name + ".abs")], name + ".max", axes=[-1], keepdims=1
    )
    low = graph.constant(name + ".least", np.float32(1e-8))
    per_byte = graph.constant(name + ".byte", np.float32(1 / 127))
    scale = graph.node("Mul", [graph.node("Max", [largest, low], name + ".bound"), per_byte], name + ".scale")
    flat = graph.node("Reshape", [scale, graph.constant(name + ".flat", np.array([-1]))], name + ".row_scales")
    zero, unit = graph.constant(name + ".zero", np.uint8(128)), graph.constant(name + ".unit", np.float32(1))
    zeros = graph.node("Expand", [zero, graph.node("Shape", [flat], name + ".rows")], name + ".zeros")
    small = graph.node("QuantizeLinear", [hidden, flat, zeros], name + ".bytes", axis=0)
    inputs = [
        small, graph.constant(name + ".weights", np.ascontiguousarray(columns.T)), unit,
        graph.constant(name + ".scales", scales), zero,
    ]  # fmt: skip
    product = graph.node("MatMulIntegerToFloat", inputs, name + ".product", _FUSED)
    out = graph.node("Mul", [product, scale], name)
    return out if bias is None else graph.node("Add", [out, graph.constant(name + ".bias", bias)], name + ".biased")
