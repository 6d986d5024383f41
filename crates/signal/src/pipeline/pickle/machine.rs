//! The pickle machine: a stack of values, marks on it, and a memory of values that come again.

use std::collections::HashMap;

use super::{
    Call, Global, Id, MOST_GLOBALS, MOST_NESTED, MOST_STRING_BYTES, MOST_VALUES, MOST_WAITING, Pickle,
    PickleError, Value,
    cursor::Cursor,
    opcode::{escaped_text, quoted_bytes, refused},
};

/// The newest protocol that is read.
const NEWEST_PROTOCOL: u8 = 5;
/// Characters that are kept of a module's or class's name.
const MOST_NAME_CHARACTERS: usize = 100;

pub(super) struct Machine<'a> {
    cursor: Cursor<'a>,
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack at which something was begun.
    marks: Vec<usize>,
    memory: HashMap<u32, Id>,
    globals: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        // None, False and True are shared.
        let values = vec![Value::None, Value::Bool(false), Value::Bool(true)];
        Self {
            cursor: Cursor::new(bytes),
            values,
            stack: Vec::new(),
            marks: Vec::new(),
            memory: HashMap::new(),
            globals: 0,
        }
    }

    pub(super) fn run(mut self) -> Result<Pickle, PickleError> {
        loop {
            let at = self.cursor.position();
            let code = self.cursor.byte()?;
            if code == b'.' {
                let root = self.pop()?;
                return Ok(Pickle { values: self.values, root });
            }
            let done = self.number(code)?
                || self.string(code)?
                || self.collection(code)?
                || self.remember(code)?
                || self.call(code)?
                || self.frame(code)?;
            if !done {
                return Err(match refused(code) {
                    Some(name) => PickleError::Opcode { name, at },
                    None => PickleError::NoOpcode { code, at },
                });
            }
        }
    }

    fn damaged(&self, what: &'static str) -> PickleError {
        PickleError::Damaged { what, at: self.cursor.position() }
    }

    fn push_id(&mut self, id: Id) -> Result<bool, PickleError> {
        if self.stack.len() >= MOST_WAITING {
            return Err(PickleError::Limit { what: "values in one list", limit: MOST_WAITING });
        }
        self.stack.push(id);
        Ok(true)
    }

    fn push(&mut self, value: Value) -> Result<bool, PickleError> {
        let id = self.values.len();
        if id >= MOST_VALUES {
            return Err(PickleError::Limit { what: "values", limit: MOST_VALUES });
        }
        self.values.push(value);
        self.push_id(id as Id)
    }

    /// The value on top, which lies above the newest mark.
    fn pop(&mut self) -> Result<Id, PickleError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.pop() {
            Some(id) if self.stack.len() >= floor => Ok(id),
            _ => Err(self.damaged("a value is missing")),
        }
    }

    fn top(&self) -> Result<Id, PickleError> {
        self.stack.last().copied().ok_or_else(|| self.damaged("a value is missing"))
    }

    /// The values above the newest mark, which is taken away.
    fn pop_marked(&mut self) -> Result<Vec<Id>, PickleError> {
        let mark = self.marks.pop().ok_or_else(|| self.damaged("the beginning of a list is missing"))?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn number(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            b'N' => self.push_id(0),
            0x89 => self.push_id(1),
            0x88 => self.push_id(2),
            b'K' => {
                let number = self.cursor.byte()?;
                self.push(Value::Int(number.into()))
            }
            b'M' => {
                let number = u16::from_le_bytes(self.cursor.array()?);
                self.push(Value::Int(number.into()))
            }
            b'J' => {
                let number = i32::from_le_bytes(self.cursor.array()?);
                self.push(Value::Int(number.into()))
            }
            b'G' => {
                let number = f64::from_be_bytes(self.cursor.array()?);
                self.push(Value::Float(number))
            }
            0x8a => {
                let bytes = self.cursor.counted(1)?;
                self.push(whole_number(bytes))
            }
            0x8b => {
                let bytes = self.cursor.counted(4)?;
                self.push(whole_number(bytes))
            }
            b'I' | b'L' | b'F' => self.written_number(code),
            _ => Ok(false),
        }
    }

    /// A number in the letters of protocol 0.
    fn written_number(&mut self, code: u8) -> Result<bool, PickleError> {
        let line = self.cursor.line()?;
        match line {
            b"00" if code == b'I' => return self.push_id(1),
            b"01" if code == b'I' => return self.push_id(2),
            // Twenty digits are more than 64 bits hold, and few letters make any float.
            _ if line.len() > 64 => return self.push(Value::TooLong(line.len())),
            _ => {}
        }
        let text = std::str::from_utf8(line).unwrap_or_default().trim();
        let value = if code == b'F' {
            text.parse().map(Value::Float).ok()
        } else {
            let digits = text.strip_suffix('L').unwrap_or(text);
            let bare = digits.strip_prefix('-').unwrap_or(digits);
            let is_whole = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse().map(Value::Int).ok();
            number.or_else(|| is_whole.then_some(Value::TooLong(digits.len())))
        };
        let value = value.ok_or_else(|| self.damaged("a number makes no sense"))?;
        self.push(value)
    }

    fn string(&mut self, code: u8) -> Result<bool, PickleError> {
        let (bytes, is_text) = match code {
            b'U' | b'C' => (self.cursor.counted(1)?, false),
            b'T' | b'B' => (self.cursor.counted(4)?, false),
            0x8e | 0x96 => (self.cursor.counted(8)?, false),
            0x8c => (self.cursor.counted(1)?, true),
            b'X' => (self.cursor.counted(4)?, true),
            0x8d => (self.cursor.counted(8)?, true),
            b'V' | b'S' => (self.cursor.line()?, code == b'V'),
            _ => return Ok(false),
        };
        let value = match code {
            _ if bytes.len() > MOST_STRING_BYTES => Value::TooLong(bytes.len()),
            b'V' => Value::Text(escaped_text(bytes)),
            b'S' => Value::Bytes(quoted_bytes(bytes).ok_or_else(|| self.damaged("a string makes no sense"))?),
            _ if is_text => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Value::Bytes(bytes.to_vec()),
        };
        self.push(value)
    }

    fn collection(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            b'(' => {
                if self.marks.len() >= MOST_NESTED {
                    return Err(PickleError::Limit { what: "lists inside each other", limit: MOST_NESTED });
                }
                self.marks.push(self.stack.len());
                Ok(true)
            }
            b')' | b']' | 0x8f => self.push(Value::Sequence(Vec::new())),
            b'}' => self.push(Value::Dict(Vec::new())),
            b't' | b'l' | 0x91 => {
                let elements = self.pop_marked()?;
                self.push(Value::Sequence(elements))
            }
            0x85..=0x87 => {
                let mut elements = Vec::new();
                for _ in 0..=code - 0x85 {
                    elements.insert(0, self.pop()?);
                }
                self.push(Value::Sequence(elements))
            }
            b'd' => {
                let entries = self.pop_marked()?;
                self.push(Value::Dict(Vec::new()))?;
                self.set(&entries)
            }
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.set(&[key, value])
            }
            b'u' => {
                let entries = self.pop_marked()?;
                self.set(&entries)
            }
            b'a' => {
                let element = self.pop()?;
                self.append(&[element])
            }
            b'e' | 0x90 => {
                let elements = self.pop_marked()?;
                self.append(&elements)
            }
            _ => Ok(false),
        }
    }

    /// Sets keys and values, one after the other, on the dictionary on top.
    fn set(&mut self, entries: &[Id]) -> Result<bool, PickleError> {
        let (pairs, []) = entries.as_chunks::<2>() else {
            return Err(self.damaged("a key has no value"));
        };
        let pairs = pairs.iter().map(|[key, value]| (*key, *value));
        let top = self.top()?;
        match self.values.get_mut(top as usize) {
            Some(Value::Dict(known)) => known.extend(pairs),
            Some(Value::Call(call)) => call.entries.extend(pairs),
            _ => return Err(self.damaged("an entry is set on what is no dictionary")),
        }
        Ok(true)
    }

    /// Elements of objects that are no list mean nothing here.
    fn append(&mut self, elements: &[Id]) -> Result<bool, PickleError> {
        let top = self.top()?;
        match self.values.get_mut(top as usize) {
            Some(Value::Sequence(known)) => known.extend(elements),
            Some(Value::Call(_)) => {}
            _ => return Err(self.damaged("an element is added to what is no list")),
        }
        Ok(true)
    }

    fn remember(&mut self, code: u8) -> Result<bool, PickleError> {
        let place = match code {
            0x94 => self.memory.len() as u32,
            b'q' | b'h' => self.cursor.byte()?.into(),
            b'r' | b'j' => u32::from_le_bytes(self.cursor.array()?),
            b'p' | b'g' => {
                let line = self.cursor.line()?;
                let number = std::str::from_utf8(line).ok().and_then(|line| line.trim().parse().ok());
                number.ok_or_else(|| self.damaged("the number of a value makes no sense"))?
            }
            _ => return Ok(false),
        };
        if let b'h' | b'j' | b'g' = code {
            let known = self.memory.get(&place).copied();
            return self.push_id(known.ok_or_else(|| self.damaged("a value that came before is missing"))?);
        }
        if self.memory.len() >= MOST_VALUES {
            return Err(PickleError::Limit { what: "values", limit: MOST_VALUES });
        }
        let top = self.top()?;
        self.memory.insert(place, top);
        Ok(true)
    }

    fn call(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            b'c' => {
                let (module, name) = (self.cursor.line()?, self.cursor.line()?);
                self.global(short(&String::from_utf8_lossy(module)), short(&String::from_utf8_lossy(name)))
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let text = |id: Id| match self.values.get(id as usize) {
                    Some(Value::Text(text)) => Some(short(text)),
                    _ => None,
                };
                match (text(module), text(name)) {
                    (Some(module), Some(name)) => self.global(module, name),
                    _ => Err(self.damaged("a class has no name")),
                }
            }
            b'R' | 0x81 | 0x92 => {
                // Arguments by name mean nothing here.
                if code == 0x92 {
                    self.pop()?;
                }
                let (arguments, callee) = (self.pop()?, self.pop()?);
                let call = Call { callee, arguments, state: None, entries: Vec::new() };
                self.push(Value::Call(Box::new(call)))
            }
            b'b' => {
                let state = self.pop()?;
                let top = self.top()?;
                match self.values.get_mut(top as usize) {
                    Some(Value::Call(call)) => call.state = Some(state),
                    _ => return Err(self.damaged("an object is missing")),
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Python names a class once and then remembers it, so few are needed.
    fn global(&mut self, module: String, name: String) -> Result<bool, PickleError> {
        self.globals += 1;
        if self.globals > MOST_GLOBALS {
            return Err(PickleError::Limit { what: "names of classes", limit: MOST_GLOBALS });
        }
        self.push(Value::Global(Box::new(Global { module, name })))
    }

    fn frame(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            0x80 => {
                let protocol = self.cursor.byte()?;
                if protocol > NEWEST_PROTOCOL {
                    return Err(PickleError::Protocol(protocol));
                }
            }
            // Lengths of frames only help a reader of streams.
            0x95 => {
                self.cursor.take(8)?;
            }
            b'0' => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop()?;
                }
            }
            b'1' => {
                self.pop_marked()?;
            }
            b'2' => {
                let top = self.top()?;
                self.push_id(top)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The first characters of a module's or class's name: no name that means something here is long.
fn short(name: &str) -> String {
    name.chars().take(MOST_NAME_CHARACTERS).collect()
}

/// A whole number in two's complement, lowest byte first.
fn whole_number(bytes: &[u8]) -> Value {
    let Some(highest) = bytes.last() else {
        return Value::Int(0);
    };
    if bytes.len() > 8 {
        return Value::TooLong(bytes.len());
    }
    let mut all = if highest & 0x80 == 0 { [0; 8] } else { [0xff; 8] };
    for (place, byte) in all.iter_mut().zip(bytes) {
        *place = *byte;
    }
    Value::Int(i64::from_le_bytes(all))
}
