"""ONNX files written by hand, byte by byte (Protocol Buffers), so that a test states exactly what a model answers."""

from collections.abc import Sequence

FLOAT, INT64 = 1, 7


def gather(columns: Sequence[int], width: int, output: str = "probabilities", *, flat: bool = False) -> bytes:
    """A model whose output is the named columns of its input (n, width): it says what its features say.

    `flat` takes the first column as a vector (n,), which is not what a classifier gives.
    """
    chosen = columns[:1] if flat else columns
    shape = b"" if flat else _varint(1, len(chosen))
    indices = shape + _varint(2, INT64) + b"".join(_varint(7, column) for column in chosen) + _text(8, "columns")
    axis = _text(1, "axis") + _varint(3, 1) + _varint(20, 2)
    node = _text(1, "features") + _text(1, "columns") + _text(2, output) + _text(4, "Gather") + _bytes(5, axis)
    sizes = [None] if flat else [None, len(chosen)]
    return _model(node, indices, _value("features", FLOAT, [None, width]), _value(output, FLOAT, sizes))


def _model(node: bytes, initializer: bytes, source: bytes, target: bytes) -> bytes:
    graph = _bytes(1, node) + _text(2, "scores") + _bytes(5, initializer) + _bytes(11, source) + _bytes(12, target)
    return _varint(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _varint(2, 13))


def _value(name: str, kind: int, sizes: Sequence[int | None]) -> bytes:
    dimensions = b"".join(_bytes(1, _text(2, "n") if size is None else _varint(1, size)) for size in sizes)
    return _text(1, name) + _bytes(2, _bytes(1, _varint(1, kind) + _bytes(2, dimensions)))


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _base128(field << 3 | 2) + _base128(len(value)) + value


def _varint(field: int, value: int) -> bytes:
    return _base128(field << 3) + _base128(value)


def _base128(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
