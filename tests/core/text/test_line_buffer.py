from stresstui.core.text.line_buffer import LineBuffer


def test_lines_are_the_same_wherever_chunks_end() -> None:
    text = b"one\n\ntwo\r\nthree"
    for size in range(1, len(text) + 1):
        buffer = LineBuffer()
        lines = [line for at in range(0, len(text), size) for line in buffer.feed(text[at : at + size])]
        assert lines == [b"one", b"", b"two\r"]
        assert buffer.partial == b"three"


def test_what_has_not_ended_is_given_up_once() -> None:
    buffer = LineBuffer()
    buffer.feed(b"half")
    assert buffer.take_partial() == b"half"
    assert buffer.take_partial() == b""
    assert buffer.feed(b" a line\n") == [b" a line"]
