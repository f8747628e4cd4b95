//! temporary
use crate::diagnostic::FileFault;
use crate::input::files::FileEntry;
use crate::model::grid::*;
use calamine::{DataRef, Reader, Xlsx};
use std::sync::Arc;
/// temporary
pub fn read(entry: &FileEntry) -> Result<Workbook, FileFault> {
    let bytes = std::fs::read(&entry.path).map_err(|e| FileFault::Io(e.to_string()))?;
    let sheets = if bytes.starts_with(b"PK") {
        let mut x: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes))
            .map_err(|e| FileFault::Damaged(e.to_string()))?;
        let names = x.sheet_names();
        let mut out = vec![];
        for n in names {
            let merges = x.merge_cells_by_sheet_name(&n).unwrap_or_default();
            let mut r = x
                .worksheet_cells_reader(&n)
                .map_err(|e| FileFault::Damaged(e.to_string()))?;
            let mut rows: Vec<Row> = vec![];
            while let Some(c) = r
                .next_cell_with_formula_metadata()
                .map_err(|e| FileFault::Damaged(e.to_string()))?
            {
                let content = match c.value {
                    DataRef::Empty if c.formula.is_some() => Content::Uncalculated,
                    DataRef::Empty => continue,
                    DataRef::Int(i) => Content::Number(i as f64),
                    DataRef::Float(f) => Content::Number(f),
                    DataRef::String(s) => Content::Text(s),
                    DataRef::SharedString(s) => Content::Text(s.into()),
                    DataRef::Bool(b) => Content::Bool(b),
                    DataRef::DateTime(d) => {
                        let (y, m, dd, ..) = d.to_ymd_hms_milli();
                        Content::Date {
                            text: format!("{y}-{m:02}-{dd:02}"),
                            serial: Some(d.as_f64()),
                        }
                    }
                    DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => Content::Date {
                        text: s,
                        serial: None,
                    },
                    DataRef::Error(e) => Content::Error(e.to_string()),
                    _ => continue,
                };
                if let Content::Text(t) = &content {
                    if t.trim().is_empty() {
                        continue;
                    }
                }
                let cell = Cell {
                    content,
                    formula: c.formula.is_some(),
                    percent: false,
                };
                match rows.last_mut() {
                    Some(row) if row.index == c.pos.0 => row.cells.push((c.pos.1, cell)),
                    _ => rows.push(Row {
                        index: c.pos.0,
                        cells: vec![(c.pos.1, cell)],
                    }),
                }
            }
            let merges = merges
                .iter()
                .map(|m| Merge {
                    first: crate::location::Address::new(m.start.0, m.start.1),
                    last: crate::location::Address::new(m.end.0, m.end.1),
                })
                .collect();
            out.push(Sheet {
                name: Some(Arc::from(n)),
                rows,
                merges,
            });
        }
        out
    } else {
        let text = match String::from_utf8(bytes.clone()) {
            Ok(t) => t,
            Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
        };
        let text = text.trim_start_matches('\u{feff}');
        let d = if text.contains('\t') { b'\t' } else { b',' };
        let mut rdr = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(d)
            .from_reader(text.as_bytes());
        let mut rows = vec![];
        for (i, r) in rdr.records().enumerate() {
            let r = r.unwrap();
            rows.push(Row {
                index: i as u32,
                cells: r
                    .iter()
                    .enumerate()
                    .filter(|(_, t)| !t.trim().is_empty())
                    .map(|(i, t)| {
                        (
                            i as u32,
                            Cell {
                                content: Content::Text(t.to_string()),
                                formula: false,
                                percent: false,
                            },
                        )
                    })
                    .collect(),
            });
        }
        vec![Sheet {
            name: None,
            rows,
            merges: vec![],
        }]
    };
    Ok(Workbook {
        file: entry.name.clone(),
        format: Format::Xlsx,
        sheets,
    })
}
