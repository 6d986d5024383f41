//! Reads Python's pickles, protocols 0 to 5, as data: nothing in them is ever run.
//!
//! Calls that a pickle asks for (a NumPy scalar, a path, an `OrderedDict`) are kept as [`Call`] with their arguments, for
//! the reader to make sense of. Values lie in one list and name each other by [`Id`], so shared values lie there once
//! and no nesting, however deep, needs the stack. What a file may take is bounded by the constants below.

mod cursor;
mod error;
mod machine;
mod opcode;

pub use error::PickleError;

/// Bytes of a file: about a million images, at 250 bytes each.
pub(super) const MOST_BYTES: u64 = 256 << 20;
/// Values of a file: eight for each of a million images.
const MOST_VALUES: usize = 8 << 20;
/// Height of the stack; Python adds a thousand entries to a dictionary at a time.
const MOST_WAITING: usize = 4 << 20;
/// Tuples, lists and dictionaries that are begun inside each other.
const MOST_NESTED: usize = 1000;
/// Bytes of one string; longer than any path. Longer values are kept as [`Value::TooLong`].
const MOST_STRING_BYTES: usize = 1 << 16;
/// Classes and functions that are named.
const MOST_GLOBALS: usize = 10_000;

/// Index of a value in a [`Pickle`].
pub type Id = u32;

/// A Python value; what it holds is named by [`Id`].
#[derive(Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number within 64 bits.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Text(String),
    /// Also a string of Python 2.
    Bytes(Vec<u8>),
    /// A string or whole number of so many bytes, too long to mean anything here.
    TooLong(usize),
    /// A tuple, list or set.
    Sequence(Vec<Id>),
    /// A dictionary: keys and values in order.
    Dict(Vec<(Id, Id)>),
    /// A class or function by name.
    Global(Box<Global>),
    /// A call that Python would make.
    Call(Box<Call>),
}

/// A class or function by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Global {
    /// Module that defines it.
    pub module: String,
    /// Name within the module.
    pub name: String,
}

/// A call that Python would make, and what it would do with the result.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    /// The class or function called.
    pub callee: Id,
    /// The tuple of arguments.
    pub arguments: Id,
    /// The state that Python would pass to `__setstate__`.
    pub state: Option<Id>,
    /// Entries that are set on it, as on a dictionary.
    pub entries: Vec<(Id, Id)>,
}

/// A pickle that was read.
#[derive(Debug)]
pub struct Pickle {
    values: Vec<Value>,
    root: Id,
}

impl Pickle {
    /// Reads the first value of `bytes`.
    ///
    /// # Errors
    ///
    /// Fails on damaged or cut data, on opcodes that plain data does not need, and above the limits of this module.
    pub fn read(bytes: &[u8]) -> Result<Self, PickleError> {
        machine::Machine::new(bytes).run()
    }

    /// The value that was pickled.
    pub fn root(&self) -> Id {
        self.root
    }

    /// The value named by `id`; [`Value::None`] for an id of another pickle.
    pub fn get(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }

    /// The elements of a tuple, list or set; none for anything else.
    pub fn elements(&self, id: Id) -> &[Id] {
        match self.get(id) {
            Value::Sequence(elements) => elements,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests;
