//! A schema-less writer for Protocol Buffers messages, as used by ONNX models and TensorBoard events.
//!
//! A message is a sequence of fields. Each is a key, `number << 3 | wire type` as a varint, and a value: a
//! varint (wire type 0), eight bytes (1), a length followed by as many bytes (2: strings, bytes and messages)
//! or four bytes (5), all little-endian (<https://protobuf.dev/programming-guides/encoding/>). A repeated
//! field is written as one field per value, which every reader accepts. Field numbers come from the schema
//! and are given by the caller.

/// Payload bits per varint byte; the eighth bit marks that more bytes follow.
const VARINT_BITS: u32 = 7;

/// Wire type of a field.
#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    EightBytes = 1,
    Length = 2,
    FourBytes = 5,
}

/// A message under construction; each method appends one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Message(Vec<u8>);

impl Message {
    /// An empty message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an `int32`, `int64` or enum; negative values take ten bytes.
    pub fn int(mut self, field: u32, value: i64) -> Self {
        self.key(field, Wire::Varint);
        self.varint(value.cast_unsigned());
        self
    }

    /// Appends a `float`.
    pub fn float(mut self, field: u32, value: f32) -> Self {
        self.key(field, Wire::FourBytes);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// Appends a `double`.
    pub fn double(mut self, field: u32, value: f64) -> Self {
        self.key(field, Wire::EightBytes);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// Appends `bytes`.
    pub fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        self.key(field, Wire::Length);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// Appends a `string`.
    pub fn text(self, field: u32, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    /// Appends an embedded message.
    pub fn message(self, field: u32, value: &Self) -> Self {
        self.bytes(field, &value.0)
    }

    /// The encoded message.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn key(&mut self, field: u32, wire: Wire) {
        self.varint(u64::from(field) << 3 | wire as u64);
    }

    fn varint(&mut self, mut value: u64) {
        while value >> VARINT_BITS != 0 {
            self.0.push(value as u8 | 1 << VARINT_BITS);
            value >>= VARINT_BITS;
        }
        self.0.push(value as u8);
    }
}

/// Decodes messages in tests; panics on malformed input.
#[cfg(any(test, feature = "testing"))]
#[expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test that cannot go on ends here")]
pub mod reader {
    /// The value of one field.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Value {
        /// A varint (wire type 0).
        Int(i64),
        /// Four bytes (wire type 5).
        Float(f32),
        /// Eight bytes (wire type 1).
        Double(f64),
        /// Bytes, text or an embedded message (wire type 2).
        Bytes(Vec<u8>),
    }

    /// Field numbers and values in order.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Fields(pub Vec<(u32, Value)>);

    impl Fields {
        /// Decodes a whole message.
        pub fn read(mut bytes: &[u8]) -> Self {
            let mut fields = Vec::new();
            while !bytes.is_empty() {
                let key = varint(&mut bytes);
                let value = match key & 7 {
                    0 => Value::Int(varint(&mut bytes) as i64),
                    1 => Value::Double(f64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
                    5 => Value::Float(f32::from_le_bytes(take(&mut bytes, 4).try_into().unwrap())),
                    2 => {
                        let length = varint(&mut bytes) as usize;
                        Value::Bytes(take(&mut bytes, length).to_vec())
                    }
                    wire => panic!("wire type {wire}"),
                };
                fields.push((u32::try_from(key >> 3).unwrap(), value));
            }
            Self(fields)
        }

        /// All values of a field.
        pub fn all(&self, field: u32) -> impl Iterator<Item = &Value> {
            self.0.iter().filter(move |(number, _)| *number == field).map(|(_, value)| value)
        }

        /// Integer values of a field.
        pub fn ints(&self, field: u32) -> Vec<i64> {
            self.all(field)
                .map(|value| if let Value::Int(value) = value { *value } else { panic!() })
                .collect()
        }

        /// Byte strings of a field.
        pub fn bytes(&self, field: u32) -> Vec<&[u8]> {
            self.all(field)
                .map(|value| if let Value::Bytes(value) = value { &value[..] } else { panic!() })
                .collect()
        }

        /// Strings of a field.
        pub fn texts(&self, field: u32) -> Vec<String> {
            self.bytes(field).iter().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect()
        }

        /// Embedded messages of a field.
        pub fn messages(&self, field: u32) -> Vec<Self> {
            self.bytes(field).into_iter().map(Self::read).collect()
        }
    }

    fn take<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
        let (taken, rest) = bytes.split_at(count);
        *bytes = rest;
        taken
    }

    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = take(bytes, 1)[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return value;
            }
        }
        panic!("a varint of more than ten bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Message,
        reader::{Fields, Value},
    };

    #[test]
    fn fields_are_written_as_the_format_s_documentation_shows_them() {
        // Examples from the encoding's documentation: 150, "testing", and an embedded message with 150.
        let number = Message::new().int(1, 150);
        assert_eq!(number.clone().finish(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::new().text(2, "testing").finish(), *b"\x12\x07testing");
        assert_eq!(Message::new().message(3, &number).finish(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
    }

    #[test]
    fn every_kind_of_value_comes_back() {
        let inner = Message::new().float(15, -0.5);
        let message = Message::new()
            .int(1, 0)
            .int(1, i64::MAX)
            .int(1, -2)
            .double(2047, 1.0 / 3.0)
            .bytes(16, &[0; 300])
            .message(3, &inner);
        let fields = Fields::read(&message.finish());
        assert_eq!(fields.ints(1), [0, i64::MAX, -2]);
        assert_eq!(fields.all(2047).collect::<Vec<_>>(), [&Value::Double(1.0 / 3.0)]);
        assert_eq!(fields.bytes(16), [[0; 300]]);
        assert_eq!(fields.messages(3), [Fields(vec![(15, Value::Float(-0.5))])]);
    }

    #[test]
    fn a_negative_number_takes_ten_bytes() {
        assert_eq!(Message::new().int(1, -1).finish().len(), 1 + 10);
    }
}
