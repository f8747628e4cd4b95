#!/usr/bin/env python3
"""Writes one folder for each code: the files of `good` with one thing wrong.

A folder holds only the files that differ from those of `good`; `without` names files of `good`
that are left out. After a change here, run this, then the tests with UPDATE_GOLDEN=1, and read
the diff.
"""

from pathlib import Path

HERE = Path(__file__).parent
GOOD = {name: (HERE / "good" / name).read_text() for name in ("river.toml", "roster.toml", "tasks.toml")}

RIVER, ROSTER, TASKS = GOOD

SECOND_RULE = """\
[[category.item.rule]]
mark = "②"
text = "交办不及时的，酌情扣分，扣完为止。"
covers = ["②"]
kind = "discretionary"
ask = "酌情扣分（交办不及时）"
"""

TEST = """\
rubric = "river"

[[case]]
name = "没有扣分的，得满分"
given = {}
expect = { score = 100 }

[[case]]
name = "没有扣分的，得满分"
given = {}
expect = { total = 100 }
"""

# Code: changes as (file, old, new); old must be there exactly once.
CASES = {
    # What cannot be computed.
    "bad-date": [(RIVER, '"2026-01-15"', '"2026-02-30"')],
    "bad-id": [(RIVER, 'id = "year-end"', 'id = "年度"')],
    "bad-mark": [(RIVER, 'mark = "①"\npoints = 24', 'mark = "一"\npoints = 24')],
    "bad-task-number": [(TASKS, 'no = "2"', 'no = "第二项"')],
    "caps-above-item": [(RIVER, 'kind = "discretionary"', 'kind = "discretionary"\ncap = 17')],
    "duplicate-case": [("river.test.toml", None, TEST)],
    "duplicate-class": [(ROSTER, '# end', '[[class]]\nrubric = "river"\nunits = [{ name = "炎陵县" }]')],
    "duplicate-clause": [(RIVER, 'mark = "②"\npoints = 16', 'mark = "①"\npoints = 16'), (RIVER, 'covers = ["②"]', 'covers = ["①"]')],
    "duplicate-grade": [(RIVER, 'name = "合格"', 'name = "优秀"')],
    "duplicate-group": [(TASKS, '# groups', '[[group]]\nname = "各县市区人民政府"\nclasses = ["river"]')],
    "duplicate-item": [(RIVER, 'no = 1\n', 'no = 2\n')],
    "duplicate-period": [(RIVER, 'id = "year-end"', 'id = "quarter"')],
    "duplicate-rubric": [("copy.toml", None, GOOD[RIVER])],
    "duplicate-rule": [(RIVER, 'mark = "②"\ntext = "交办不及时', 'mark = "①"\ntext = "交办不及时')],
    "duplicate-task": [(TASKS, 'no = "2"', 'no = "1"')],
    "duplicate-unit": [(ROSTER, 'also = ["茶陵"]', 'also = ["茶陵", "攸县人民政府"]')],
    "empty-text": [(RIVER, 'ask = "年度任务完成率"', 'ask = ""')],
    "goal-bounds": [(TASKS, 'goal = { at-least = 95.5, unit = "%" }', 'goal = { unit = "%" }')],
    "grade-conditions": [(RIVER, 'name = "合格"', 'name = "合格"\nat-least = 60')],
    "hidden-character": [(ROSTER, '{ name = "攸县",', '{ name = "攸\\u200b县",')],
    "key-of-another-kind": [(RIVER, 'kind = "discretionary"', 'kind = "discretionary"\nrequired = 4')],
    "missing-key": [(RIVER, 'title = "株洲市2026年河长制工作考核评分表"\n', '')],
    "negative-number": [(RIVER, 'points = 24', 'points = -24')],
    "no-roster": [(ROSTER, None, None)],
    "no-rubric": [(RIVER, None, None)],
    "not-a-whole-number": [(RIVER, 'no = 2\n', 'no = 1.5\n')],
    "number-out-of-range": [(RIVER, 'points = 24', 'points = 24e3')],
    "second-roster": [("units.toml", None, GOOD[ROSTER])],
    "syntax": [(RIVER, 'count = "次"', 'count = “次”')],
    "tasks-not-named": [(RIVER, 'tasks = "tasks.toml"\n', ''), (TASKS, None, None)],
    "unknown-clause": [(RIVER, 'covers = ["②"]', 'covers = ["③"]')],
    "unknown-file": [(RIVER, '"tasks.toml"', '"task.toml"')],
    "unknown-item": [(RIVER, 'tie-breakers = [2]', 'tie-breakers = [9]')],
    "unknown-key": [(RIVER, 'method = ["查台账"]', 'methods = ["查台账"]')],
    "unknown-kind": [(RIVER, 'kind = "discretionary"', 'kind = "discretion"')],
    "unknown-period": [(RIVER, 'quarter = { required', 'quater = { required')],
    "unknown-rubric": [(TASKS, 'classes = ["river"]', 'classes = ["rivers"]')],
    "unknown-unit": [(TASKS, 'lead = ["醴陵市"]', 'lead = ["澧陵市"]')],
    "unknown-word": [(RIVER, 'rate = "tasks"', 'rate = "task"')],
    "weight-out-of-range": [(RIVER, 'weight = 0.6', 'weight = 60')],
    "weights-not-one": [(RIVER, 'weight = 0.6', 'weight = 0.5')],
    "wrong-type": [(RIVER, 'year = 2026', 'year = "2026"')],
    "year-mismatch": [(TASKS, 'year = 2026', 'year = 2025')],
    # What looks wrong.
    "cap-not-clauses": [(RIVER, 'kind = "discretionary"', 'kind = "discretionary"\ncap = 12')],
    "cap-out-of-reach": [(RIVER, 'text = "每少一次扣6分，扣完为止。"', 'text = "每少一次扣5分，扣完为止。"'), (RIVER, 'each = 6', 'each = 5'), (RIVER, 'by-period = { quarter = { required = 1, each = 24 } }', '')],
    "cap-passed-at-once": [(RIVER, 'text = "每少一次扣6分，扣完为止。"', 'text = "每少一次扣30分，扣完为止。"'), (RIVER, 'each = 6', 'each = 30')],
    "clause-covered-twice": [(RIVER, 'covers = ["②"]', 'covers = ["②", "②"]\ncap = 16')],
    "clause-without-rule": [(RIVER, SECOND_RULE, "")],
    "clauses-not-item": [(RIVER, 'points = 24\ntext = "县级河长全年巡河不少于4次，24分；"', 'points = 20\ntext = "县级河长全年巡河不少于4次，20分；"'), (RIVER, 'each = 6\n', 'each = 5\n'), (RIVER, '扣6分', '扣5分'), (RIVER, 'each = 24', 'each = 20')],
    "clauses-rules-unpaired": [(RIVER, 'covers = ["②"]', 'covers = ["①"]'), (RIVER, 'covers = ["①"]\nkind = "shortfall"', 'covers = ["②"]\nkind = "shortfall"'), (RIVER, 'by-period = { quarter = { required = 1, each = 24 } }\n', '')],
    "figure-not-in-text": [(RIVER, 'each = 6', 'each = 8')],
    "finer-than-decimals": [(RIVER, "decimals = 2", "decimals = 0"), (RIVER, "每少一次扣6分", "每少一次扣6.5分"), (RIVER, "each = 6\n", "each = 6.5\n")],
    "goal-not-target": [(TASKS, 'at-least = 95.5', 'at-least = 95')],
    "grade-out-of-reach": [(RIVER, 'at-least = 90', 'at-least = 900')],
    "headings-not-total": [(RIVER, 'points = 60 # heading', 'points = 50 # heading')],
    "items-not-heading": [(RIVER, 'points = 60 # heading', 'points = 50 # heading'), (RIVER, 'points = 40 # heading', 'points = 50 # heading')],
    "items-not-total": [(RIVER, 'total = 100', 'total = 1000')],
    "no-cap-in-text": [(RIVER, '每少一次扣6分，扣完为止。', '每少一次扣6分。')],
    "rubric-without-class": [("pond.toml", None, GOOD[RIVER].replace('id = "river"', 'id = "pond"'))],
    "rule-takes-nothing": [(RIVER, 'each = 6', 'each = 0'), (RIVER, '扣6分', '不扣分')],
    "rule-without-clause": [(RIVER, 'covers = ["②"]', 'cap = 16')],
    "target-beyond-full": [(TASKS, 'target = "≥95.5%"', 'target = "≥100%"'), (TASKS, 'at-least = 95.5', 'at-least = 100'), (TASKS, '达到95.5%', '达到100%')],
    "target-without-goal": [(TASKS, 'goal = { at-least = 95.5, unit = "%" }\n', '')],
    "task-figures-differ": [(TASKS, '达到95.5%', '达到90%')],
    "task-for-nobody": [(TASKS, 'lead = ["攸县"]\nresponsible = ["茶陵"]', 'lead = ["市水利局"]\nresponsible = []'), ("bureau.toml", None, 'bureau'), (ROSTER, '# end', '[[class]]\nrubric = "bureau"\nunits = [{ name = "市水利局" }]')],
    "task-names-differ": [(TASKS, '国控断面水质优良率达到', '入河排污口整治完成比例达到')],
    "task-without-lead": [(TASKS, 'lead = ["攸县"]', 'lead = []')],
    "task-without-target": [(TASKS, 'target = "完成"\n', '')],
    "tasks-contradict": [(TASKS, 'content = "清理河道垃圾。"', 'content = "清理河道垃圾，确保国控断面水质优良率达到90%。"'), (TASKS, 'target = "完成"', 'target = "≥90%"\ngoal = { at-least = 90, unit = "%" }'), (TASKS, 'indicator = "河道清理"', 'indicator = "水质优良率"')],
    "unit-without-task": [(TASKS, 'responsible = ["各县市区人民政府"]', 'responsible = []'), (TASKS, 'responsible = ["茶陵"]', 'responsible = []'), (TASKS, '[[group]]\nname = "各县市区人民政府"\nclasses = ["river"]\n', '')],
    "unused-figure": [(RIVER, 'quarter = { required = 1, each = 24 }', 'quarter = { required = 4 }')],
    "unused-group": [(TASKS, '# groups', '[[group]]\nname = "各乡镇"\nclasses = ["river"]')],
    "unused-period": [(RIVER, 'weight = 0.6', 'weight = 1'), (RIVER, 'weight = 0.4', 'weight = 0')],
    "unused-tasks": [(RIVER, 'rate = "tasks"', 'rate = "typed"')],
    # What is open.
    "appeals": [],
    "applies-to-whom": [(RIVER, '交办不及时的', '由牵头单位提供台账，交办不及时的')],
    "grades": [(RIVER, GOOD[RIVER][GOOD[RIVER].index('[grades]'):GOOD[RIVER].index('# ---- periods')], '')],
    "item-periods": [],
    "incomplete-unit": [],
    "not-applicable": [(RIVER, 'not-applicable = "full"\n', '')],
    "one-answer-for-many": [(RIVER, 'text = "交办不及时的，酌情扣分，扣完为止。"', 'text = "未设立的，扣16分。"'), (RIVER, 'text = "问题交办及时，16分。"', 'text = "各乡镇设立河长公示牌，16分。"'), (RIVER, 'kind = "discretionary"\nask = "酌情扣分（交办不及时）"', 'kind = "fixed"\npoints = 16\nlost-by = "否"\nask = "是否设立河长公示牌"')],
    "rounding": [(RIVER, 'decimals = 2\n', '')],
    "rounds-combine": [],
    "task-weights": [],
    "ties": [(RIVER, '[ranking]\nties = "skip"\ntie-breakers = [2]\n', '')],
    "yearly-count": [(RIVER, 'by-period = { quarter = { required = 1, each = 24 } }\n', '')],
}

