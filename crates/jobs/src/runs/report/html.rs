//! The few pieces that the page is made of; every text that comes from outside is escaped here.

use std::fmt::Write as _;

use super::settings::SettingRow;
use timbrespace_base::names;

/// `text` where markup is expected; what is no visible character is shown as [`names::escaped`] has it.
pub(super) fn escape(text: &str) -> String {
    markup(&names::escaped(text))
}

/// [`escape`] of a text of several lines.
pub(super) fn escape_lines(text: &str) -> String {
    markup(&names::escaped_lines(&text.replace("\r\n", "\n")))
}

fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A table of names and values, in bold those that differ from the defaults.
pub(super) fn pairs(rows: &[SettingRow]) -> String {
    let mut table = String::from("<table class=\"pairs\">\n");
    for SettingRow { name, value, differs, .. } in rows {
        let class = if *differs { " class=\"changed\"" } else { "" };
        writeln!(table, "<tr{class}><th>{}</th><td>{}</td></tr>", escape(name), escape(value)).ok();
    }
    table + "</table>\n"
}

/// A table of columns.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, row: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = row.map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect();
        format!("<tr>{}</tr>\n", cells.concat())
    };
    let mut table = String::from("<div class=\"wide\"><table>\n");
    table += &cells("th", &mut head.iter().copied());
    for row in rows {
        table += &cells("td", &mut row.iter().map(String::as_str));
    }
    table + "</table></div>\n"
}

/// The look of the page: as the reader's system has it, dark or light.
pub(super) const STYLE: &str = "
:root { --paper: #ffffff; --ink: #1d2128; --quiet: #5d6673; --line: #d8dde4; --mark: #fff3d6;
  --a: #1f6fb4; --b: #c2571a; --c: #3c8c40; --d: #7a52a8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181d; --ink: #e6e9ee; --quiet: #9aa4b2; --line: #343a44; --mark: #3a3220;
    --a: #63b0ee; --b: #f0965a; --c: #7ccb80; --d: #b99be0; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1060px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0; } h2 { font-size: 1.2em; margin-top: 2em; border-bottom: 1px solid var(--line); }
p.quiet, figcaption { color: var(--quiet); } pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: .7em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .15em 1em .15em 0; border-bottom: 1px solid var(--line); vertical-align: top; }
table.pairs th { font-weight: normal; color: var(--quiet); } tr.changed { background: var(--mark); font-weight: 600; }
.wide { overflow-x: auto; } .curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 1em; }
figure { margin: 0; } svg { width: 100%; height: auto; } svg text { fill: var(--quiet); font-size: 11px; } svg .axis { stroke: var(--line); stroke-width: 1; }
svg .title { fill: var(--ink); font-size: 13px; }
.line0 { stroke: var(--a); fill: none; } .line1 { stroke: var(--b); fill: none; } .line2 { stroke: var(--c); fill: none; stroke-dasharray: 5 4; } .line3 { stroke: var(--d); fill: none; stroke-dasharray: 2 3; }
polyline { stroke-width: 1.6; } .bar { fill: var(--a); }
.replay { display: grid; gap: 1em; } .row { display: flex; flex-wrap: wrap; gap: 1em; } .row figure { width: 170px; } .row img { width: 170px; height: 128px; image-rendering: pixelated; } .row audio { width: 170px; height: 32px; }
@media print { audio { display: none; } }
";
