import tracemalloc

from stresstui.core.text.line_buffer import LineBuffer


def test_lines_are_the_same_wherever_chunks_end() -> None:
    text = b"one\n\ntwo\r\nthree"
    for size in range(1, len(text) + 1):
        buffer = LineBuffer()
        lines = [line for at in range(0, len(text), size) for line in buffer.feed(text[at : at + size])]
        assert lines == [b"one", b"", b"two\r"]
        assert (buffer.waiting, buffer.take_partial()) == (len(b"three"), b"three")


def test_what_has_not_ended_is_given_up_once() -> None:
    buffer = LineBuffer()
    buffer.feed(b"half")
    assert buffer.take_partial() == b"half"
    assert buffer.take_partial() == b""
    assert buffer.feed(b" a line\n") == [b" a line"]


def test_a_line_without_end_is_not_copied_with_each_chunk() -> None:
    buffer, chunk = LineBuffer(), b"x" * 65536
    for _ in range(16):
        assert buffer.feed(chunk) == []
    tracemalloc.start()
    try:
        for _ in range(16):
            buffer.feed(bytes(65536))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert buffer.waiting == 32 * 65536
    assert most < 20 * 65536, "the sixteen that came meanwhile, and no copy of all"
