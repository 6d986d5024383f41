//! Names of the opcodes that are refused, and the texts of protocol 0.

/// The name of an opcode that exists and is not read.
pub(super) fn refused(code: u8) -> Option<&'static str> {
    Some(match code {
        b'P' => "PERSID",
        b'Q' => "BINPERSID",
        b'i' => "INST",
        b'o' => "OBJ",
        0x82 => "EXT1",
        0x83 => "EXT2",
        0x84 => "EXT4",
        0x97 => "NEXT_BUFFER",
        0x98 => "READONLY_BUFFER",
        _ => return None,
    })
}

/// A string of protocol 0 as Python 2 wrote it: `'a\xff'`, quotes and escapes included.
pub(super) fn quoted_bytes(line: &[u8]) -> Option<Vec<u8>> {
    let ([b'\'', inside @ .., b'\''] | [b'"', inside @ .., b'"']) = line else {
        return None;
    };
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let [escaped, behind @ ..] = rest else { return None };
        rest = behind;
        bytes.push(match escaped {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'x' => {
                let (digits, behind) = rest.split_at_checked(2)?;
                rest = behind;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    Some(bytes)
}

/// A text of protocol 0: Latin-1, with `\uXXXX` and `\UXXXXXXXX`.
pub(super) fn escaped_text(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let [first, behind @ ..] = rest {
        let digits = match rest {
            [b'\\', b'u', ..] => 4,
            [b'\\', b'U', ..] => 8,
            _ => 0,
        };
        let number = rest.get(2..2 + digits).filter(|_| digits > 0);
        let number = number.and_then(|digits| std::str::from_utf8(digits).ok());
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(number) = number {
            text.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
            rest = rest.get(2 + digits..).unwrap_or_default();
        } else {
            text.push(char::from(*first));
            rest = behind;
        }
    }
    text
}
