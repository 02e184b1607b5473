"""A blob is what a canvas of ours draws: a header and arrays, in one piece."""

import json
import zlib

import numpy as np


def pack(header: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """One blob: length of the header, the header as JSON, and the arrays, each from a multiple of four bytes on."""
    parts, offset, index = [], 0, {}
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        index[name] = [array.dtype.name, offset, array.size]
        parts.append(raw + b"\0" * (-len(raw) % 4))
        offset += len(parts[-1])
    body = b"".join(parts)
    head = json.dumps({**header, "arrays": index, "size": offset, "id": zlib.crc32(body)}, allow_nan=False).encode()
    head += b" " * (-len(head) % 4)
    return len(head).to_bytes(4, "little") + head + body
