"""Read the text of a mail (.eml), with the standard library."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from forecasting.coding.texts import page
from forecasting.coding.texts.extracted import AS_TEXT, Extracted, Refused
from forecasting.coding.texts.limits import LIMITS

_HEADERS = {"from", "to", "subject", "date", "content-type", "mime-version", "received", "message-id"}
_HTML = "text/html"
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_SUFFIX = {"text/html": ".html", "text/plain": ".txt", "application/pdf": ".pdf"}  # of a part without a name
MAILS = (".eml", ".mht", ".mhtml")  # a web archive is built as a mail is
_HEAD = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]{1,100}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_CODED = re.compile(rb"^(?:mime-version|content-transfer-encoding):", re.IGNORECASE | re.MULTILINE)
_DAMAGED = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError, AssertionError)


def is_mail(raw: bytes) -> bool:
    r"""Return whether a file begins as a mail with coded parts does, whatever it is called.

    Examples
    --------
    >>> is_mail(b"From: a@b\nMIME-Version: 1.0\n\ntext\n"), is_mail(b"Note: none\n\ntext\n")
    (True, False)
    """
    head = _HEAD.match(raw.lstrip())
    return head is not None and _CODED.search(head.group()) is not None


def parts_of_mail(raw: bytes) -> list[tuple[str, bytes]]:
    """Return all that stands in a mail, by name: what heads it and its parts, then each part, decoded, attachments too.

    Raises
    ------
    Refused
        If it is encrypted or damaged, or says that a text is in a coding in which it is not.
    """
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        if not isinstance(mail, EmailMessage) or not _HEADERS & {name.lower() for name in mail}:
            raise Refused("no mail: it does not begin with header lines such as 'Subject: …'", "name it after what it is")
        if _kinds(mail) & _ENCRYPTED:
            raise Refused("an encrypted mail", "open it in the mail program and copy its text into a .txt file")
        parts, heads = [], []
        for n, part in enumerate(mail.walk(), 1):
            heads += [f"{name}: {value}" for name, value in part.items()]
            heads += [text for text in (part.preamble, part.epilogue) if isinstance(text, str)]
            if not part.is_multipart():
                called = part.get_filename() or _SUFFIX.get(part.get_content_type(), "")
                parts.append((f"part {n} {called}".strip(), _decoded(part)))
        return [("headers", "\n".join(heads).encode("utf-8", "replace")), *parts]
    except _DAMAGED as error:
        raise Refused(f"a damaged mail ({type(error).__name__}: {error})", "save it anew, or share its text alone") from None


def _decoded(part: Any) -> bytes:
    """Return what a part holds, its transfer coding undone, and of a text in UTF-8."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    return raw.decode(charset).encode("utf-8") if part.get_content_maintype() == "text" and charset else raw


def read(raw: bytes) -> Extracted:
    """Return the text of a mail: its plain part, or the main text of its page where it has no plain one.

    Attachments are left out. Subject, sender and day are what the mail says of itself.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    if not (isinstance(mail, EmailMessage) and _HEADERS & {name.lower() for name in mail}):
        raise Refused("no mail: it does not begin with header lines such as 'Subject: …'", "name it after what it is")
    kinds = _kinds(mail)
    if kinds & _ENCRYPTED:
        raise Refused("an encrypted mail", "open it in the mail program and copy its text into a .txt file")
    body = mail.get_body(("plain", "html"))
    if body is None:
        raise Refused(f"a mail without a text part ({', '.join(sorted(kinds))})", "save what is attached, and name that file")
    text, reader = _text(body)
    if not text.strip():
        raise Refused("a mail whose text part is empty", "save what is attached, and name that file")
    n_attached = sum(1 for _ in mail.iter_attachments()) if mail.is_multipart() else 0
    remarks = (
        (f"{n_attached} attachment{'s' if n_attached > 1 else ''} left out; save and name one to read it",) if n_attached else ()
    )
    name, address = parseaddr(str(mail.get("from", "")))
    day = _day(str(mail.get("date", "")))
    return Extracted(
        text,
        str(mail.get("subject", "")).strip(),
        name or address,
        "",
        day,
        "as the mail's header says" if day else "",
        reader,
        remarks,
    )


def _kinds(mail: EmailMessage) -> set[str]:
    """Return the kinds of the parts of a mail; too many of them, or too deep, are refused."""
    kinds, level, n = set(), [(mail, 1)], 0
    while level:
        part, depth = level.pop()
        n += 1
        if depth > LIMITS.depth or n > LIMITS.parts:
            raise Refused(f"a mail of more than {LIMITS.parts:,} parts, or nested more than {LIMITS.depth} deep", AS_TEXT)
        kinds.add(part.get_content_type())
        if part.is_multipart():
            level.extend((inner, depth + 1) for inner in part.iter_parts())  # type: ignore[misc]
    return kinds


def _text(body: MIMEPart) -> tuple[str, str]:
    """Return the text of a part, and the library that read it, if one was needed."""
    if body.get_content_type() == _HTML:
        payload = body.get_payload(decode=True)
        assert isinstance(payload, bytes)  # a part of text has no parts
        charset = str(body.get_content_charset() or "utf-8")
        try:
            found = page.read(payload.decode(charset).encode("utf-8"))
        except (LookupError, UnicodeDecodeError):
            raise Refused(f"a mail that says it is in {charset!r} and is not", AS_TEXT) from None
        return found.text, found.reader
    try:
        text = body.get_content(errors="strict")
    except (LookupError, UnicodeDecodeError, MessageError) as error:
        raise Refused(f"a mail whose text cannot be decoded ({error})", AS_TEXT) from None
    return str(text), ""


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except ValueError:
        return ""
