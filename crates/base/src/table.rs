//! Tables for other programs: comma-separated (RFC 4180) and tab-separated values.
//!
//! A cell is a number, written unchanged, or text, which may come from a file name. Spreadsheets evaluate
//! text starting with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, so such text is prefixed
//! with a single quote (OWASP, "CSV injection"). Python's `csv`, pandas and the csv crate read the tables
//! back; [`unguarded`] removes the quote.

use std::{borrow::Cow, fmt::Display};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A number of this program, written unchanged.
    Number(String),
    /// Text from any source.
    Text(Cow<'a, str>),
}

/// A number, with enough digits to restore the value exactly.
pub fn number<'a>(value: impl Display) -> Cell<'a> {
    Cell::Number(value.to_string())
}

/// A number, or an empty cell for `None`.
pub fn known<'a>(value: Option<impl Display>) -> Cell<'a> {
    Cell::Number(value.map(|value| value.to_string()).unwrap_or_default())
}

/// A text cell.
pub fn text<'a>(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    Cell::Text(text.into())
}

/// A table under construction, in memory.
pub struct Table(Writer<Vec<u8>>);

impl Table {
    /// Comma-separated values with LF line ends.
    pub fn csv() -> Self {
        Self::of(&mut WriterBuilder::new())
    }

    /// Comma-separated values with CRLF line ends, as in RFC 4180.
    pub fn csv_crlf() -> Self {
        Self::of(WriterBuilder::new().terminator(Terminator::CRLF))
    }

    /// Tab-separated values without quoting, for readers that do not support it: texts must not contain tabs
    /// or line feeds.
    pub fn tsv() -> Self {
        Self::of(WriterBuilder::new().delimiter(b'\t').quote_style(QuoteStyle::Never))
    }

    fn of(builder: &mut WriterBuilder) -> Self {
        Self(builder.flexible(true).from_writer(Vec::new()))
    }

    /// Appends the header line.
    #[must_use]
    pub fn with_header<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.row(names.into_iter().map(text));
        self
    }

    /// Appends a line.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Number(number) => Cow::Owned(number),
            Cell::Text(text) => guarded(text),
        });
        let cells: Vec<Cow<'a, str>> = cells.collect();
        // Writing to memory cannot fail, and lines may differ in length.
        self.0.write_record(cells.iter().map(|cell| cell.as_bytes())).ok();
    }

    /// The finished table.
    pub fn finish(self) -> String {
        // Cannot fail either: every cell is UTF-8.
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// Prefixes `text` with a single quote if a spreadsheet would take it for a formula.
///
/// Text that already has such a prefix gets another one, so that [`unguarded`] restores every text.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&text) { format!("'{text}").into() } else { text }
}

/// The original text of a cell.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    // The full-width forms come from Japanese keyboards; spreadsheets accept them too.
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches('\'').starts_with(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that are difficult in tables.
    const NAMES: [&str; 14] = [
        "plain.wav",
        "a, b.wav",
        "a \"b\".wav",
        "line\nfeed.wav",
        "return\r\nfeed.wav",
        " blanks ",
        "",
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1",
        "-1.wav",
        "@SUM(1)",
        "\ttab",
        "'=1",
        "'quoted'",
    ];

    #[test]
    fn every_name_comes_back_and_none_begins_a_formula() {
        for table in [Table::csv(), Table::csv_crlf()] {
            let mut table = table.with_header(["name", "value"]);
            for name in NAMES {
                table.row([text(name), number(-0.5)]);
            }
            let written = table.finish();
            let mut reader = csv::Reader::from_reader(written.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), NAMES.len(), "{written}");
            for (row, name) in rows.iter().zip(NAMES) {
                assert_eq!(unguarded(&row[0]), name, "{written}");
                assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", &row[0]);
                assert_eq!(&row[1], "-0.5", "a number is no formula");
            }
        }
    }

    #[test]
    fn a_table_is_written_as_it_was_before_there_was_a_writer_for_it() {
        let mut table = Table::csv().with_header(["name", "class", "z0"]);
        table.row([text("a,b"), text("x"), number(0.1_f32)]);
        table.row([text("c"), text(""), known(None::<f32>)]);
        assert_eq!(table.finish(), "name,class,z0\n\"a,b\",x,0.1\nc,,\n");
        let mut table = Table::tsv();
        table.row([text("a \"b\""), text("=1")]);
        assert_eq!(table.finish(), "a \"b\"\t'=1\n");
        assert_eq!(Table::csv_crlf().with_header(["a", "b"]).finish(), "a,b\r\n");
    }
}
