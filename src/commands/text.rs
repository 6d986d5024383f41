//! Text for numbers: durations, counts, losses, tables.

use crate::{
    jobs::runs::baselines::{Baselines, LocalError},
    vae::{
        config::LayerRow,
        trainer::{Change, Losses},
    },
};

/// A duration: `0.42 s`, `8.1 s`, `3 min 05 s`, `2 h 10 min`.
pub(super) fn duration(secs: f64) -> String {
    if !secs.is_finite() || secs < 0.0 {
        return "unknown".to_owned();
    }
    let whole = secs.round() as u64;
    match whole {
        _ if secs < 1.0 => format!("{secs:.2} s"),
        _ if secs < 60.0 => format!("{secs:.1} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

/// A count with its noun: `1 image`, `2 images`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A setting that was changed during the run.
pub(super) fn change(change: &Change) -> String {
    let Change { step, setting, from, to } = change;
    format!("from step {step} on, {} is {to} (was {from})", setting.label())
}

/// The three numbers of a loss.
pub(super) fn losses(losses: &Losses) -> String {
    let Losses { total, reconstruction, kl } = losses;
    format!("{total:.1} (reconstruction {reconstruction:.5}, KL {kl:.2} nats)")
}

/// The baseline errors.
pub(super) fn errors_to_beat(baselines: &Baselines) -> String {
    let Baselines { mean_image, pca, pca_components, local } = baselines;
    let components = |number| count(number, "principal component");
    let local = local.map_or_else(String::new, |LocalError { groups, components: each, error }| {
        format!(", {error:.5} of {groups} groups of {}", components(each))
    });
    format!(
        "baseline errors: {mean_image:.5} of the mean image, {pca:.5} of {}{local}",
        components(*pca_components)
    )
}

/// Quality of the phase recovery, and the gain if the sound was turned down.
pub(super) fn phase_recovery(spectral_convergence: f32, gain: f32) -> String {
    let convergence = format!("spectral convergence {spectral_convergence:.3}");
    if gain >= 1.0 {
        return convergence;
    }
    let db = 20.0 * gain.log10();
    format!("{convergence}, scaled by {gain:.3} ({db:.1} dB) to keep its peak at 0.99")
}

/// The aligned layer table with its total.
pub(super) fn layer_table(rows: &[LayerRow]) -> String {
    let width = |texts: &mut dyn Iterator<Item = usize>, least: usize| texts.max().unwrap_or(0).max(least);
    let name_width = width(&mut rows.iter().map(|row| row.name.chars().count()), "parameters".len());
    let shape_width =
        width(&mut rows.iter().map(|row| row.output_shape.chars().count()), "output shape".len());
    let line = |name: &str, shape: &str, parameters: &str| {
        format!("{name:<name_width$}  {shape:<shape_width$}  {parameters:>10}")
    };
    let mut lines = vec![line("layer", "output shape", "parameters")];
    lines.extend(rows.iter().map(|row| line(&row.name, &row.output_shape, &row.parameters.to_string())));
    let sum: usize = rows.iter().map(|row| row.parameters).sum();
    lines.push(line("all", "", &sum.to_string()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_size() {
        for (secs, words) in [
            (0.416, "0.42 s"),
            (8.07, "8.1 s"),
            (59.94, "59.9 s"),
            (185.0, "3 min 05 s"),
            (7800.0, "2 h 10 min"),
            (f64::NAN, "unknown"),
        ] {
            assert_eq!(duration(secs), words);
        }
    }

    #[test]
    fn the_layer_table_is_aligned_and_summed() {
        let row = |name: &str, output_shape: &str, parameters| LayerRow {
            name: name.to_owned(),
            output_shape: output_shape.to_owned(),
            parameters,
        };
        let table = layer_table(&[row("encoder.conv_1", "8 × 128 × 32", 80), row("encoder.mu", "16", 1024)]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{table}");
        assert!(lines[3].starts_with("all") && lines[3].ends_with("1104"));
    }
}
