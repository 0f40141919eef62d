"""Spreadsheets: what comes in is capped and checked, what goes out cannot run, errors are told by row and column."""

from core.sheets.errors import SheetError, SheetResult, row_errors
from core.sheets.formats import SheetCSV, SheetXLSX, read_table
from core.sheets.loaders import CachedInstanceLoader
from core.sheets.resources import SheetResource
from core.sheets.widgets import (
    CachedForeignKeyWidget,
    ChoiceWidget,
    DateWidget,
    MomentWidget,
    NumberWidget,
    TextWidget,
    WholeNumberWidget,
    YesNoWidget,
)
from core.uploads.tables import MAX_COLUMNS, MAX_ROWS

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "CachedForeignKeyWidget",
    "CachedInstanceLoader",
    "ChoiceWidget",
    "DateWidget",
    "MomentWidget",
    "NumberWidget",
    "SheetCSV",
    "SheetError",
    "SheetResource",
    "SheetResult",
    "SheetXLSX",
    "TextWidget",
    "WholeNumberWidget",
    "YesNoWidget",
    "read_table",
    "row_errors",
]
