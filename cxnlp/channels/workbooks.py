"""Workbooks: .xlsx and .ods, one table a sheet."""

from collections.abc import Iterator
from typing import Final

import python_calamine

from cxnlp.channels.archives import check_archive, check_ods, check_sheets
from cxnlp.channels.files import File
from cxnlp.channels.items import Unusable
from cxnlp.channels.sheets import HEAD_ROWS, Sheet
from cxnlp.settings import Source

SUFFIXES: Final = (".xlsx", ".xlsm", ".ods")


def workbook_sheets(source: Source, file: File) -> Iterator[Sheet]:
    """Yield the sheet that ``cxnlp.toml`` names, else every visible one (those without the needed columns fall away).

    Raises:
        Unusable: no workbook, damaged, protected, too big, or without the sheet that is named.
    """
    parts = check_archive(file.path)
    if "xl/workbook.xml" in parts:
        check_sheets(file.path)
    elif {"mimetype", "content.xml"} <= parts:
        check_ods(file.path)
    else:
        raise Unusable("Is a ZIP archive, but no .xlsx or .ods workbook. Export the table as one of these or as CSV.")
    try:
        with python_calamine.load_workbook(file.path) as workbook:
            for name in _names(source, workbook):
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield Sheet(name, list(rows[:HEAD_ROWS]), iter(rows[HEAD_ROWS:]))
    except python_calamine.PasswordError as error:
        raise Unusable("Is protected by a password. Save it again as an open workbook, or export it as CSV.") from error
    except python_calamine.CalamineError as error:
        raise Unusable(
            "Is a damaged workbook. Open it in a spreadsheet program, repair it and save it again."
        ) from error


def _names(source: Source, workbook: python_calamine.CalamineWorkbook) -> list[str]:
    if source.sheet is None:
        return [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
    if source.sheet not in workbook.sheet_names:
        raise Unusable(
            f"Has no sheet {source.sheet!r}. Its sheets are {workbook.sheet_names}. Set `sheet` of source "
            f"{source.name!r} to one of these."
        )
    return [source.sheet]
