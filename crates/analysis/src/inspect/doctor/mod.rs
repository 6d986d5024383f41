//! Recordings that something is wrong with, and why that matters.
//!
//! The work has two halves. An [`examiner::Examiner`] looks at one decoded recording at a time, on as many threads as there
//! are, and keeps a few numbers of each: an [`examiner::Examination`]. [`folder::conclude`] then looks at all of them
//! together, because some faults only show in company: names that collide, a rate that differs from the others', and
//! faults that are so common that one sentence about the folder says more than a thousand rows. [`duplicates`] groups
//! recordings by their samples.
//!
//! A [`finding::Finding`] names a [`check::Check`] (what, why it matters, what to do) and the [`evidence::Evidence`] with
//! its figures. Each check lives in a file of its own, with its thresholds and their reasons.

pub mod band_limit;
pub mod check;
pub mod clipped;
pub mod csv;
pub mod cut_off;
pub mod dc_offset;
pub mod duplicates;
pub mod evidence;
pub mod examiner;
pub mod finding;
pub mod folder;
pub mod names;
pub mod rates;
pub mod silent;
