"""Makes the files of this folder, one program each: `python3 make.py`.

Needs openpyxl 3.1, xlwt 1.3, msoffcrypto-tool and LibreOffice (`soffice`). `tests/reading.rs` says what each must
read as; the same sheet in every format, so that the formats can be held against each other.
"""

import datetime
import io
import pathlib
import shutil
import struct
import subprocess
import tempfile
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
import xlwt
import xlwt.CompoundDoc

HERE = pathlib.Path(__file__).parent
DATE = datetime.datetime(2019, 1, 31)
MOMENT = datetime.datetime(2019, 1, 31, 8, 30)
# Address, value, number format. What a formula gives is for the program that calculates it.
CELLS = [
    ("A1", "生态文明建设示范市创建考核计分表", None),
    ("A2", "编号", None), ("B2", "填报值", None),
    ("A3", "1①", None), ("B3", 3, None),
    ("A4", " \u3000", None), ("B4", 0.933, "0.0%"),
    ("B5", DATE, 'yyyy"年"m"月"d"日"'),
    ("B6", "=B3+2", None),
    ("B7", "=1/0", None),
    ("B8", True, None),
    ("B9", '=IF(B3=3,"","x")', None),
    ("B10", MOMENT, "yyyy-mm-dd hh:mm"),
    ("B11", "=B4", "0%"),
    ("B12", "88.5", None),
    ("B13", "=A3&\"次\"", None),
    ("C13", "<b>&\n第二行", None),
    ("D20", -0.5, None),
]


def with_openpyxl(path):
    """Formulas without results: openpyxl does not calculate."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计分表"
    for address, value, number_format in CELLS:
        sheet[address] = value
        if number_format:
            sheet[address].number_format = number_format
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A5:A8")
    for title, state in [("隐藏", "hidden"), ("深藏", "veryHidden")]:
        hidden = book.create_sheet(title)
        hidden["B2"] = title
        hidden.sheet_state = state
    chart = book.create_chartsheet("图表")
    chart.add_chart(openpyxl.chart.BarChart())
    book.save(path)


def with_xlwt(path):
    """Formulas without results, and no summary beside the workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("计分表")
    for address, value, number_format in CELLS:
        row, column = openpyxl.utils.cell.coordinate_to_tuple(address)
        style = xlwt.XFStyle()
        style.num_format_str = number_format or "General"
        if isinstance(value, str) and value.startswith("="):
            value = xlwt.Formula(value[1:].replace(",", ";"))
        if address == "A1":
            sheet.write_merge(0, 0, 0, 3, value, style)
        else:
            sheet.write(row - 1, column - 1, value, style)
    sheet.merge(4, 7, 0, 0)
    sheet.write(14, 1, -1)
    book.add_sheet("隐藏").visibility = 1
    book.save(str(path))


def with_libreoffice(source, kind, path):
    """Formulas calculated."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
        subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True)
        shutil.move(f"{folder}/{source.stem}.{kind}", path)


def without_pictures(path):
    """Leaves out what makes an .ods large and holds no cells."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in ["mimetype", "content.xml", "META-INF/manifest.xml"]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def with_password(path):
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    with path.open("wb") as locked:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("kaohe", locked)


def of_excel_95(path):
    """The records of Excel 95 by hand, in the code page of Chinese Windows; the container is xlwt's."""
    def old_record(kind, content=b""):
        return struct.pack("<HH", kind, len(content)) + content

    def label(row, text):
        text = text.encode("gbk")
        return old_record(0x204, struct.pack("<HHHH", row, 0, 0, len(text)) + text)

    name = "计分表".encode("gbk")
    start = old_record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + old_record(0x42, struct.pack("<H", 936))
    start += old_record(0xE0, struct.pack("<HH", 0, 0) + bytes(12)) + old_record(0xE0, struct.pack("<HH", 0, 9) + bytes(12))
    bound = lambda offset: old_record(0x85, struct.pack("<IBBB", offset, 0, 0, len(name)) + name)
    sheet = old_record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + label(0, "武陵区囧")
    sheet += old_record(0x203, struct.pack("<HHHd", 0, 1, 1, 0.933)) + old_record(0x0A)
    stream = start + bound(len(start + bound(0)) + 4) + old_record(0x0A) + sheet
    xlwt.CompoundDoc.XlsDoc().save(str(path), stream)


def record(kind, content=b""):
    """A record of .xlsb."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = bytes([len(content)]) if len(content) < 128 else bytes([len(content) & 0x7F | 0x80, len(content) >> 7])
    return number + length + content


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def by_hand(path):
    """.xlsb, which none of the programs at hand writes: the records that the format's description asks for."""
    cell = lambda column, style, value: struct.pack("<II", column, style) + value
    formula = struct.pack("<HI", 0, 3) + b"\x1e\5\0" + struct.pack("<I", 0)
    sheet = b"".join([
        record(129), record(148, struct.pack("<IIII", 1, 8, 0, 2)), record(145),
        record(0, struct.pack("<I", 1)), record(7, cell(0, 0, struct.pack("<I", 0))), record(6, cell(1, 0, wide("填报值"))),
        record(0, struct.pack("<I", 2)), record(2, cell(1, 0, struct.pack("<I", 3 << 2 | 2))),
        record(0, struct.pack("<I", 3)), record(5, cell(1, 1, struct.pack("<d", 0.933))),
        record(0, struct.pack("<I", 4)), record(5, cell(1, 2, struct.pack("<d", 43496))),
        record(0, struct.pack("<I", 5)), record(9, cell(1, 0, struct.pack("<d", 5) + formula)),
        record(0, struct.pack("<I", 6)), record(11, cell(1, 0, b"\x07" + formula)),
        record(0, struct.pack("<I", 7)), record(4, cell(1, 0, b"\1")), record(1, cell(2, 0, b"")),
        record(0, struct.pack("<I", 8)), record(8, cell(1, 0, wide("") + formula)),
        record(146), record(176, struct.pack("<IIII", 4, 7, 0, 0)), record(130),
    ])
    book = record(131) + record(153, bytes(12)) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("计分表")) + record(144) + record(132)
    xf = lambda number_format: record(47, struct.pack("<HH", 0, number_format) + bytes(12))
    styles = record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + wide('yyyy"年"m"月"d"日"')) + record(616) + record(617, struct.pack("<I", 3)) + xf(0) + xf(10) + xf(164) + record(618)
    strings = record(159, struct.pack("<II", 1, 1)) + record(19, b"\0" + wide("编号")) + record(160)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    relations = lambda *targets: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="rId{i}" Type="{office}{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(targets, 1)
    ) + "</Relationships>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", relations(("officeDocument", "xl/workbook.bin")))
        package.writestr("xl/workbook.bin", book)
        package.writestr("xl/_rels/workbook.bin.rels", relations(
            ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")))
        package.writestr("xl/worksheets/sheet1.bin", sheet)
        package.writestr("xl/styles.bin", styles)
        package.writestr("xl/sharedStrings.bin", strings)


if __name__ == "__main__":
    written = HERE / "openpyxl.xlsx"
    with_openpyxl(written)
    with_xlwt(HERE / "xlwt.xls")
    with_libreoffice(written, "xlsx", HERE / "libreoffice.xlsx")
    with_libreoffice(written, "ods", HERE / "libreoffice.ods")
    with_libreoffice(written, "xls", HERE / "libreoffice.xls")
    without_pictures(HERE / "libreoffice.ods")
    of_excel_95(HERE / "excel-95.xls")
    with_password(HERE / "password.xlsx")
    by_hand(HERE / "by-hand.xlsb")
