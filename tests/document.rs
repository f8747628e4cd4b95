//! Word-for-word comparison of the built-in rubrics and the task table with the official document.
//!
//! `rubrics/source/changde-2019.txt` is the document as text: a tab begins a cell of a table, all
//! other whitespace is mere layout and is ignored. The data files are turned into the row of texts
//! that each part of the document should consist of (clauses, rules, names, points, methods,
//! headings, task rows, units), in the document's order and cell by cell. The few words that are in
//! no data file (`Expected::frame`: column heads, empty cells) are spelled out between them. Then
//! the two are read side by side. So a wrong letter, a wrong order, a text in the wrong table or
//! column, and any stretch of the document that no data file holds are all found. Every fault is
//! listed, not just the first.

use std::fs;
use toml::Value;

/// The texts that one part of the document should consist of, one right after the other.
#[derive(Default)]
struct Expected {
    /// Where the text comes from, and the text.
    pieces: Vec<(String, String)>,
    /// How many of them come from a data file.
    from_data: usize,
}

impl Expected {
    /// Words of the document that no data file holds.
    fn frame(&mut self, words: &str) {
        self.pieces.push(("frame".to_string(), words.to_string()));
    }

    /// A text that stands outside the cells, or goes on with the cell before it.
    fn text(&mut self, place: &str, words: &str) {
        self.from_data += 1;
        let words = squeeze(words).replace('\t', "");
        self.pieces.push((place.to_string(), words));
    }

    /// A cell that holds these texts; without any, an empty cell.
    fn cell<T: AsRef<str>>(&mut self, place: &str, texts: &[T]) {
        if texts.is_empty() {
            return self.frame("\t");
        }
        let first = self.pieces.len();
        for words in texts {
            self.text(place, words.as_ref());
        }
        self.pieces[first].1.insert(0, '\t');
    }

    /// Reads a part of the document side by side with the texts; gives all faults.
    fn compare(&self, part: &str, document: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut rest = document;
        let mut missed = 0;
        for (place, words) in &self.pieces {
            // After a fault a long text may stand anywhere below, a short one (bytes) only near by.
            let near = |at: &usize| words.len() >= 24 || *at <= 60 + missed;
            if let Some(at) = rest.find(words).filter(near) {
                let over = &rest[..at];
                if !over.is_empty() {
                    faults.push(format!("{part}, before {place}: no data has {over:?}"));
                }
                rest = &rest[at + words.len()..];
                missed = 0;
            } else {
                faults.push(format!("{part}, {place}: the document has not {words:?}"));
                missed += words.len();
            }
        }
        if !rest.is_empty() {
            faults.push(format!("{part}, at the end: no data has {rest:?}"));
        }
        faults
    }
}

/// Drops all whitespace but the tab that begins a cell.
fn squeeze(text: &str) -> String {
    let keep = |c: &char| *c == '\t' || !c.is_whitespace();
    text.chars().filter(keep).collect()
}

fn read(path: &str) -> String {
    let path = format!("{}/rubrics/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn data(path: &str) -> Value {
    let parsed = toml::from_str(&read(path));
    parsed.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text under a key; empty where the data has none.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).map_or("", |text| text.as_str().expect(key))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).expect(key)
}

fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    let entries = list(value, key).iter();
    entries.map(|entry| entry.as_str().expect(key)).collect()
}

const STARTS: [&str; 4] = [
    "附件2：",
    "常德市2019年生态文明建设示范市创建工作考核指标（各区县（市）人民政府）",
    "常德市2019年生态文明建设示范市创建工作考核指标（有关市直单位，管理区）",
    "常德市2019年生态文明建设示范市创建工作考核指标（市直六小区）",
];

