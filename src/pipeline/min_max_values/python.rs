//! What the Python values in a `min_max_values.pkl` mean: file names, numbers and dictionaries in their many forms.

use crate::pipeline::{
    npy::half_to_single,
    pickle::{Call, Id, Pickle, Value},
};

/// Classes that are dictionaries when they are called.
const DICTIONARIES: &[&str] = &["OrderedDict", "defaultdict", "dict", "Counter", "UserDict"];

/// A pickle as someone looks at it who knows Python's types.
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
    pub(super) fn entries(&self, id: Id) -> Option<Vec<(Id, Id)>> {
        match self.0.get(id) {
            Value::Dict(entries) => Some(entries.clone()),
            Value::Call(call) => {
                if !DICTIONARIES.contains(&self.callee(call)?.1) {
                    return None;
                }
                let mut entries = call.entries.clone();
                // Python 2 gives an `OrderedDict` its entries as a list of lists of two.
                for &pairs in self.0.elements(call.arguments) {
                    entries.extend(self.0.elements(pairs).iter().filter_map(|pair| {
                        let [key, value] = self.0.elements(*pair) else { return None };
                        Some((*key, *value))
                    }));
                    if let Value::Dict(given) = self.0.get(pairs) {
                        entries.extend(given);
                    }
                }
                Some(entries)
            }
            _ => None,
        }
    }

    /// A text: a string, bytes, a path of pathlib, or a string of NumPy.
    pub(super) fn text(&self, id: Id) -> Option<String> {
        match self.0.get(id) {
            Value::Text(text) => Some(text.clone()),
            Value::Bytes(_) => text_of(&self.bytes(id)?),
            Value::Call(call) => match self.callee(call)? {
                (module, name) if module.starts_with("pathlib") && name.ends_with("Path") => self.path(call),
                (_, "encode") => text_of(&self.bytes(id)?),
                (_, "scalar") => self.numpy_text(call),
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
                number_of(&self.data_type(data_type)?, self.bytes(bytes)?)
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
    fn path(&self, call: &Call) -> Option<String> {
        let windows = self.callee(call)?.1.contains("Windows");
        let separator = if windows { '\\' } else { '/' };
        let mut path = String::new();
        for part in self.0.elements(call.arguments) {
            let Value::Text(part) = self.0.get(*part) else { return None };
            if !path.is_empty() && !path.ends_with(separator) {
                path.push(separator);
            }
            path += part;
        }
        Some(path)
    }

    /// Bytes, also in the form of Python 3 for old protocols: a Latin-1 text to be encoded.
    fn bytes(&self, id: Id) -> Option<Vec<u8>> {
        match self.0.get(id) {
            Value::Bytes(bytes) => Some(bytes.clone()),
            Value::Call(call) if self.callee(call)?.1 == "encode" => {
                let Value::Text(text) = self.0.get(*self.0.elements(call.arguments).first()?) else {
                    return None;
                };
                text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
            }
            _ => None,
        }
    }

    fn numpy_text(&self, call: &Call) -> Option<String> {
        let &[data_type, bytes] = self.0.elements(call.arguments) else { return None };
        let (data_type, bytes) = (self.data_type(data_type)?, self.bytes(bytes)?);
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
        let order = order.and_then(|order| self.text(order)).unwrap_or_default();
        let bare = name.trim_start_matches(['<', '>', '=', '|']);
        let kind = bare.chars().next()?;
        let big_endian = order == ">" || name.starts_with('>');
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
