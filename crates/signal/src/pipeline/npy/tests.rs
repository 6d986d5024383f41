use ndarray::{Array, Array2, ArrayD, Ix2, ShapeBuilder as _};
use ndarray_npy::WriteNpyExt as _;

use super::*;

/// A file of one version with a header and values.
fn file(version: u8, header: &str, values: &[u8]) -> tempfile::NamedTempFile {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    match version {
        1 => bytes.extend((header.len() as u16).to_le_bytes()),
        _ => bytes.extend((header.len() as u32).to_le_bytes()),
    }
    bytes.extend(header.as_bytes());
    bytes.extend(values);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

fn header(descr: &str, fortran: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}          \n")
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn message(file: &tempfile::NamedTempFile) -> String {
    read(file.path()).unwrap_err().to_string()
}

#[test]
fn every_version_byte_order_and_precision_gives_the_same_array() {
    let expected = ndarray::array![[1.5_f32, -2.0, 0.25]].into_dyn();
    for version in 1..=3 {
        let little = file(version, &header("<f4", "False", "(1, 3)"), &floats(&[1.5, -2.0, 0.25]));
        assert_eq!(read(little.path()).unwrap(), expected);
        let native = file(version, &header("=f4", "False", "(1L, 3L)"), &floats(&[1.5, -2.0, 0.25]));
        assert_eq!(read(native.path()).unwrap(), expected);
        let big: Vec<u8> = [1.5_f32, -2.0, 0.25].iter().flat_map(|value| value.to_be_bytes()).collect();
        assert_eq!(read(file(version, &header(">f4", "True", "(1, 3)"), &big).path()).unwrap(), expected);
    }
    let double: Vec<u8> = [1.5_f64, -2.0, 0.25].iter().flat_map(|value| value.to_be_bytes()).collect();
    assert_eq!(read(file(1, &header(">f8", "False", "(1, 3)"), &double).path()).unwrap(), expected);
    let half: Vec<u8> = [0x3e00_u16, 0xc000, 0x3400].iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(read(file(1, &header("<f2", "False", "(1, 3)"), &half).path()).unwrap(), expected);
    let other_order = "{\"shape\": (1,3), \"fortran_order\":False, \"descr\":\"<f4\"}";
    assert_eq!(read(file(1, other_order, &floats(&[1.5, -2.0, 0.25])).path()).unwrap(), expected);
}

#[test]
fn fortran_order_is_read_as_the_other_crate_writes_it() {
    let array = Array2::from_shape_fn((3, 4).f(), |(row, column)| row as f32 + 10.0 * column as f32);
    let place = tempfile::NamedTempFile::new().unwrap();
    array.write_npy(File::create(place.path()).unwrap()).unwrap();
    let back: ArrayD<f32> = read(place.path()).unwrap();
    assert_eq!(back.into_dimensionality::<Ix2>().unwrap(), array);
    assert_eq!(shape(place.path()).unwrap(), [3, 4]);
    let whole = Array::from_vec(vec![0_u16, 7, u16::MAX]);
    whole.write_npy(File::create(place.path()).unwrap()).unwrap();
    assert_eq!(read_u16(place.path()).unwrap(), whole.into_dyn());
    assert!(read(place.path()).unwrap_err().to_string().contains("u2"));
}

#[test]
fn half_precision_is_exact_at_its_edges() {
    let cases = [
        (0x0000, 0.0),
        (0x0001, 2.0_f32.powi(-24)),
        (0x03ff, 1023.0 * 2.0_f32.powi(-24)),
        (0x0400, 2.0_f32.powi(-14)),
        (0x3c00, 1.0),
        (0x3c01, 1.0 + 2.0_f32.powi(-10)),
        (0x7bff, 65_504.0),
        (0xfbff, -65_504.0),
        (0x7c00, f32::INFINITY),
    ];
    for (bits, expected) in cases {
        assert_eq!(half_to_single(bits), expected, "{bits:#06x}");
    }
    assert!(half_to_single(0x7e00).is_nan());
    assert!(half_to_single(0x8000).is_sign_negative());
}

#[test]
fn a_header_that_lies_is_refused_before_memory_is_taken() {
    let lies = [
        "(99999999, 99999999)",
        "(9223372036854775808,)",
        "(9223372036854775807, 2)",
        "(18446744073709551615, 18446744073709551615)",
        "(18446744073709551616,)",
        "(1000000000,)",
        "(0, 9223372036854775807, 9223372036854775807)",
        "(-1, 4)",
        "(1.5, 4)",
        "(3, 4",
    ];
    for shape in lies {
        for descr in ["<f4", "<f8", "<f2", ">f8"] {
            let lie = file(1, &header(descr, "False", shape), &[]);
            let message = message(&lie);
            assert!(message.contains("damaged"), "{shape} of {descr}: {message}");
        }
    }
    let many = format!("({})", "1, ".repeat(1000));
    assert!(message(&file(2, &header("<f4", "False", &many), &floats(&[1.0]))).contains("1000 axes"));
    let short = message(&file(1, &header("<f4", "False", "(256, 64)"), &floats(&[1.0])));
    assert!(
        short.contains("(256, 64)") && short.contains("65536") && short.contains("but 4 follow"),
        "{short}"
    );
    let trailing = message(&file(1, &header("<f4", "False", "(1,)"), &floats(&[1.0, 2.0])));
    assert!(trailing.contains("takes 4 bytes, but 8 follow"), "{trailing}");
}

#[test]
fn an_empty_array_and_a_single_value_have_their_shapes() {
    assert_eq!(read(file(1, &header("<f4", "False", "(0, 4)"), &[]).path()).unwrap().shape(), [0, 4]);
    assert_eq!(read(file(1, &header("<f4", "False", "()"), &floats(&[2.5])).path()).unwrap().sum(), 2.5);
}

#[test]
fn what_is_no_array_is_named() {
    let text = |bytes: &[u8]| {
        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), bytes).unwrap();
        message(&place)
    };
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 65664\n";
    assert!(text(pointer).contains("git lfs pull"), "{}", text(pointer));
    assert!(text(b"no array").contains("no .npy file"));
    assert!(text(b"").contains("no .npy file"));
    assert!(text(b"\x93NUMPY\x01\x00").contains("ends before"));
    assert!(text(b"\x93NUMPY\x01\x00\xff\xff{}..").contains("65535 bytes"));
    assert!(text(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").contains("4294967295 bytes"));
    assert!(text(b"\x93NUMPY\x09\x00\x02\x00{}..").contains("version 9"));
    assert!(read(Path::new("/")).unwrap_err().to_string().contains("a folder"));
    let kind = |descr: &str| message(&file(1, &header(descr, "False", "(1,)"), &[0; 8]));
    assert!(kind("|O").contains("object") && kind("|O").contains("never read"), "{}", kind("|O"));
    assert!(kind("|u1").contains("u1") && kind("|u1").contains("float32"), "{}", kind("|u1"));
    assert!(kind("<i8").contains("i8") && kind("<c8").contains("c8"));
    let fields = "{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }\n";
    assert!(message(&file(1, fields, &[0; 8])).contains("('a', '<f4')"));
    for damaged in
        ["", "{", "{}", "{'descr': }", "{'descr': '<f4'", "{'x': 1}", "{'shape': (1,), 'descr': '<f4'}", "é"]
    {
        assert!(message(&file(1, damaged, &[])).contains("header is damaged"), "{damaged}");
    }
}
