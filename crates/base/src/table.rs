//! Tables for other programs: comma-separated (RFC 4180) and tab-separated values, all by one writer.
//!
//! A cell is a number, which is written as it is, or a text, which may have come from the name of a file. Spreadsheets take
//! texts that begin with `=`, `+`, `-`, `@`, a tab or a carriage return for formulas and carry them out, so such a text gets a
//! single quote before it (OWASP, "CSV injection"). Python's `csv`, pandas and the csv crate read back what was written;
//! [`unguarded`] takes the quote off again.

use std::{borrow::Cow, fmt::Display};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A number of ours, however it begins.
    Number(String),
    /// A text from anywhere.
    Text(Cow<'a, str>),
}

/// A number with as many digits as bring the same value back.
pub fn number<'a>(value: impl Display) -> Cell<'a> {
    Cell::Number(value.to_string())
}

/// A number, or an empty cell where it is not known.
pub fn known<'a>(value: Option<impl Display>) -> Cell<'a> {
    Cell::Number(value.map(|value| value.to_string()).unwrap_or_default())
}

/// A text.
pub fn text<'a>(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    Cell::Text(text.into())
}

/// A table in memory.
pub struct Table(Writer<Vec<u8>>);

impl Table {
    /// Comma-separated values; lines end with a line feed.
    pub fn csv() -> Self {
        Self::of(&mut WriterBuilder::new())
    }

    /// Comma-separated values whose lines end as RFC 4180 has it.
    pub fn csv_crlf() -> Self {
        Self::of(WriterBuilder::new().terminator(Terminator::CRLF))
    }

    /// Tab-separated values without quotation marks, for readers that know none: texts may hold no tab and no line feed.
    pub fn tsv() -> Self {
        Self::of(WriterBuilder::new().delimiter(b'\t').quote_style(QuoteStyle::Never))
    }

    fn of(builder: &mut WriterBuilder) -> Self {
        Self(builder.flexible(true).from_writer(Vec::new()))
    }

    /// Adds the line of the columns' names.
    #[must_use]
    pub fn with_header<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.row(names.into_iter().map(text));
        self
    }

    /// Adds a line.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Number(number) => Cow::Owned(number),
            Cell::Text(text) => guarded(text),
        });
        let cells: Vec<Cow<'a, str>> = cells.collect();
        // Writing to memory cannot fail, and lines may differ in length.
        self.0.write_record(cells.iter().map(|cell| cell.as_bytes())).ok();
    }

    /// The whole table.
    pub fn finish(self) -> String {
        // As above: every cell is text and memory takes it all.
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// `text`, with a single quote before what a spreadsheet would take for a formula.
///
/// A text that looks guarded already is guarded once more, so that [`unguarded`] brings every text back.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&text) { format!("'{text}").into() } else { text }
}

/// The text that a cell of our tables was made of.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    // The wide forms are what Japanese keyboards type; spreadsheets know them too.
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches('\'').starts_with(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that tables get wrong.
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
