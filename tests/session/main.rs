//! The session without a window: what commands change, start, keep and refuse, as the window gives them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

mod data_set;
mod export;
mod journey;
mod left_out;
mod messages;
mod pieces;
mod playing;
mod read_again;
mod space;
mod training;
mod waiting;