/// The document, cut at `STARTS`: 附件1, the rules of 附件2, and its three tables.
fn parts() -> Vec<String> {
    let document = squeeze(&read("source/changde-2019.txt"));
    let mut cuts = vec![0];
    cuts.extend(STARTS.map(|start| document.find(start).expect(start)));
    cuts.push(document.len());
    let part = |cut: &[usize]| document[cut[0]..cut[1]].to_string();
    cuts.windows(2).map(part).collect()
}

fn rubric_texts(rubric: &Value) -> Expected {
    let mut expected = Expected::default();
    expected.text("title", text(rubric, "title"));
    expected.frame("\t类别\t考核项目\t权重\t考核内容\t计分方法\t考核方式");
    for category in list(rubric, "category") {
        let heading = format!("（共{}分）", category["points"]);
        let mut heading = vec![text(category, "name"), &heading];
        for item in list(category, "item") {
            let no = item["no"].to_string();
            let place = |column: &str| format!("item {no} {column}");
            let words = |entry| text(entry, "mark").to_string() + text(entry, "text");
            let marked = |key| list(item, key).iter().map(words).collect::<Vec<_>>();
            // The heading stands beside the first item of the category; below it the cell is empty.
            expected.cell(&place("category"), &heading);
            heading.clear();
            expected.cell(&place("no"), &[&no]);
            expected.cell(&place("name"), &[text(item, "name")]);
            expected.cell(&place("points"), &[format!("{}分", item["points"])]);
            expected.cell(&place("clauses"), &marked("clause"));
            expected.cell(&place("rules"), &marked("rule"));
            expected.cell(&place("method"), &texts(item, "method"));
        }
    }
    expected
}

fn task_texts(tasks: &Value) -> Expected {
    let mut expected = Expected::default();
    expected.frame("附件1:");
    expected.text("title", text(tasks, "title"));
    expected.frame("\t序号\t工作任务\t工作内容\t指标名称（示范市）\t省级指标值指标属性");
    expected.frame("\t牵头单位\t责任单位");
    let mut title = "";
    for task in list(tasks, "task") {
        let no = text(task, "no");
        let place = |column: &str| format!("task {no} {column}");
        let lines = |key| text(task, key).lines().collect::<Vec<_>>();
        // The further rows of a task (8.2, 34.2 ...) have empty cells for number and title.
        let (printed, row) = no.split_once('.').unwrap_or((no, "1"));
        if row == "1" {
            title = text(task, "title");
            expected.cell(&place("no"), &[printed]);
            expected.cell(&place("title"), &[title]);
        } else {
            assert_eq!(text(task, "title"), title, "title of row {no}");
            expected.frame("\t\t");
        }
        expected.cell(&place("content"), &lines("content"));
        expected.cell(&place("indicator"), &lines("indicator"));
        // The nature stands in the cell of the target, below its first line.
        let mut target = lines("target");
        if task.get("nature").is_some() {
            target.insert(target.len().min(1), text(task, "nature"));
        }
        expected.cell(&place("target and nature"), &target);
        match texts(task, "lead")[..] {
            // The one row that puts a mark between two units.
            [one, two] if no == "29" => expected.cell(&place("lead"), &[one, &format!("、{two}")]),
            ref lead => expected.cell(&place("lead"), lead),
        }
        expected.cell(&place("responsible"), &texts(task, "responsible"));
    }
    expected.text("closing note", text(tasks, "note"));
    expected
}

