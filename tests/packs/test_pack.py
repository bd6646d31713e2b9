"""What a pack must be to be read at all, and whom a site believes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauhieu.errors import PackError
from dauhieu.packs.archive import MANIFEST, MOST_BYTES, SIGNATURE, is_content, pack_bytes
from dauhieu.packs.pack import believed, open_pack
from dauhieu.packs.signing import make_key, read_public, read_secret, trust, trusted
from tests.packs.sealed import CONTENT, KEY, STRANGER, members, put


def test_a_pack_is_read_as_it_was_written(tmp_path: Path) -> None:
    pack = open_pack(put(tmp_path, members(CONTENT)))
    assert pack.content == CONTENT
    assert (pack.manifest.signs, pack.key.fingerprint) == ({"A": 1}, KEY.public.fingerprint)


def test_the_same_members_in_any_order_give_the_same_bytes() -> None:
    sealed = members(CONTENT)
    assert pack_bytes(sealed) == pack_bytes(dict(reversed(sealed.items())))


@pytest.mark.parametrize("name", sorted(members(CONTENT)))
def test_a_change_of_any_member_is_noticed(tmp_path: Path, name: str) -> None:
    sealed = members(CONTENT)
    body = sealed[name]
    with pytest.raises(PackError, match=r"altered|not what was signed|cannot be read"):
        open_pack(put(tmp_path, {**sealed, name: bytes([body[0] ^ 1]) + body[1:]}))


@pytest.mark.parametrize("name", sorted(members(CONTENT)))
def test_a_missing_member_is_noticed(tmp_path: Path, name: str) -> None:
    sealed = {one: body for one, body in members(CONTENT).items() if one != name}
    with pytest.raises(PackError, match=r"not signed|not what was signed"):
        open_pack(put(tmp_path, sealed))


def test_a_member_which_nobody_signed_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"'views/more\.sql' is not what was signed"):
        open_pack(put(tmp_path, {**members(CONTENT), "views/more.sql": b"SELECT 2"}))


def test_another_key_under_the_same_manifest_is_noticed(tmp_path: Path) -> None:
    sealed = members(CONTENT)
    with pytest.raises(PackError, match="altered"):
        open_pack(put(tmp_path, {**sealed, SIGNATURE: STRANGER.sign(sealed[MANIFEST]).hex().encode()}))


def test_a_key_cannot_bear_the_fingerprint_of_another(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="altered"):
        open_pack(put(tmp_path, members(CONTENT, STRANGER, fingerprint=KEY.public.fingerprint)))


WHOLE = pack_bytes(members(CONTENT))


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_whatever_byte_is_altered_no_other_content_is_ever_read(
    tmp_path_factory: pytest.TempPathFactory, place: int, change: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "altered.zip"
    path.write_bytes(WHOLE[:place] + bytes([WHOLE[place] ^ change]) + WHOLE[place + 1 :])
    try:
        pack = open_pack(path)
    except PackError:
        return
    assert (pack.content, pack.key.fingerprint) == (CONTENT, KEY.public.fingerprint)


@pytest.mark.parametrize(
    "name",
    [
        "../signs/social/x.yaml",
        "/signs/social/x.yaml",
        "signs/social/../../x.yaml",
        "signs/../x.yaml",
        "signs/social/x.py",
        "signs/abroad/x.yaml",
        "signs/social/.x.yaml",
        "views/V.sql",
        "views/a/b.sql",
        "tuning/SI-EMP-05-S1.yaml",
        "signs\\social\\x.yaml",
        "C:/signs/social/x.yaml",
        "",
    ],
)
def test_a_member_may_name_no_other_place(tmp_path: Path, name: str) -> None:
    assert not is_content(name)
    with pytest.raises(PackError, match="A pack has no member"):
        open_pack(put(tmp_path, members({**CONTENT, name: b"x"})))


def written_by(sealed: dict[str, bytes], how: int) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", how) as archive:
        for name, body in sealed.items():
            archive.writestr(name, body)
    return whole.getvalue()


def test_a_member_which_would_grow_is_not_unpacked(tmp_path: Path) -> None:
    bomb = members({**CONTENT, "views/v.sql": b"\0" * (8 << 20)})
    (tmp_path / "own.zip").write_bytes(written_by(bomb, zipfile.ZIP_DEFLATED))
    with pytest.raises(PackError, match="is compressed"):
        open_pack(tmp_path / "own.zip")


def test_members_which_lie_over_one_another_may_not_claim_more_than_a_pack(tmp_path: Path) -> None:
    part = b"\0" * (1 << 20)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("views/v.sql", part)
        (first,) = archive.infolist()
        for number in range(MOST_BYTES // len(part)):
            again = zipfile.ZipInfo(f"views/v{number}.sql", first.date_time)
            again.file_size = again.compress_size = len(part)
            again.CRC, again.header_offset = first.CRC, first.header_offset
            archive.filelist.append(again)
    (tmp_path / "own.zip").write_bytes(whole.getvalue())
    with pytest.raises(PackError, match="claim more bytes"):
        open_pack(tmp_path / "own.zip")


def test_a_member_which_stands_twice_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, body in members(CONTENT).items():
            archive.writestr(name, body)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("views/v.sql", b"SELECT 2\n")
    (tmp_path / "own.zip").write_bytes(whole.getvalue())
    with pytest.raises(PackError, match="stands twice"):
        open_pack(tmp_path / "own.zip")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", WHOLE[:-30], b"no zip at all"])
def test_a_file_which_is_no_whole_pack_is_told(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "own.zip").write_bytes(body)
    with pytest.raises(PackError, match="damaged"):
        open_pack(tmp_path / "own.zip")


@pytest.mark.parametrize(
    ("other", "message"),
    [({"format": 2}, "of format 2"), ({"name": "../own"}, "no name of a pack"), ({"signs": {"A": "1"}}, "damaged")],
)
def test_a_manifest_of_another_make_is_refused_although_it_is_signed(
    tmp_path: Path, other: dict[str, object], message: str
) -> None:
    with pytest.raises(PackError, match=message):
        open_pack(put(tmp_path, members(CONTENT, **other)))


def test_a_site_believes_whom_it_trusts_and_whom_a_person_names(tmp_path: Path) -> None:
    pack = open_pack(put(tmp_path, members(CONTENT)))
    mine = KEY.public.fingerprint
    with pytest.raises(PackError, match=f"{mine}, which this site does not trust"):
        believed(pack, tmp_path)
    with pytest.raises(PackError, match="does not trust"):
        believed(pack, tmp_path, STRANGER.public.fingerprint)
    assert believed(pack, None, f"{mine[:4].upper()} {mine[4:]}") == pack.key
    trust(tmp_path, STRANGER.public)
    with pytest.raises(PackError, match="does not trust"):
        believed(pack, tmp_path)
    trust(tmp_path, KEY.public, "BHXH tỉnh A\nB")
    assert believed(pack, tmp_path).who == "BHXH tỉnh A B"
    assert trusted(tmp_path).keys() == {mine, STRANGER.public.fingerprint}


def test_a_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    made = make_key(tmp_path / "key", "BHXH tỉnh A")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert read_public(tmp_path / "key.pub") == made
    secret = read_secret(tmp_path / "key")
    assert made.signed(b"text", secret.sign(b"text"))
    assert not made.signed(b"texts", secret.sign(b"text"))
    with pytest.raises(PackError, match="never overwritten"):
        make_key(tmp_path / "key", "BHXH tỉnh B")


@pytest.mark.parametrize("text", ["", "ed25519 00", "rsa " + "0" * 64, "ed25519 " + "0" * 64 + "\nmore"])
def test_what_is_no_public_key_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.pub"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="no public key"):
        read_public(path)
