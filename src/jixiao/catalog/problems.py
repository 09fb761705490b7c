"""What is wrong with a file of seeds/, and the exception that refuses to work with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """One thing wrong in a seeds file.

    `file` is its name as the officer knows it, `line` counts from 1 (None: the whole file), `key` is the
    dotted TOML path ("" : the whole file), `message` is a Chinese sentence that names the allowed values.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        """File, line, key and message on one line."""
        place = self.file if self.line is None else f"{self.file} 第 {self.line} 行"
        return f"{place} {self.key}：{self.message}" if self.key else f"{place}：{self.message}"


class SchemeError(Exception):
    """A scheme, form, lexicon or wording that cannot be used: carries all its problems, one a line."""

    def __init__(self, *problems: SchemeProblem) -> None:
        """Keep the problems; the message lists them all."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
