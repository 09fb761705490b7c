"""Folders at addresses (s3://…, sftp://…, memory://…): brought here before a run, taken back after it.

A run works on local folders only. A folder at an address has a mirror below the state folder; `pull` fetches
what changed there, by the stamps that its file system gives (etag, checksum, time), `push` sends what changed
here. So whatever holds for local results (edited ones are kept, those of others stay) holds at addresses too,
but for one thing: there one file is replaced at a time, not all of them by one rename. Every file is sent
beside its place and moved, the manifest last: until then its hashes are not those of the files. Two runs from
different machines into one address are not kept apart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from upath import UPath

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORD = "record.json"
_FILES = "files"
_BEING_SENT = ".jixiao-part"


def is_address(place: str) -> bool:
    """Whether a place is an address rather than a path: it begins with a protocol."""
    return "://" in place


class AddressError(OSError):
    """What lies at an address can't be used; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A file that is the same here and there: its stamp there, its sha256 here."""

    stamp: str
    sha256: str


class Mirror:
    """The local image of the folder at an address."""

    def __init__(self, address: str, state: Path) -> None:
        """Keep it below the state folder.

        Raises:
            AddressError: nothing here knows such an address.
        """
        try:
            self._there = UPath(address)
            self._system = self._there.fs
        except (ImportError, ValueError) as error:
            raise AddressError(
                say("无法使用地址 {address}（{error}）。", address=address, error=error)
            ) from error
        self._base = state / "addresses" / sha256(address.encode()).hexdigest()[:16]
        self.folder = self._base / _FILES
        """Where the files are here."""

    def pull(self) -> None:
        """Fetch what is new or changed at the address; what went away there goes here too.

        Raises:
            OSError: the address can't be read, or a name there leads out of the folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        known = self._load()
        stamps = dict(self._stamps())
        for name in known.keys() - stamps.keys():
            (self.folder / name).unlink(missing_ok=True)
            del known[name]
        for name, stamp in stamps.items():
            path = self.folder / name
            if name not in known or known[name].stamp != stamp or not path.is_file():
                known[name] = _Known(stamp, self._fetch(name, path))
        self._save(known)

    def push(self, below: str = "", *, last: str = "") -> None:
        """Send what is new or changed here below a folder, the file of name `last` after all others.

        Then what is no longer here goes there too, if nobody touched it there since.

        Raises:
            OSError: the address can't be written to; the next push sends the rest.
        """
        known = self._load()
        here = {name: path for name, path in self._files() if PurePosixPath(name).is_relative_to(below)}
        try:
            for name in sorted(here, key=lambda name: (PurePosixPath(name).name == last, name)):
                digest = sha256(here[name].read_bytes()).hexdigest()
                if name not in known or known[name].sha256 != digest:
                    known[name] = _Known(self._send(here[name], name), digest)
            for name in [each for each in known if PurePosixPath(each).is_relative_to(below)]:
                if name not in here:
                    self._remove(name, known.pop(name))
        finally:
            self._save(known)

    def _stamps(self) -> Iterator[tuple[str, str]]:
        self._system.invalidate_cache()
        root = self._there.path.rstrip("/")
        for path in sorted(self._system.find(root)):
            name = path.removeprefix(root).lstrip("/")
            if name.endswith(_BEING_SENT):
                continue
            if not name or any(part in {"..", "."} for part in PurePosixPath(name).parts) or "\\" in name:
                raise AddressError(
                    say("{there} 里有不能使用的文件名：{name!r}。", there=self._there, name=name)
                )
            yield name, self._system.ukey(path)

    def _fetch(self, name: str, path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + _BEING_SENT)
        self._system.get_file(self._at(name), str(part))
        part.replace(path)
        return sha256(path.read_bytes()).hexdigest()

    def _send(self, path: Path, name: str) -> str:
        target, part = self._at(name), self._at(name + _BEING_SENT)
        self._system.makedirs(target.rpartition("/")[0], exist_ok=True)
        self._system.put_file(str(path), part)
        self._system.mv(part, target)
        self._system.invalidate_cache()
        return str(self._system.ukey(target))

    def _remove(self, name: str, known: _Known) -> None:
        target = self._at(name)
        if self._system.exists(target) and self._system.ukey(target) == known.stamp:
            self._system.rm_file(target)

    def _at(self, name: str) -> str:
        return f"{self._there.path.rstrip('/')}/{name}"

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.endswith(_BEING_SENT):
                yield path.relative_to(self.folder).as_posix(), path

    def _load(self) -> dict[str, _Known]:
        """What is the same here and there; nothing where the record is gone: then everything is fetched."""
        try:
            record = json.loads((self._base / _RECORD).read_text(encoding="utf-8"))
            return {name: _Known(**each) for name, each in record.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _save(self, known: dict[str, _Known]) -> None:
        path = self._base / _RECORD
        part = path.with_suffix(".part")
        record = {name: asdict(each) for name, each in sorted(known.items())}
        part.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        part.replace(path)
