//! Findings as comma-separated values (RFC 4180), for spreadsheets.

use super::finding::Finding;
use timbrespace_base::table::{Table, known, number, text};

/// The columns.
const COLUMNS: [&str; 10] =
    ["check", "gravity", "file", "other_file", "recordings", "finding", "value", "unit", "why", "advice"];

/// One line a recording: a finding about many becomes a line for each of them.
pub fn of(findings: &[Finding]) -> String {
    let mut table = Table::csv_crlf().with_header(COLUMNS);
    for finding in findings {
        let own = std::slice::from_ref(&finding.file);
        let files = if finding.is_about_many() { finding.files.as_slice() } else { own };
        for file in files {
            line(&mut table, finding, file);
        }
    }
    table.finish()
}

fn line(table: &mut Table, finding: &Finding, file: &str) {
    let check = finding.check();
    let figure = finding.evidence.figure();
    table.row([
        text(check.key()),
        text(check.gravity().name()),
        text(file),
        text(finding.evidence.other().unwrap_or_default()),
        number(finding.recordings()),
        text(finding.words()),
        known(figure.as_ref().map(|(value, _)| value)),
        text(figure.as_ref().map_or("", |(_, unit)| unit)),
        text(check.why()),
        text(check.advice()),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::doctor::evidence::Evidence;

    #[test]
    fn a_line_names_the_file_the_figure_and_its_unit() {
        let text = of(&[Finding::of_one("a, \"b\".wav", Evidence::DcOffset { mean: -0.25 })]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], COLUMNS.join(","));
        assert!(
            lines[1].starts_with(
                "dc-offset,warning,\"a, \"\"b\"\".wav\",,1,mean −0.2500 of full scale,-0.25,of full scale,"
            ),
            "{}",
            lines[1]
        );
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_finding_about_many_has_a_line_for_each() {
        let mut finding = Finding::of_one("b.wav", Evidence::Truncated);
        finding.files = vec!["a.wav".to_owned(), "b.wav".to_owned()];
        finding.examined = 2;
        let text = of(&[finding]);
        assert_eq!(text.matches("cut-off,warning,").count(), 2);
    }

    #[test]
    fn a_name_that_looks_like_a_formula_is_text_and_a_figure_is_a_number() {
        let text = of(&[Finding::of_one("=1+1.wav", Evidence::DcOffset { mean: -0.25 })]);
        assert!(text.contains(",'=1+1.wav,") && text.contains(",-0.25,"), "{text}");
    }
}
