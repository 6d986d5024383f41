//! Checksums of paths, to name the files that are kept about a file or folder.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::names;

/// Bytes of the checksum of a path that are used.
const CHECKSUM_BYTES: usize = 8;

/// A checksum of the path of a file or folder.
pub(super) fn checksum_of(path: &Path) -> u64 {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let digest = Sha256::digest(names::text_of(whole.as_os_str()).as_bytes());
    digest.iter().take(CHECKSUM_BYTES).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
}
