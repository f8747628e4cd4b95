"""Makes the spoiled sheets of this folder: one folder for each problem code.

Needs openpyxl and msoffcrypto-tool. Run it in this folder, then `UPDATE_GOLDEN=1 cargo test --test problems`, and
read what changed.
"""

import csv
import datetime
import pathlib
import struct
import tomllib
import zipfile

import msoffcrypto.format.ooxml
import openpyxl

HERE = pathlib.Path(__file__).parent
RUBRICS = HERE.parents[2] / "rubrics"
TASKS = tomllib.loads((RUBRICS / "tasks.toml").read_text("utf-8"))
DISTRICTS = "各区县（市）人民政府（管理区管委会）"

CLEAN = [
    ("1①", "0"), ("1②", "0"), ("1③", "0"), ("1④", "0"), ("2", "100%"), ("3①", "0"),
    ("3②", "2"), ("4", "0"), ("5", "4"), ("6①", "是"), ("6②", "是"), ("6③", "0"),
]


def form(unit="武陵区", period="平时考核", round_=1, year="2019", **spoiled):
    """A form as rows; `spoiled` maps a 编号 to its value or to (value, reason)."""
    rows = [
        ["2019年生态文明建设示范市创建考核计分表"],
        ["被考核单位", unit, "考核时段", period],
        ["考核年度", year, "轮次", str(round_)],
        ["编号", "填报值", "扣分说明"],
    ]
    for rule, value in CLEAN:
        value = spoiled.get("_" + rule, value)
        value, reason = value if isinstance(value, tuple) else (value, "")
        if value is not None:
            rows.append([rule, value, reason])
    return rows


def tasks(unit="武陵区", period="平时考核", **spoiled):
    """The task table of a district; `spoiled` maps a task to (state, measured value)."""
    rows = [
        ["被考核单位", unit, "考核时段", period],
        ["任务序号", "完成情况", "实际值"],
    ]
    for task in TASKS["task"]:
        if DISTRICTS in task["responsible"]:
            state = spoiled.get("_" + task["no"], ("完成", ""))
            if state is not None:
                rows.append([task["no"], *state])
    return rows


def folder(code):
    path = HERE / code
    path.mkdir(exist_ok=True)
    return path


def put(code, rows, name="武陵区.csv"):
    with open(folder(code) / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def put_xlsx(code, rows, cell, value, name="武陵区.xlsx"):
    """Writes rows as .xlsx with one cell replaced."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2019, 12, 1)
    sheet = book.active
    sheet.title = "计分表"
    for row in rows:
        sheet.append([int(text) if text.isdecimal() else text for text in row])
    sheet[cell] = value
    book.save(folder(code) / name)


# Files.
(folder("unreadable-file") / "武陵区.xlsx").write_bytes(b"")
(folder("html-not-workbook") / "导出.xls").write_text(
    "<html><body><table><tr><td>编号</td><td>填报值</td></tr></table></body></html>", "utf-8"
)
with zipfile.ZipFile(folder("file-too-large") / "武陵区.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
    book.writestr("[Content_Types].xml", "<Types/>")
    book.writestr("xl/workbook.xml", "<workbook/>")
    book.writestr("xl/worksheets/sheet1.xml", b" " * 1024)
path = folder("file-too-large") / "武陵区.xlsx"
# The declared size of the sheet, in the central directory and in its own header: 2 GiB.
path.write_bytes(path.read_bytes().replace(struct.pack("<I", 1024), struct.pack("<I", 2**31)))

put_xlsx("encrypted-workbook", form(), "A1", "计分表", "原.xlsx")
plain = folder("encrypted-workbook") / "原.xlsx"
with open(plain, "rb") as source, open(plain.with_name("武陵区.xlsx"), "wb") as target:
    msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("1234", target)
plain.unlink()

# The sheet's shape.
put("no-table-found", [["单位名称", "得分"], ["武陵区", "99"]])
rows = form()
rows[3].append("填报值")
put("duplicate-header", rows)
put("missing-metadata", form(unit=""))

# Names.
put("unknown-unit", form(unit="五陵区"))
put("unknown-period", form(period="上半年"))
rows = form()
rows.insert(5, ["1⑤", "0", ""])
put("unknown-rule", rows)
put("unknown-task", form(_2=("", "")))
rows = tasks()
rows.append(["8", "完成", ""])
put("unknown-task", rows, "武陵区任务.csv")

# What is not there.
put("no-task-counts", form(_2=("", "")))
put("no-task-counts", tasks(**{"_" + t["no"]: ("不涉及", "") for t in TASKS["task"] if DISTRICTS in t["responsible"]}), "武陵区任务.csv")
put("missing-rule", form(**{"_1③": None}))
put("missing-value", form(**{"_3①": ""}))
put("missing-task", form(_2=("", "")))
put("missing-task", tasks(_24=None), "武陵区任务.csv")
put("missing-sheet", form(), "武陵区1.csv")
put("missing-sheet", form(round_=2), "武陵区2.csv")
put("missing-sheet", form(unit="鼎城区"), "鼎城区1.csv")
put("missing-reason", form(**{"_1③": ("1.5", "")}))

# Values.
put("not-a-number", form(**{"_1①": "1分", "_1②": "1 2", "_1③": ("2次", "备案不及时"), "_3①": "若干"}))
put("not-a-whole-number", form(**{"_1②": "2.5"}))
put("negative-value", form(_4=("-1", "资料不全")))
put("not-yes-no", form(**{"_6①": "基本设立"}))
put("above-cap", form(**{"_1③": ("3", "备案不及时")}))
put("rate-out-of-range", form(_2="93.3"))
put("not-a-task-state", form(_2=""))
put("not-a-task-state", tasks(_24=("正在推进", "")), "武陵区任务.csv")

# The task table against the rest.
put("rate-conflict", form(_2="95%"))
put("rate-conflict", tasks(_24=("未完成", ""), _25=("未完成", "")), "武陵区任务.csv")
put("target-missed", form(_2=""))
put("target-missed", tasks(_11=("完成", "40%")), "武陵区任务.csv")
put("percent-assumed", form(_2=""))
put("percent-assumed", tasks(_11=("完成", "0.46")), "武陵区任务.csv")
put("target-met-but-unfinished", form(_2=""))
put("target-met-but-unfinished", tasks(_11=("未完成", "48%")), "武陵区任务.csv")
put("task-not-assigned", form(_2=""))
rows = tasks()
rows.append(["21", "完成", ""])
put("task-not-assigned", rows, "武陵区任务.csv")

# Cells.
put_xlsx("error-cell", form(), "B5", "#REF!")
put_xlsx("formula-without-value", form(), "B5", "=1+1")
put_xlsx("date-instead-of-number", form(), "A5", datetime.date(2019, 1, 1))

# Twice.
put("duplicate-sheet", form(), "武陵区(修改).csv")
put("duplicate-sheet", form(), "武陵区.csv")
rows = form()
rows.append(["3①", "1", ""])
put("duplicate-row", rows)

# Context.
put("wrong-year", form(year="2018"))

# absent-unit holds one class whose other units are missing; its `arguments` ask for all.
put("absent-unit", form(), "武陵区1.csv")
put("absent-unit", form(period="年终考核"), "武陵区2.csv")
(folder("absent-unit") / "arguments").write_text("--complete\n", "utf-8")