/// The figures that rules and goals reckon with, each with the words that have to hold it.
fn figures(rules: &str, rubrics: &[Value], tasks: &Value) -> Vec<(String, String)> {
    let mut figures = Vec::new();
    let periods = rubrics.iter().flat_map(|rubric| list(rubric, "period"));
    for period in periods {
        let percent = 100.0 * period["weight"].as_float().expect("weight");
        let figure = format!("{}占{percent}%", text(period, "name"));
        figures.push((figure, rules.to_string()));
    }
    let items = rubrics.iter().flat_map(|rubric| list(rubric, "category"));
    for item in items.flat_map(|category| list(category, "item")) {
        let mut all = String::new();
        for (key, verb) in [("clause", ""), ("rule", "扣")] {
            for entry in list(item, key) {
                let words = text(entry, "text");
                all += words;
                for points in ["each", "points"].iter().filter_map(|key| entry.get(key)) {
                    figures.push((format!("{verb}{points}分"), words.to_string()));
                }
                let required = entry.get("required").map(|number| format!("{number}次"));
                figures.extend(required.map(|figure| (figure, all.clone())));
            }
        }
    }
    for task in list(tasks, "task") {
        let target = text(task, "target");
        let bound = ["at-least", "at-most"][usize::from(target.contains('≤'))];
        let figure = |goal: &Value| format!("{}{}", goal[bound], text(goal, "unit"));
        let goal = task.get("goal").map(figure);
        assert_eq!(
            goal.is_some(),
            target.contains(|c: char| c.is_ascii_digit()),
            "{target}"
        );
        figures.extend(goal.map(|figure| (figure, target.to_string())));
    }
    figures
}

#[test]
fn every_word_of_the_data_stands_in_the_document() {
    let parts = parts();
    let tasks = data("tasks.toml");
    let ids = ["government", "municipal-bureau", "six-zone"];
    let rubrics = ids.map(|id| data(&format!("{id}.toml")));

    let expected = task_texts(&tasks);
    let mut faults = expected.compare("附件1", &parts[0]);
    let mut count = expected.from_data;
    for ((id, rubric), part) in ids.iter().zip(&rubrics).zip(&parts[2..]) {
        let expected = rubric_texts(rubric);
        faults.extend(expected.compare(id, part));
        count += expected.from_data;
    }

    let figures = figures(&parts[1], &rubrics, &tasks);
    for (figure, words) in &figures {
        // Not as the end of a longer number: 5分 is not in 2.5分.
        let ends = |at| words[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.');
        let mut places = words.match_indices(figure.as_str());
        if !places.any(|(at, _)| !ends(at)) {
            faults.push(format!("the figure {figure} is not in: {words}"));
        }
    }
    println!("compared {count} texts and {} figures", figures.len());
    assert!(faults.is_empty(), "all faults:\n{}", faults.join("\n"));
}

#[test]
fn the_roster_has_the_units_of_the_document() {
    let tasks = data("tasks.toml");
    let group = text(&list(&tasks, "group")[0], "name");
    let mut bureaus = Vec::new(); // in order of first mention
    for task in list(&tasks, "task") {
        for unit in [texts(task, "lead"), texts(task, "responsible")].concat() {
            if unit != group && !bureaus.contains(&unit) {
                bureaus.push(unit);
            }
        }
    }
    let roster = data("roster.toml");
    let names = |index: usize| {
        let units = list(&list(&roster, "class")[index], "units").iter();
        units.map(|unit| text(unit, "name")).collect::<Vec<_>>()
    };
    assert_eq!(names(1), bureaus);
    let zones = format!("（{}管委会）", names(2).join("、"));
    assert!(parts()[1].contains(&zones), "{zones}");
}

#[test]
fn the_comparison_finds_each_kind_of_fault() {
    let mut expected = Expected::default();
    expected.cell("a", &["一 二\n三", "四五六"]);
    expected.cell("b", &["七"]);
    let faults = |document: &str| expected.compare("test", document).len();
    assert_eq!(faults("\t一二三四五六\t七"), 0);
    // A text that is missed is one fault, what stands in its stead another.
    assert_eq!(faults("\t一二三四五六七"), 2, "no cell of its own");
    assert_eq!(faults("\t一二叁四五六\t七"), 2, "a wrong letter");
    assert_eq!(faults("四五六\t一二三\t七"), 2, "another order");
    assert_eq!(faults("\t一二三又四五六\t七"), 1, "more between");
    assert_eq!(faults("\t一二三四五六\t七八"), 1, "more at the end");
}
