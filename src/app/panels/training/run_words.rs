//! What the page of a run says of it: how it ended, its data, and the machine.

use crate::{
    app::format,
    jobs::runs::{
        machine::Machine,
        record::{RunEnd, RunSummary},
        report::SettingRow,
    },
    language::text,
    names::shown,
    vae::trainer::EpochReport,
};

/// How a run ended.
pub fn status(end: &RunEnd) -> String {
    match end {
        RunEnd::Unknown => text!("runs-status-unknown"),
        RunEnd::Running => text!("runs-status-running"),
        RunEnd::Interrupted => text!("runs-status-interrupted"),
        RunEnd::Finished => text!("runs-status-finished"),
        RunEnd::StoppedEarly => text!("runs-status-ended-early"),
        RunEnd::Stopped => text!("runs-status-stopped"),
        RunEnd::Failed(_) => text!("runs-status-failed"),
    }
}

/// Why a run with these epochs ended early.
pub fn ended_early(epochs: &[EpochReport]) -> String {
    let has_validated = epochs.last().is_some_and(|report| report.validation.is_some());
    if has_validated {
        text!("training-status-ended-early")
    } else {
        text!("training-status-ended-early-unvalidated")
    }
}

/// Rows and columns of its images: errors of images of different sizes do not compare.
pub fn image_size(run: &RunSummary) -> String {
    let model = &run.config.model;
    text!("runs-image-value", bins = model.bins, frames = model.frames)
}

/// Its recordings.
pub fn data(run: &RunSummary) -> [SettingRow; 3] {
    let record = &run.record;
    let folder = record.recordings.as_ref();
    let folder = folder.map_or_else(|| text!("runs-not-saved"), |folder| shown(&folder).to_string());
    let images =
        text!("runs-images-value", training = record.training_images, validation = record.validation_images,);
    let class = |(class, count): &(String, usize)| {
        text!("class-count", class = &*format::class_name(class), count = *count)
    };
    let classes: Vec<String> = record.classes.iter().map(class).collect();
    [
        plain(text!("runs-folder"), folder),
        plain(text!("runs-images"), images),
        plain(text!("runs-classes"), classes.join(&text!("between-names"))),
    ]
}

/// What it was computed on, and by which version.
pub fn machine(run: &RunSummary) -> [SettingRow; 3] {
    let record = &run.record;
    let machine = &record.machine;
    let words = if machine.cores == 0 { text!("runs-not-saved") } else { machine_words(machine) };
    let place = text!("runs-computed-on-value", device = record.device.as_str(), threads = record.threads);
    [
        plain(text!("runs-machine-row"), words),
        plain(text!("runs-computed-on"), place),
        plain(text!("runs-program"), format!("timbrespace {}", run.config.version)),
    ]
}

/// A machine in one line.
fn machine_words(machine: &Machine) -> String {
    let cpu =
        if machine.processor.is_empty() { text!("runs-machine-unknown") } else { machine.processor.clone() };
    let (cores, system) = (machine.cores, machine.system.as_str());
    if machine.memory_bytes == 0 {
        return text!("runs-machine-without-memory", cpu = cpu, cores = cores, system = system);
    }
    let memory = format!("{:.0}", machine.memory_bytes as f64 / f64::from(1 << 30));
    text!("runs-machine-value", cpu = cpu, cores = cores, memory = memory, system = system)
}

fn plain(name: String, value: String) -> SettingRow {
    SettingRow::plain(name, value)
}
