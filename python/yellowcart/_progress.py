"""How far long work is: a bar where tqdm is installed and somebody looks, or a function of your own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

__all__ = ["Progress", "told"]

Progress: TypeAlias = bool | Callable[[float, float], object] | None
"""``None``: a bar, where tqdm is installed and somebody looks; ``False``: nothing; or a function of done and total."""

Told: TypeAlias = Callable[[str, float, float], object]


@contextmanager
def told(progress: Progress) -> Iterator[Told | None]:
    """What the half in Rust calls ten times a second: what is being done, how much is done, how much there is."""
    if callable(progress):
        yield lambda _, done, total: progress(done, total)
        return
    bar = None if progress is False else _Bar.where_there_is_tqdm(needed=progress is True)
    try:
        yield bar
    finally:
        if bar is not None:
            bar.close()


class _Bar:
    """A bar that begins anew at every stage."""

    def __init__(self, tqdm: Callable[..., Any]) -> None:
        self._tqdm = tqdm
        self._bar: Any = None
        self._stage = ""

    @classmethod
    def where_there_is_tqdm(cls, needed: bool) -> _Bar | None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            if needed:
                raise ImportError("progress=True needs tqdm: pip install 'yellowcart[progress]'") from None
            return None
        return cls(tqdm)

    def __call__(self, stage: str, done: float, total: float) -> None:
        if self._bar is None or stage != self._stage or total != self._bar.total:
            self.close()
            self._stage = stage
            # None: nothing is drawn where nobody looks.
            self._bar = self._tqdm(total=total, desc=stage, disable=None, leave=False, bar_format=_FORMAT)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


_FORMAT = "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} [{elapsed}<{remaining}]"
