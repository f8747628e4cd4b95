//! 扣分台账: every deduction, with its clause, its value and the cell it was read from.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::to_f64;
use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::style;

const HEADERS: [&str; 16] = [
    "类别",
    "单位",
    "时段",
    "轮次",
    "编号",
    "计分方法",
    "填报值",
    "应扣",
    "实扣",
    "封顶未扣",
    "扣分说明",
    "佐证材料",
    "文件",
    "工作表",
    "单元格",
    "本轮得分",
];

pub(super) fn sheet(catalog: &Catalog, results: &[ClassResult], name: &str) -> Result<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    style::landscape(&mut sheet);
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write_string_with_format(0, column, header, &style::header())?;
        sheet.set_column_width(column, if column == 5 { 40 } else { 12 })?;
    }
    let mut row = 1;
    for class in results {
        let rubric = &catalog.rubrics[class.rubric];
        for unit in &class.units {
            let rounds = unit.periods.iter().flat_map(|period| &period.rounds);
            for round in rounds {
                let scores = round.items.iter().flat_map(|item| &item.rules);
                let entries = rubric.rules().zip(&round.record.entries).zip(scores);
                for ((rule, entry), score) in entries.filter(|(_, score)| !score.asked.is_zero()) {
                    let record = &round.record;
                    let source = &entry.place.source;
                    let texts = [
                        (0, rubric.class.as_str()),
                        (1, &catalog.roster.units()[unit.unit].name),
                        (2, &rubric.periods[record.period].name),
                        (4, &rule.id.to_string()),
                        (5, &rule.marked()),
                        (6, &entry.value),
                        (10, entry.reason.as_deref().unwrap_or_default()),
                        (11, entry.evidence.as_deref().unwrap_or_default()),
                        (12, &source.file),
                        (13, source.sheet.as_deref().unwrap_or_default()),
                        (14, &entry.place.address.to_string()),
                    ];
                    for (column, text) in texts {
                        sheet.write_string_with_format(row, column, text, &style::cell())?;
                    }
                    let numbers = [
                        (7, score.asked),
                        (8, score.applied),
                        (9, score.absorbed()),
                        (15, round.score),
                    ];
                    for (column, number) in numbers {
                        sheet.write_number_with_format(
                            row,
                            column,
                            to_f64(number),
                            &style::centred(),
                        )?;
                    }
                    sheet.write_number_with_format(row, 3, record.round, &style::centred())?;
                    row += 1;
                }
            }
        }
    }
    sheet.autofilter(0, 0, row.max(2) - 1, u16::try_from(HEADERS.len())? - 1)?;
    sheet.set_freeze_panes(1, 2)?;
    Ok(sheet)
}
