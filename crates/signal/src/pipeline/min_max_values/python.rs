//! What the Python values in a `min_max_values.pkl` mean: file names, numbers and dictionaries in their many forms.

use std::borrow::Cow;

use crate::pipeline::{
    npy::half_to_single,
    pickle::{Call, Id, Pickle, Value},
};

/// Bytes of a text that is looked at: longer than any path.
const MOST_TEXT_BYTES: usize = 1 << 15;
/// Bytes of a number, and of the name of a field.
const MOST_FIELD_BYTES: usize = 64;

/// Classes that are dictionaries when they are called.
const DICTIONARIES: &[&str] = &["OrderedDict", "defaultdict", "dict", "Counter", "UserDict"];

/// Reads pickled values as Python's types. Values may be shared, so nothing is copied before its size is checked.
pub(super) struct Python<'a>(pub &'a Pickle);

/// How NumPy stores a value.
struct DataType<'a> {
    /// `f` for floating point, `i`, `u`, `U` for text, `S` for bytes.
    kind: char,
    /// Digits behind the kind.
    size: &'a str,
    big_endian: bool,
}

impl<'a> Python<'a> {
    /// The entries of a dictionary, an `OrderedDict` or a `defaultdict`.
    pub(super) fn entries(&self, id: Id) -> Option<Cow<'a, [(Id, Id)]>> {
        match self.0.get(id) {
            Value::Dict(entries) => Some(entries.into()),
            Value::Call(call) => {
                let given = self.given_entries(call)?;
                Some(if given.is_empty() { (&call.entries).into() } else { given.into() })
            }
            _ => None,
        }
    }

    /// How many entries [`Self::entries`] would give, without making them.
    pub(super) fn len(&self, id: Id) -> usize {
        match self.0.get(id) {
            Value::Dict(entries) => entries.len(),
            Value::Call(call) => {
                call.entries.len() + self.last_argument(call).map_or(0, |last| self.0.elements(last).len())
            }
            _ => 0,
        }
    }

    /// All entries of a call that has some among its arguments: Python 2 gives an `OrderedDict` its entries as a list of lists
    /// of two. Empty for other dictionaries, `None` for other classes.
    fn given_entries(&self, call: &Call) -> Option<Vec<(Id, Id)>> {
        if !DICTIONARIES.contains(&self.callee(call)?.1) {
            return None;
        }
        let Some(last) = self.last_argument(call) else { return Some(Vec::new()) };
        let pairs = self.0.elements(last).iter().filter_map(|pair| match self.0.elements(*pair) {
            [key, value] => Some((*key, *value)),
            _ => None,
        });
        let mut given: Vec<(Id, Id)> = pairs.collect();
        if let Value::Dict(entries) = self.0.get(last) {
            given.extend(entries);
        }
        if !given.is_empty() {
            given.extend(&call.entries);
        }
        Some(given)
    }

    /// The only argument that can hold entries; a `defaultdict` has its factory before it.
    fn last_argument(&self, call: &Call) -> Option<Id> {
        self.0.elements(call.arguments).last().copied()
    }

    /// A text: a string, bytes, a path of pathlib, or a string of NumPy.
    pub(super) fn text(&self, id: Id) -> Option<String> {
        self.text_within(id, MOST_TEXT_BYTES)
    }

    /// Whether the value is the text `name`.
    pub(super) fn is_named(&self, id: Id, name: &str) -> bool {
        self.text_within(id, MOST_FIELD_BYTES).as_deref() == Some(name)
    }

    fn text_within(&self, id: Id, most: usize) -> Option<String> {
        match self.0.get(id) {
            Value::Text(text) => (text.len() <= most).then(|| text.clone()),
            Value::Bytes(_) => text_of(&self.bytes(id, most)?),
            Value::Call(call) => match self.callee(call)? {
                (module, name) if module.starts_with("pathlib") && name.ends_with("Path") => {
                    self.path(call, most)
                }
                (_, "encode") => text_of(&self.bytes(id, most)?),
                (_, "scalar") => self.numpy_text(call, most),
                _ => None,
            },
            _ => None,
        }
    }

    /// A number: Python's own, or a NumPy scalar or array of one element.
    pub(super) fn number(&self, id: Id) -> Option<f64> {
        match self.0.get(id) {
            Value::Float(number) => Some(*number),
            Value::Int(number) => Some(*number as f64),
            Value::Call(call) => {
                let (data_type, bytes) = match (self.callee(call)?.1, self.0.elements(call.arguments)) {
                    ("scalar", &[data_type, bytes]) | ("_frombuffer", &[bytes, data_type, ..]) => {
                        (data_type, bytes)
                    }
                    // An array: (version, shape, type, order, bytes).
                    ("_reconstruct", _) => match self.0.elements(call.state?) {
                        &[_, _, data_type, _, bytes] => (data_type, bytes),
                        _ => return None,
                    },
                    _ => return None,
                };
                number_of(&self.data_type(data_type)?, self.bytes(bytes, MOST_FIELD_BYTES)?)
            }
            _ => None,
        }
    }

    /// What to call a value that is no file name.
    pub(super) fn describe(&self, id: Id) -> String {
        match self.0.get(id) {
            Value::None => "None".to_owned(),
            Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Text(text) => text.chars().take(200).collect(),
            Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Value::TooLong(bytes) => format!("a value of {bytes} bytes"),
            Value::Sequence(elements) => format!("a tuple or list of {}", elements.len()),
            Value::Dict(_) => "a dictionary".to_owned(),
            Value::Global(global) => format!("the class {}.{}", global.module, global.name),
            Value::Call(call) => match self.callee(call) {
                Some((module, name)) => format!("an object of {module}.{name}"),
                None => "an object".to_owned(),
            },
        }
    }

    fn callee(&self, call: &Call) -> Option<(&'a str, &'a str)> {
        match self.0.get(call.callee) {
            Value::Global(global) => Some((&global.module, &global.name)),
            _ => None,
        }
    }

    /// Parts of a path, joined as pathlib joins them.
    fn path(&self, call: &Call, most: usize) -> Option<String> {
        let windows = self.callee(call)?.1.contains("Windows");
        let separator = if windows { '\\' } else { '/' };
        let mut path = String::new();
        for part in self.0.elements(call.arguments) {
            let Value::Text(part) = self.0.get(*part) else { return None };
            if !path.is_empty() && !path.ends_with(separator) {
                path.push(separator);
            }
            if path.len() + part.len() > most {
                return None;
            }
            path += part;
        }
        Some(path)
    }

    /// Bytes, also in the form of Python 3 for old protocols: a Latin-1 text to be encoded.
    fn bytes(&self, id: Id, most: usize) -> Option<Vec<u8>> {
        match self.0.get(id) {
            Value::Bytes(bytes) => (bytes.len() <= most).then(|| bytes.clone()),
            Value::Call(call) if self.callee(call)?.1 == "encode" => {
                let Value::Text(text) = self.0.get(*self.0.elements(call.arguments).first()?) else {
                    return None;
                };
                if text.len() > 2 * most {
                    return None;
                }
                text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
            }
            _ => None,
        }
    }

    fn numpy_text(&self, call: &Call, most: usize) -> Option<String> {
        let &[data_type, bytes] = self.0.elements(call.arguments) else { return None };
        let (data_type, bytes) = (self.data_type(data_type)?, self.bytes(bytes, 4 * most)?);
        match data_type.kind {
            'S' => text_of(&bytes),
            'U' => {
                let (letters, _) = bytes.as_chunks::<4>();
                let letters = letters.iter().map(|letter| {
                    if data_type.big_endian {
                        u32::from_be_bytes(*letter)
                    } else {
                        u32::from_le_bytes(*letter)
                    }
                });
                let text: Option<String> = letters.map(char::from_u32).collect();
                Some(text?.trim_end_matches('\0').to_owned())
            }
            _ => None,
        }
    }

    /// `numpy.dtype('f4', False, True)` with the state `(3, '<', ...)`.
    fn data_type(&self, id: Id) -> Option<DataType<'a>> {
        let Value::Call(call) = self.0.get(id) else { return None };
        if self.callee(call)?.1 != "dtype" {
            return None;
        }
        let name = match self.0.get(*self.0.elements(call.arguments).first()?) {
            Value::Text(name) => name.as_str(),
            Value::Bytes(name) => std::str::from_utf8(name).ok()?,
            _ => return None,
        };
        let order = call.state.and_then(|state| self.0.elements(state).get(1).copied());
        let is_big = order.is_some_and(|order| self.is_named(order, ">"));
        let bare = name.trim_start_matches(['<', '>', '=', '|']);
        let kind = bare.chars().next()?;
        let big_endian = is_big || name.starts_with('>');
        Some(DataType { kind, size: bare.get(kind.len_utf8()..)?, big_endian })
    }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// The number whose bytes NumPy wrote; `None` for kinds and sizes that no decibels come in.
fn number_of(data_type: &DataType<'_>, mut bytes: Vec<u8>) -> Option<f64> {
    if data_type.big_endian {
        bytes.reverse();
    }
    match (data_type.kind, data_type.size, bytes.as_slice()) {
        ('f', "2", &[a, b]) => Some(half_to_single(u16::from_le_bytes([a, b])).into()),
        ('f', "4", &[a, b, c, d]) => Some(f32::from_le_bytes([a, b, c, d]).into()),
        ('f', "8", &[a, b, c, d, e, f, g, h]) => Some(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        ('i', "4", &[a, b, c, d]) => Some(i32::from_le_bytes([a, b, c, d]).into()),
        ('i', "8", &[a, b, c, d, e, f, g, h]) => Some(i64::from_le_bytes([a, b, c, d, e, f, g, h]) as f64),
        _ => None,
    }
}
