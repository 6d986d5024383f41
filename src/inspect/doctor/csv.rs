//! Findings as comma-separated values (RFC 4180), for spreadsheets.

use std::borrow::Cow;

use super::finding::Finding;

/// The first line.
const HEADER: &str = "check,gravity,file,other_file,recordings,finding,value,unit,why,advice";
/// What RFC 4180 ends a line with.
const END: &str = "\r\n";

/// One line a recording: a finding about many becomes a line for each of them.
pub fn of(findings: &[Finding]) -> String {
    let mut text = HEADER.to_owned() + END;
    for finding in findings {
        let own = std::slice::from_ref(&finding.file);
        let files = if finding.is_about_many() { finding.files.as_slice() } else { own };
        for file in files {
            text += &line(finding, file);
            text += END;
        }
    }
    text
}

fn line(finding: &Finding, file: &str) -> String {
    let check = finding.check();
    let (value, unit) =
        finding.evidence.figure().map_or_else(Default::default, |(value, unit)| (value.to_string(), unit));
    let recordings = finding.recordings().to_string();
    let words = finding.words();
    let fields = [
        check.key(),
        check.gravity().name(),
        file,
        finding.evidence.other().unwrap_or_default(),
        &recordings,
        &words,
        &value,
        unit,
        check.why(),
        check.advice(),
    ];
    fields.map(quoted).join(",")
}

/// A field in quotes where it needs them, and never one that a spreadsheet would take for a formula.
fn quoted(field: &str) -> Cow<'_, str> {
    let formula =
        field.starts_with(['=', '@']) || (field.starts_with(['+', '-']) && field.parse::<f64>().is_err());
    if !formula && !field.contains([',', '"', '\r', '\n']) {
        return field.into();
    }
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\"")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::doctor::evidence::Evidence;

    #[test]
    fn a_line_names_the_file_the_figure_and_its_unit() {
        let text = of(&[Finding::of_one("a, \"b\".wav", Evidence::DcOffset { mean: -0.25 })]);
        let lines: Vec<&str> = text.split(END).collect();
        assert_eq!(lines[0], HEADER);
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
    fn a_name_that_looks_like_a_formula_is_text() {
        assert_eq!(quoted("=1+1.wav"), "\"'=1+1.wav\"");
        assert_eq!(quoted("-0.25"), "-0.25");
    }
}
