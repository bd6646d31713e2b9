import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.deliveries.encodings import decoded, open_utf8
from dauhieu.errors import DeliveryError

FILE = Path("list.csv")
VOWELS = "aăâeêioôơuưy"
LETTERS = [
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in VOWELS
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
] + ["đ"]

# Written down from the published tables, letter by letter, in the order of LETTERS.
TCVN3 = bytes.fromhex(
    "61b5b8b7b6b9a8bbbebdbcc6a9c7cac9c8cb65ccd0cfced1aad2d5d4d3d669d7dddcd8de6fdfe3e2e1e4abe5e8e7e6e9aceaedecebee"
    "75eff3f2f1f4adf5f8f7f6f979fafdfcfbfeae"
)
VNI = [
    *(b"a", b"a\xf8", b"a\xf9", b"a\xf5", b"a\xfb", b"a\xef"),
    *(b"a\xea", b"a\xe8", b"a\xe9", b"a\xfc", b"a\xfa", b"a\xeb"),
    *(b"a\xe2", b"a\xe0", b"a\xe1", b"a\xe3", b"a\xe5", b"a\xe4"),
    *(b"e", b"e\xf8", b"e\xf9", b"e\xf5", b"e\xfb", b"e\xef"),
    *(b"e\xe2", b"e\xe0", b"e\xe1", b"e\xe3", b"e\xe5", b"e\xe4"),
    *(b"i", b"\xec", b"\xed", b"\xf3", b"\xe6", b"\xf2"),
    *(b"o", b"o\xf8", b"o\xf9", b"o\xf5", b"o\xfb", b"o\xef"),
    *(b"o\xe2", b"o\xe0", b"o\xe1", b"o\xe3", b"o\xe5", b"o\xe4"),
    *(b"\xf4", b"\xf4\xf8", b"\xf4\xf9", b"\xf4\xf5", b"\xf4\xfb", b"\xf4\xef"),
    *(b"u", b"u\xf8", b"u\xf9", b"u\xf5", b"u\xfb", b"u\xef"),
    *(b"\xf6", b"\xf6\xf8", b"\xf6\xf9", b"\xf6\xf5", b"\xf6\xfb", b"\xf6\xef"),
    *(b"y", b"y\xf8", b"y\xf9", b"y\xf5", b"y\xfb", b"\xee"),
    b"\xf1",
]


def whole(chunks: list[bytes], encoding: str) -> str:
    return "".join(decoded(chunks, encoding, FILE))


@pytest.mark.parametrize(("letter", "code"), list(zip(LETTERS, TCVN3, strict=True)))
def test_every_letter_of_tcvn3_is_read(letter: str, code: int) -> None:
    assert whole([bytes([code])], "tcvn3") == letter


@pytest.mark.parametrize(("letter", "code"), list(zip(LETTERS, VNI, strict=True)))
def test_every_letter_of_vni_is_read_small_and_capital(letter: str, code: bytes) -> None:
    capital = bytes(byte - 0x20 for byte in code)
    assert whole([code, b" ", capital], "vni") == f"{letter} {letter.upper()}"


@given(text=st.text(st.sampled_from([*LETTERS, " ", "\n"])), cuts=st.lists(st.integers(1, 4)))
def test_text_comes_out_in_normal_form_wherever_chunks_are_cut(text: str, cuts: list[int]) -> None:
    data = unicodedata.normalize("NFD", text).encode()
    chunks = []
    for cut in cuts:
        chunks.append(data[:cut])
        data = data[cut:]
    assert whole([*chunks, data], "utf-8") == unicodedata.normalize("NFC", text)


def test_a_vni_mark_at_the_start_of_a_chunk_joins_its_letter() -> None:
    assert whole([b"Nguye", b"\xe3n"], "vni") == "Nguyễn"


def test_the_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "marked.csv"
    file.write_bytes(b"\xef\xbb\xbfcode,name\n1,\xc4\x90\n")
    with open_utf8(file) as stream:
        assert stream.read() == "code,name\n1,Đ\n".encode()


def test_windows_quotation_marks_in_an_old_code_page_are_kept() -> None:
    assert whole([b"\x93Ph\xad\xacng\x94\xa0\x96"], "tcvn3") == "“Phương”\N{NO-BREAK SPACE}–"


def test_bytes_which_are_not_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(DeliveryError) as error:
        whole([b"one\ntwo\n", b"thr\xe9e\n"], "utf-8")
    assert error.value.faults[0].line == 3


def test_a_byte_the_code_page_does_not_use_is_refused_with_its_line() -> None:
    with pytest.raises(DeliveryError) as error:
        whole([b"one\n\xff"], "tcvn3")
    assert error.value.faults[0].line == 2


def test_an_unknown_encoding_is_told_with_the_known_ones() -> None:
    with pytest.raises(DeliveryError, match="Did you mean 'tcvn3'"):
        whole([b""], "tcvn-3")
