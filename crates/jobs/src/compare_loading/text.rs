//! The comparison as plain text, for a terminal and for the clipboard.

use super::{method::LoadingMethod, report::Report};

/// Every figure of the report in aligned lines.
pub fn text(report: &Report) -> String {
    let mut lines = vec![
        format!(
            "{} recordings in batches of {}, {} epochs each way on {} threads; writing the cache took {:.2} s ({})",
            report.recordings,
            report.batch_size,
            report.epochs,
            report.threads,
            report.cache_seconds,
            bytes(report.cache_bytes)
        ),
        String::new(),
        header(),
    ];
    lines.extend(report.ways.iter().map(line));
    lines.extend([equality(report.images_equal), report.verdict.clone(), String::new()]);
    lines.push("log-mel".to_owned());
    lines.extend(report.mel.ways.iter().map(line));
    lines.extend([equality(report.mel.images_equal), report.mel.verdict.clone()]);
    if let Some(cause) = &report.cold_unavailable {
        lines.extend([String::new(), format!("cold epochs were not measured: {cause}")]);
    }
    lines.join("\n")
}

fn equality(is_equal: bool) -> String {
    if is_equal {
        "the images are the same bit for bit".to_owned()
    } else {
        "warning: the ways did not give the same images; did a recording change meanwhile?".to_owned()
    }
}

fn header() -> String {
    columns(
        ["way", "threads", "median", "fastest", "rec/s", "cold", "read", "storage", "held", "growth"]
            .map(str::to_owned),
    )
}

fn line(way: &LoadingMethod) -> String {
    let unknown = || "-".to_owned();
    columns([
        way.name.clone(),
        way.threads.to_string(),
        format!("{:.4} s", way.median_seconds),
        format!("{:.4} s", way.fastest_seconds),
        format!("{:.0}", way.recordings_per_second),
        way.cold_median_seconds.map_or_else(unknown, |secs| format!("{secs:.4} s")),
        bytes(way.bytes_read),
        way.bytes_from_storage.map_or_else(unknown, bytes),
        bytes(way.held_bytes),
        way.memory_growth_bytes.map_or_else(unknown, bytes),
    ])
}

fn columns([name, threads, rest @ ..]: [String; 10]) -> String {
    let rest = rest.map(|cell| format!("{cell:>10}")).join("  ");
    format!("{name:<12}  {threads:>7}  {rest}")
}

/// Bytes in the unit that suits them.
fn bytes(count: u64) -> String {
    let mega = count as f64 / 1e6;
    if mega < 1.0 { format!("{:.1} kB", mega * 1e3) } else { format!("{mega:.1} MB") }
}
