//! What was measured.

use serde::Serialize;

use super::{mel::MelReport, method::LoadingMethod};

/// All ways.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Recordings used.
    pub recordings: usize,
    /// Images a batch.
    pub batch_size: usize,
    /// Epochs each way.
    pub epochs: usize,
    /// Threads that loaded.
    pub threads: usize,
    /// Seconds spent once on making and writing the cache, on the same threads.
    pub cache_seconds: f64,
    /// Bytes of the cache on disk.
    pub cache_bytes: u64,
    /// Epochs after which the cache has paid for itself, where it is the faster way.
    pub pays_after_epochs: Option<u64>,
    /// Whether both ways gave the same images bit for bit.
    pub images_equal: bool,
    /// Why no cold epochs were measured; absent where they were.
    pub cold_unavailable: Option<String>,
    /// Cached images, then on the fly.
    pub ways: Vec<LoadingMethod>,
    /// Which won, and by which factor, in words.
    pub verdict: String,
    /// The log-mel route, item by item and in batches.
    pub mel: MelReport,
}
