"""Tables of results, as Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yellowcart import _yellowcart
from yellowcart._html import table as html_table

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Table"]

_SHOWN = 10
"""Rows that a notebook shows."""


class Table:
    """A table of a result, in memory as Arrow; money is in whole fen (0.01 yuan) where a column says so.

    Any library that knows the Arrow PyCapsule interface takes it as it is, without copying:
    ``polars.DataFrame(table)``, ``pyarrow.table(table)``, ``duckdb.from_arrow(pyarrow.table(table))``.

    >>> import yellowcart
    >>> run = yellowcart.load("one_room", {"population.consumers": 2000}).run()
    >>> rooms = run.table("rooms")
    >>> rooms.columns[:3]
    ['time', 'room', 'displayed_viewers']
    """

    def __init__(self, name: str, inner: _yellowcart.Table) -> None:
        self._name = name
        self._inner = inner

    @property
    def name(self) -> str:
        """What it is called in its result."""
        return self._name

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return self._inner.columns

    @property
    def types(self) -> dict[str, str]:
        """Arrow types by column."""
        return dict(zip(self._inner.columns, self._inner.types, strict=True))

    def __len__(self) -> int:
        return len(self._inner)

    def __arrow_c_schema__(self) -> object:
        return self._inner.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._inner.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pyarrow.Table:
        """As a table of pyarrow, which shares its memory."""
        try:
            import pyarrow
        except ImportError:
            raise _needs("to_arrow", "pyarrow", "pandas") from None
        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a data frame of pandas."""
        try:
            import pandas  # noqa: F401
        except ImportError:
            raise _needs("to_pandas", "pandas", "pandas") from None
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """As a data frame of polars, which shares its memory."""
        try:
            import polars
        except ImportError:
            raise _needs("to_polars", "polars", "polars") from None
        return polars.DataFrame(self)

    def head(self, rows: int = 5) -> Table:
        """Its first rows."""
        return Table(self._name, self._inner.head(rows))

    def __repr__(self) -> str:
        return f"<yellowcart.Table {self._name}: {len(self):,} rows, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        title = f"{self._name}: {len(self):,} rows"
        rows: list[list[Any]] = self._inner.rows(_SHOWN)
        return html_table(title, self.columns, rows)


def _needs(method: str, package: str, extra: str) -> ImportError:
    return ImportError(f"{method} needs {package}: pip install 'yellowcart[{extra}]'")
