//! Why a pickle cannot be read.

/// Why a pickle cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    /// The file ends inside a value.
    #[error("it ends in the middle of a value; it was cut short")]
    Ends,
    /// A byte that is no opcode.
    #[error("byte {at} ({code:#04x}) is no opcode of a pickle; it is damaged, or no pickle at all")]
    NoOpcode {
        /// The byte.
        code: u8,
        /// Byte offset in the file.
        at: usize,
    },
    /// An opcode that plain data does not need.
    #[error("it uses the opcode {name} (byte {at}), which plain data does not need")]
    Opcode {
        /// Its name.
        name: &'static str,
        /// Byte offset in the file.
        at: usize,
    },
    /// A protocol that is not read here.
    #[error("it is a pickle of protocol {0}; protocols 0 to 5 can be read")]
    Protocol(u8),
    /// Contradictory data.
    #[error("{what} (byte {at}); it is damaged")]
    Damaged {
        /// What contradicts.
        what: &'static str,
        /// Byte offset in the file.
        at: usize,
    },
    /// More values than any list of recordings needs.
    #[error("it holds more than {limit} {what}, far more than is needed")]
    Limit {
        /// Kind of value that is counted.
        what: &'static str,
        /// The largest count allowed.
        limit: usize,
    },
}
