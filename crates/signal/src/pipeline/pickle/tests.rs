use super::*;

fn error(bytes: &[u8]) -> PickleError {
    Pickle::read(bytes).unwrap_err()
}

#[test]
fn deep_nesting_needs_no_stack() {
    // [[[...]]] and a dictionary in a dictionary, 200,000 deep, without any mark.
    let lists: Vec<u8> =
        [b']'].repeat(200_000).into_iter().chain([b'a'].repeat(199_999)).chain([b'.']).collect();
    assert_eq!(Pickle::read(&lists).unwrap().elements(Pickle::read(&lists).unwrap().root()).len(), 1);
    let mut dictionaries = b"}".to_vec();
    for _ in 0..200_000 {
        dictionaries.extend(b"K\x01}");
    }
    dictionaries.extend(b"s".repeat(200_000));
    dictionaries.push(b'.');
    assert!(
        matches!(Pickle::read(&dictionaries).unwrap().get(3), Value::Dict(entries) if entries.len() == 1)
    );
    let tuples: Vec<u8> = b"N".iter().copied().chain([0x85].repeat(100_000)).chain([b'.']).collect();
    assert!(Pickle::read(&tuples).is_ok());
    assert_eq!(
        error(&b"(".repeat(20_000)),
        PickleError::Limit { what: "lists inside each other", limit: 1000 }
    );
}

#[test]
fn long_numbers_and_strings_are_passed_over() {
    let digits = [b"L".to_vec(), b"7".repeat(3_000_000), b"L\n.".to_vec()].concat();
    let pickle = Pickle::read(&digits).unwrap();
    assert_eq!(pickle.get(pickle.root()), &Value::TooLong(3_000_001));
    let binary = [&b"\x8b"[..], &3_000_000_u32.to_le_bytes(), &vec![7; 3_000_000], b"."].concat();
    let pickle = Pickle::read(&binary).unwrap();
    assert_eq!(pickle.get(pickle.root()), &Value::TooLong(3_000_000));
    let text = [&b"X"[..], &100_000_u32.to_le_bytes(), &vec![b'x'; 100_000], b"."].concat();
    let pickle = Pickle::read(&text).unwrap();
    assert_eq!(pickle.get(pickle.root()), &Value::TooLong(100_000));
}

#[test]
fn a_value_named_many_times_is_there_once() {
    // One list that is in itself a thousand times: nothing is copied, nothing is followed.
    let bytes = [&b"]q\x00("[..], &b"h\x00".repeat(1000), b"e."].concat();
    let pickle = Pickle::read(&bytes).unwrap();
    assert_eq!(pickle.elements(pickle.root()), vec![pickle.root(); 1000]);
    assert_eq!(pickle.values.len(), 4);
}

#[test]
fn numbers_of_every_opcode_are_read() {
    let value = |bytes: &[u8]| {
        let mut pickle = Pickle::read(bytes).unwrap();
        pickle.values.swap_remove(pickle.root as usize)
    };
    assert_eq!(value(b"K\xff."), Value::Int(255));
    assert_eq!(value(b"M\xff\xff."), Value::Int(65_535));
    assert_eq!(value(b"J\xfe\xff\xff\xff."), Value::Int(-2));
    assert_eq!(value(b"\x8a\x02\x00\xff."), Value::Int(-256));
    assert_eq!(value(b"\x8a\x00."), Value::Int(0));
    assert_eq!(value(b"I-7\n."), Value::Int(-7));
    assert_eq!(value(b"L9223372036854775807L\n."), Value::Int(i64::MAX));
    assert_eq!(value(b"L9223372036854775808L\n."), Value::TooLong(19));
    assert_eq!(value(b"F1.5\n."), Value::Float(1.5));
    assert_eq!(value(b"G\xbf\xe0\x00\x00\x00\x00\x00\x00."), Value::Float(-0.5));
    assert_eq!(value(b"S'a\\x00\\'\\n'\n."), Value::Bytes(b"a\0'\n".to_vec()));
    assert_eq!(value(b"Va\\u00e4\\x\xe4\n."), Value::Text("a\u{e4}\\x\u{e4}".to_owned()));
}

#[test]
fn what_a_table_does_not_need_is_refused_by_name() {
    let names = [(b'P', "PERSID"), (b'i', "INST"), (0x82, "EXT1"), (0x97, "NEXT_BUFFER")];
    for (code, name) in names {
        assert_eq!(error(&[b'N', code, b'.']), PickleError::Opcode { name, at: 1 });
    }
    assert_eq!(error(b"\x80\x09."), PickleError::Protocol(9));
    assert_eq!(error(b"N\xff."), PickleError::NoOpcode { code: 0xff, at: 1 });
}

#[test]
fn a_damaged_pickle_is_an_error_and_never_more() {
    for bytes in [
        &b""[..],
        b"N",
        b".",
        b"X\xff\xff\xff\xff",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"K",
        b"V",
        b"\x95",
    ] {
        Pickle::read(bytes).unwrap_err();
    }
    for bytes in [
        &b"t."[..],
        b"s.",
        b"Nb.",
        b"Na.",
        b"NNNs.",
        b"}(Nu.",
        b"h\x00.",
        b"gx\n.",
        b"NN\x93.",
        b"(0.",
        b"Fx\n.",
        b"I\n.",
    ] {
        assert!(matches!(error(bytes), PickleError::Damaged { .. }), "{bytes:?}");
    }
    // Every beginning and every changed byte of a real one.
    let real = include_bytes!("../../../../../tests/vectors/pickles/ordered_dict.2.pkl");
    for end in 0..real.len() {
        Pickle::read(&real[..end]).unwrap_err();
    }
    for place in 0..real.len() {
        for value in (0..=255).step_by(5) {
            let mut changed = real.to_vec();
            changed[place] = value;
            Pickle::read(&changed).ok();
        }
    }
}
