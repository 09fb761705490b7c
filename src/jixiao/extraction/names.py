"""Names of departments and projects as printed, without their code, a note on the seal, and white space."""

from __future__ import annotations

import re
import unicodedata

from jixiao.extraction.labels import compact

_YEAR = r"(?:19|20)\d\d(?![A-Za-z\d])"
_CODE = rf"(?!{_YEAR})[A-Za-z]{{0,3}}\d{{3,}}[A-Za-z\d]*"
_LONG_CODE = rf"(?!{_YEAR})[A-Za-z]?\d{{6,}}[A-Za-z\d]*"
_IN_BRACKETS = rf"[\[(【〔]\s*{_CODE}\s*[\])】〕]"
_CODE_BEFORE = re.compile(
    rf"^(?:{_IN_BRACKETS}\s*[-—_:·]?|{_CODE}\s*[-—_:·]|{_CODE}\s|{_LONG_CODE})\s*(?=[一-鿿\"“《(])"
)
_CODE_AFTER = re.compile(rf"(?:{_IN_BRACKETS}|[-—_]{_LONG_CODE})$")
_SEAL = re.compile(r"[(](?:单位)?(?:公章|盖章|签章|章)[)]")


def clean_name(text: str) -> str:
    """The bare name.

    A code in brackets, before a dash or a space, or of six digits and more goes; a year stays
    (2024年中央资金), and so do a few digits that belong to the name (110指挥中心). Brackets come out
    full-width, so that two ways of typing one name are one name.
    """
    text = _SEAL.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    name = compact(_CODE_AFTER.sub("", _CODE_BEFORE.sub("", text).rstrip()))
    return name.replace("(", "（").replace(")", "）")
