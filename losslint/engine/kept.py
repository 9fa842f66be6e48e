"""Parts that were found before and still hold: by all that had a say in them, in memory and on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b

from losslint.cache.folder import stamp
from losslint.cache.results import Cache
from losslint.engine.islands import Island
from losslint.engine.outcome import Part, Request
from losslint.finding import Problem
from losslint.names.project import Project, Unit

MOST = 2_000
"""Parts that are kept in memory, the latest: an editor asks for days on end."""


class Kept:
    """Parts by key; with a cache, also those of earlier runs."""

    __slots__ = ("_cache", "_parts", "project")

    def __init__(self, cache: Cache | None = None) -> None:
        self._cache = cache
        self.project: Project | None = None  # the one that was checked last
        self._parts: dict[bytes, Part] = {}

    def get(self, key: bytes) -> Part | None:
        """What was kept under a key. What cannot be read is not there."""
        part = self._parts.get(key)
        if part is None and self._cache is not None:
            data = self._cache.get(key)
            part = None if data is None else _decoded(data)
            if part is not None:
                self._parts[key] = part
        return part

    def put(self, key: bytes, part: Part) -> None:
        """Keep a part, unless it may not hold another time."""
        if part.transient:
            return
        self._parts[key] = part
        if len(self._parts) > MOST:
            del self._parts[next(iter(self._parts))]
        if self._cache is not None:
            import msgspec

            self._cache.put(key, msgspec.msgpack.encode(part))


def _decoded(data: bytes) -> Part | None:
    import msgspec

    try:
        return msgspec.msgpack.decode(data, type=Part)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


class Keys:
    """The keys of a project's islands for one request."""

    __slots__ = ("_common", "_digests", "_request")

    def __init__(self, project: Project, request: Request) -> None:
        self._request = request
        self._digests: dict[Unit, bytes] = {}
        asked = f"{os.getcwd()} {request.settings.digest()} {request.mend} {request.map_losses}"
        names = "\n".join(sorted(map(str, project.units)))
        self._common = _digest((stamp(), _bytes(asked), _bytes(names)))

    def of(self, island: Island) -> bytes:
        """The key of what is found on an island."""
        roots, reported = set(island.roots), self._request.reported
        parts = [self._common]
        for unit in island.neighbours:
            parts += (_bytes(f"{unit.file} {unit in roots} {unit.file in reported}"), self._digest_of(unit))
        return _digest(parts)

    def _digest_of(self, unit: Unit) -> bytes:
        known = self._digests.get(unit)
        if known is None:
            document = unit.document
            text = _bytes(document.reason) if isinstance(document, Problem) else document.data
            known = self._digests[unit] = _digest((text,))
        return known


def _digest(parts: Iterable[bytes]) -> bytes:
    found = blake2b(digest_size=20)
    for part in parts:
        found.update(len(part).to_bytes(8, "little") + part)
    return found.digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