BUREAU = """\
id = "bureau"
title = "株洲市2026年河长制工作考核评分表（市直单位）"
class = "市直单位"
year = 2026
version = "2026.1"
date = "2026-01-15"
source = "株洲市2026年河长制工作考核办法"
total = 100

[[period]]
id = "year-end"
name = "年度考核"
weight = 1
rounds = "mean"

[[category]]
name = "一、履职"
points = 100

[[category.item]]
no = 1
name = "履职"
points = 100

[[category.item.clause]]
text = "认真履职。"

[[category.item.rule]]
text = "未认真履职的，酌情扣分，扣完为止。"
kind = "discretionary"
ask = "酌情扣分（未认真履职）"
"""


def main():
    for code, changes in CASES.items():
        folder = HERE / code
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.toml"):
            old.unlink()
        (folder / "without").unlink(missing_ok=True)
        files = {}
        for name, old, new in changes:
            if old is None and new is None:
                with (folder / "without").open("a") as without:
                    without.write(name + "\n")
            elif old is None:
                files[name] = BUREAU if new == "bureau" else new
            else:
                text = files.get(name, GOOD.get(name))
                if text.count(old) != 1:
                    raise SystemExit(f"{code}: {name} has {text.count(old)} × {old!r}")
                files[name] = text.replace(old, new)
        for name, text in files.items():
            (folder / name).write_text(text)


if __name__ == "__main__":
    main()
