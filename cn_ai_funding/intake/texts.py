"""Reads a text, whatever its encoding and line ends, as NFC with LF, so that offsets count the same everywhere.

What was mended on the way (an encoding, NFD, CRLF) becomes a notice, what cannot be mended a `Problem`.
"""

import hashlib
import re
import unicodedata
from pathlib import Path

from .problems import Problem

MAX_BYTES = 1_000_000
"""No article is larger; a file that is was put here by mistake."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
NOT_PRINTED = re.compile(rf"[\t\n]|{_INVISIBLE.pattern}|{_CONTROL.pattern}")
LINK = ("", "a link that leads out of the folder", "a file in it", "Put the file itself there")


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as the sidecars hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_text(path: Path, problems: list[Problem], notices: list[str], most: int = MAX_BYTES) -> str | None:
    """A file's text as NFC with LF, or None where it is none, or has more than `most` bytes.

    Says which encoding it met if that is not UTF-8.
    """
    data = read_bytes(path, problems, most)
    return None if data is None else as_text(path.name, data, problems, notices)


def as_text(name: str, data: bytes, problems: list[Problem], notices: list[str]) -> str | None:
    """The bytes of an article as `read_text` gives those of a file; `name` is what problems and notices call them."""
    text, encoding = _decode(data)
    if text is None:
        problems.append(
            Problem(
                name, encoding, "bytes that are no text", "UTF-8 (or UTF-16, CP949)", "Save the article as UTF-8 text"
            )
        )
        return None
    if encoding != "UTF-8":
        notices.append(f"{name}: read as {encoding}, not UTF-8")
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified != text:
        notices.append(f"{name}: CR LF line ends read as LF")
    composed = unicodedata.normalize("NFC", unified)
    if composed != unified:
        notices.append(f"{name}: decomposed characters (NFD) read as NFC")
    visible = _INVISIBLE.sub("", composed)
    if visible != composed:
        notices.append(f"{name}: zero-width and direction marks left out")
        composed = visible
    if match := _CONTROL.search(composed):
        place = f"line {composed.count(chr(10), 0, match.start()) + 1}"
        problems.append(
            Problem(name, place, f"the control character U+{ord(match.group()):04X}", "text only", "Remove it")
        )
        return None
    if not composed.strip():
        problems.append(Problem(name, "", "an empty text", "an article", "Put its text there, or leave it out"))
        return None
    return composed


def read_bytes(path: Path, problems: list[Problem], most: int = MAX_BYTES) -> bytes | None:
    """What a file holds, or None where it cannot be read, or is too large."""
    try:
        size = path.stat().st_size
        if size > most:
            problems.append(
                Problem(path.name, "", f"{size:,} bytes", f"at most {most:,}", "Keep one article in one file")
            )
            return None
        return path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(
                path.name,
                "",
                f"a file that cannot be read ({error.strerror})",
                "a readable file",
                "Check the path and its permissions",
            )
        )
        return None


def _decode(data: bytes) -> tuple[str | None, str]:
    """The text and its encoding; or None and the place of the first byte that is no UTF-8."""
    place = ""
    byte_order_marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((encoding for mark, encoding in byte_order_marks.items() if data.startswith(mark)), None)
    for encoding, name in ((marked, (marked or "").upper()), ("utf-8", "UTF-8"), ("cp949", "CP949 (EUC-KR)")):
        try:
            if encoding:
                return data.decode(encoding), "UTF-8 with a byte order mark" if name == "UTF-8-SIG" else name
        except UnicodeDecodeError as error:
            place = place or f"byte {error.start}"
    return None, place


def leads_out(path: Path) -> bool:
    """Whether a file is a link to somewhere else."""
    return path.is_symlink() and path.resolve().parent != path.parent.resolve()
