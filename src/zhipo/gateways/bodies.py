"""The body of an answer from outside, read no further than anybody will use it."""

import httpx


def body_of(response: httpx.Response, *, most: int) -> bytes:
    """The body, as far as a chunk over `most` bytes: no memory is given away."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > most:
            break
    return bytes(content)
