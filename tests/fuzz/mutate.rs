//! Damages bytes: at random, and where a format keeps its lengths, counts and numbers.

use rand::{Rng as _, rngs::StdRng, seq::IndexedRandom as _};

/// Values that size arithmetic goes wrong on.
const TRICKY: [u64; 14] = [
    0,
    1,
    2,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x00ff_ffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];
const TRICKY_FLOATS: [f32; 7] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e38, -3e38, 1e-42, -1.0];
/// What a number in a text becomes.
const TRICKY_NUMBERS: [&str; 16] = [
    "NaN",
    "-NaN",
    "inf",
    "1e308",
    "-1e308",
    "1e999",
    "-1",
    "0",
    "-0.0",
    "1e-320",
    "4294967296",
    "99999999999999999999",
    "null",
    "\"text\"",
    "",
    "[[[[",
];

/// Damaged copies of `seed`; `others` are seeds of the same format, to splice with.
pub fn binary(seed: &[u8], others: &[&[u8]], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..=4) {
        match random.random_range(0..13) {
            0 | 1 => flip(&mut bytes, random),
            2 => overwrite(&mut bytes, random),
            3 | 4 => length_field(&mut bytes, random),
            5 | 6 => chunk_length(&mut bytes, random),
            7 => float(&mut bytes, random),
            8 => bytes.truncate(place(&bytes, random)),
            9 => insert(&mut bytes, random),
            10 => remove(&mut bytes, random),
            11 => duplicate(&mut bytes, random),
            _ => splice(&mut bytes, others, random),
        }
    }
    bytes
}

/// Damaged copies of a text of numbers and names.
pub fn text(seed: &[u8], others: &[&[u8]], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..=3) {
        match random.random_range(0..10) {
            0..=4 => number(&mut bytes, random),
            5 => line(&mut bytes, random),
            6 => word(&mut bytes, random),
            7 => nest(&mut bytes, random),
            _ => bytes = binary(&bytes, others, random),
        }
    }
    bytes
}

/// A position, more often near the start, where headers are.
fn place(bytes: &[u8], random: &mut StdRng) -> usize {
    let end = if random.random_bool(0.6) { bytes.len().min(256) } else { bytes.len() };
    if end == 0 { 0 } else { random.random_range(0..end) }
}

fn range(bytes: &[u8], random: &mut StdRng) -> std::ops::Range<usize> {
    let start = place(bytes, random);
    let most = (bytes.len() - start).min(if random.random_bool(0.7) { 64 } else { bytes.len() });
    start..start + if most == 0 { 0 } else { random.random_range(0..=most) }
}

fn flip(bytes: &mut [u8], random: &mut StdRng) {
    let at = place(bytes, random);
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.random_range(0..8);
    }
}

fn overwrite(bytes: &mut [u8], random: &mut StdRng) {
    let value = random.random();
    let fill = random.random_bool(0.5);
    let range = range(bytes, random);
    for byte in &mut bytes[range] {
        *byte = if fill { value } else { random.random() };
    }
}

/// Writes the low bytes of `value` at `at`, as far as there is room.
fn write(bytes: &mut [u8], at: usize, value: u64, width: usize, little_endian: bool) {
    let all = value.to_le_bytes();
    for (index, byte) in bytes.iter_mut().skip(at).take(width).enumerate() {
        *byte = all[if little_endian { index } else { width - 1 - index }];
    }
}

fn tricky(bytes: &[u8], random: &mut StdRng) -> u64 {
    match random.random_range(0..4) {
        0 => (bytes.len() as u64).wrapping_add(random.random_range(0..5)).wrapping_sub(2),
        1 => random.random(),
        _ => *TRICKY.choose(random).unwrap(),
    }
}

fn length_field(bytes: &mut [u8], random: &mut StdRng) {
    let value = tricky(bytes, random);
    let width = *[1, 2, 3, 4, 4, 8].choose(random).unwrap();
    let at = place(bytes, random);
    let at = if random.random_bool(0.5) { at & !3 } else { at };
    write(bytes, at, value, width, random.random_bool(0.5));
}

/// Sets the length that stands behind (RIFF, AIFF, CAF) or before (MP4) a name of four letters.
fn chunk_length(bytes: &mut [u8], random: &mut StdRng) {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
    let names: Vec<usize> = (0..bytes.len().min(4096).saturating_sub(4))
        .filter(|at| bytes[*at..at + 4].iter().all(is_letter))
        .collect();
    let Some(name) = names.choose(random) else { return };
    let value = tricky(bytes, random);
    match random.random_range(0..4) {
        0 => write(bytes, name + 4, value, 4, true),
        1 => write(bytes, name + 4, value, 4, false),
        2 => write(bytes, name + 4, value, 8, false),
        _ => write(bytes, name.saturating_sub(4), value, 4, false),
    }
}

fn float(bytes: &mut [u8], random: &mut StdRng) {
    let value = *TRICKY_FLOATS.choose(random).unwrap();
    let at = if bytes.is_empty() { 0 } else { random.random_range(0..bytes.len()) } & !3;
    write(bytes, at, u64::from(value.to_bits()), 4, true);
}

fn insert(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let at = place(bytes, random);
    let inserted: Vec<u8> = (0..random.random_range(1..64)).map(|_| random.random()).collect();
    bytes.splice(at..at, inserted);
}

fn remove(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let range = range(bytes, random);
    bytes.drain(range);
}

fn duplicate(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let range = range(bytes, random);
    let copy = bytes[range.clone()].to_vec();
    let times = if copy.len() < 256 { random.random_range(1..20) } else { 1 };
    for _ in 0..times {
        bytes.splice(range.end..range.end, copy.iter().copied());
    }
}

fn splice(bytes: &mut Vec<u8>, others: &[&[u8]], random: &mut StdRng) {
    let Some(other) = others.choose(random) else { return };
    let (at, from) = (place(bytes, random), place(other, random));
    bytes.truncate(at);
    bytes.extend_from_slice(&other[from..]);
}

/// Ranges of bytes that belong to numbers.
fn numbers(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let len = bytes[at..].iter().take_while(|byte| is_part(byte)).count();
        if len > 0 && bytes[at..at + len].iter().any(u8::is_ascii_digit) {
            found.push(at..at + len);
        }
        at += len.max(1);
    }
    found
}

fn number(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let Some(range) = numbers(bytes).choose(random).cloned() else { return };
    let new = TRICKY_NUMBERS.choose(random).unwrap();
    bytes.splice(range, new.bytes());
}

fn line(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let (one, other) = (random.random_range(0..lines.len()), random.random_range(0..lines.len()));
    match random.random_range(0..3) {
        0 => drop(lines.remove(one)),
        1 => lines.swap(one, other),
        _ => lines.insert(other, lines[one].clone()),
    }
    *bytes = lines.concat();
}

/// Another word in the place of one in quotation marks: a value of the wrong kind, or a field that is gone.
fn word(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let marks: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'"').collect();
    let Some(at) = marks.len().checked_sub(2).map(|last| random.random_range(0..=last)) else { return };
    let new: &[u8] =
        [&b"\""[..], b"\"x", b"\"../../x", b"\"\\u0000", b"\"\xff\xfe", b"\"=1+1"].choose(random).unwrap();
    bytes.splice(marks[at]..marks[at + 1], new.iter().copied());
}

fn nest(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let at = place(bytes, random);
    let depth = *[3, 200, 20_000].choose(random).unwrap();
    let bracket = *b"[{(".choose(random).unwrap();
    bytes.splice(at..at, std::iter::repeat_n(bracket, depth));
}
