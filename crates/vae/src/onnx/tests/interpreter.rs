//! Runs a graph operator by operator, as <https://onnx.ai/onnx/operators/> defines them: slowly, in double
//! precision, and without the program's own layers.

use std::collections::BTreeMap;

use timbrespace_base::protobuf::reader::{Fields, Value};

/// An array of any number of axes, row after row.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Array {
    /// Of 32-bit values, row after row.
    pub(super) fn new(shape: &[usize], values: impl IntoIterator<Item = f32>) -> Self {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        assert_eq!(shape.iter().product::<usize>(), values.len());
        Self { shape: shape.to_vec(), values }
    }

    fn mapped(&self, each: impl Fn(f64) -> f64) -> Self {
        Self { shape: self.shape.clone(), values: self.values.iter().map(|value| each(*value)).collect() }
    }

    /// The value at `[image, channel, row, column]`; 0 outside.
    fn at(&self, image: usize, channel: usize, row: isize, column: isize) -> f64 {
        let [_, channels, rows, columns] = self.shape[..] else { panic!("{:?}", self.shape) };
        let inside = |place: isize, length: usize| (0..length as isize).contains(&place);
        if !inside(row, rows) || !inside(column, columns) {
            return 0.0;
        }
        self.values[((image * channels + channel) * rows + row as usize) * columns + column as usize]
    }
}

/// One operator of a graph.
struct Node {
    fields: Fields,
}

impl Node {
    fn attribute(&self, name: &str) -> Fields {
        let found = self.fields.messages(5).into_iter().find(|attribute| attribute.texts(1) == [name]);
        found.unwrap_or_default()
    }

    fn ints(&self, name: &str) -> Vec<usize> {
        self.attribute(name).ints(8).into_iter().map(|value| value as usize).collect()
    }

    fn float(&self, name: &str) -> f64 {
        match self.attribute(name).all(2).next() {
            Some(Value::Float(value)) => f64::from(*value),
            other => panic!("{other:?}"),
        }
    }

    fn compute(&self, inputs: &[&Array]) -> Array {
        let operator = self.fields.texts(4).remove(0);
        match (operator.as_str(), inputs) {
            ("Relu", [input]) => input.mapped(|value| value.max(0.0)),
            ("Sigmoid", [input]) => input.mapped(|value| 1.0 / (1.0 + (-value).exp())),
            ("Clip", [input, least, most]) => {
                input.mapped(|value| value.clamp(least.values[0], most.values[0]))
            }
            ("Add", [one, other]) => {
                assert_eq!(one.shape, other.shape);
                let sums = one.values.iter().zip(&other.values).map(|(one, other)| one + other);
                Array { shape: one.shape.clone(), values: sums.collect() }
            }
            ("Flatten", [input]) => {
                let rest = input.shape[1..].iter().product();
                Array { shape: vec![input.shape[0], rest], values: input.values.clone() }
            }
            ("Reshape", [input, shape]) => {
                let length = |(axis, wanted): (usize, &f64)| match *wanted as usize {
                    0 => input.shape[axis],
                    length => length,
                };
                let shape: Vec<usize> = shape.values.iter().enumerate().map(length).collect();
                assert_eq!(shape.iter().product::<usize>(), input.values.len());
                Array { shape, values: input.values.clone() }
            }
            ("Gemm", [input, weight, bias]) => gemm(input, weight, bias),
            ("BatchNormalization", [input, scale, offset, mean, variance]) => {
                let (channels, epsilon) = (input.shape[1], self.float("epsilon"));
                let pixels = input.shape[2] * input.shape[3];
                let normalised = |(place, value): (usize, &f64)| {
                    let channel = place / pixels % channels;
                    let deviation = (variance.values[channel] + epsilon).sqrt();
                    (value - mean.values[channel]) / deviation * scale.values[channel]
                        + offset.values[channel]
                };
                let values = input.values.iter().enumerate().map(normalised).collect();
                Array { shape: input.shape.clone(), values }
            }
            ("Pad", [input, pads]) => {
                let added = |axis: usize| (pads.values[axis] as usize, pads.values[axis + 4] as usize);
                assert_eq!((added(0), added(1)), ((0, 0), (0, 0)));
                let (rows, columns) = (added(2), added(3));
                let size = (rows.0 + input.shape[2] + rows.1, columns.0 + input.shape[3] + columns.1);
                window(input, (-(rows.0 as isize), -(columns.0 as isize)), size)
            }
            ("Slice", [input, starts, ends, axes]) => {
                assert_eq!((&axes.values[..], &starts.values[..]), (&[2.0, 3.0][..], &[0.0, 0.0][..]));
                window(input, (0, 0), (ends.values[0] as usize, ends.values[1] as usize))
            }
            ("Conv", [input, weight, bias]) => self.convolution(input, weight, bias),
            ("ConvTranspose", [input, weight, bias]) => self.transposed(input, weight, bias),
            _ => panic!("{operator} of {} inputs", inputs.len()),
        }
    }

    /// `weight` is `[out, in, kernel, kernel]`.
    fn convolution(&self, input: &Array, weight: &Array, bias: &Array) -> Array {
        let (kernel, strides, pads) = (self.ints("kernel_shape"), self.ints("strides"), self.ints("pads"));
        let length = |axis: usize| {
            (input.shape[2 + axis] + pads[axis] + pads[2 + axis] - kernel[axis]) / strides[axis] + 1
        };
        let shape = vec![input.shape[0], weight.shape[0], length(0), length(1)];
        let place =
            |at: usize, tap: usize, axis: usize| (at * strides[axis] + tap) as isize - pads[axis] as isize;
        let values = places(&shape).map(|[image, out, row, column]| {
            let taps = places(&[input.shape[1], kernel[0], kernel[1], 1]);
            let products = taps.map(|[channel, down, across, _]| {
                let sample = input.at(image, channel, place(row, down, 0), place(column, across, 1));
                sample * weight.at(out, channel, down as isize, across as isize)
            });
            bias.values[out] + products.sum::<f64>()
        });
        let values = values.collect();
        Array { shape, values }
    }

    /// `weight` is `[in, out, kernel, kernel]`: every input pixel adds its kernel.
    fn transposed(&self, input: &Array, weight: &Array, bias: &Array) -> Array {
        let (kernel, strides, pads) = (self.ints("kernel_shape"), self.ints("strides"), self.ints("pads"));
        let length = |axis: usize| {
            (input.shape[2 + axis] - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[2 + axis]
        };
        let shape = vec![input.shape[0], weight.shape[1], length(0), length(1)];
        let mut values: Vec<f64> = places(&shape).map(|[_, out, ..]| bias.values[out]).collect();
        for [image, channel, row, column] in places(&input.shape) {
            let sample = input.at(image, channel, row as isize, column as isize);
            for [out, down, across, _] in places(&[shape[1], kernel[0], kernel[1], 1]) {
                let at = (row * strides[0] + down).checked_sub(pads[0]);
                let beside = (column * strides[1] + across).checked_sub(pads[1]);
                let (Some(at), Some(beside)) = (at, beside) else { continue };
                if at < shape[2] && beside < shape[3] {
                    values[((image * shape[1] + out) * shape[2] + at) * shape[3] + beside] +=
                        sample * weight.at(channel, out, down as isize, across as isize);
                }
            }
        }
        Array { shape, values }
    }
}

/// `input` `[batch, inputs]` times `weight` `[outputs, inputs]` transposed, plus `bias`.
fn gemm(input: &Array, weight: &Array, bias: &Array) -> Array {
    let (inputs, outputs) = (input.shape[1], weight.shape[0]);
    assert_eq!(weight.shape[1], inputs);
    let row = |sample: &[f64]| -> Vec<f64> {
        let product = |(weights, bias): (&[f64], &f64)| {
            bias + weights.iter().zip(sample).map(|(weight, value)| weight * value).sum::<f64>()
        };
        weight.values.chunks(inputs).zip(&bias.values).map(product).collect()
    };
    let values = input.values.chunks(inputs).flat_map(row).collect();
    Array { shape: vec![input.shape[0], outputs], values }
}

/// Rows and columns of `input` from `start` on, zeros outside.
fn window(input: &Array, start: (isize, isize), (rows, columns): (usize, usize)) -> Array {
    let shape = vec![input.shape[0], input.shape[1], rows, columns];
    let value = |[image, channel, row, column]: [usize; 4]| {
        input.at(image, channel, row as isize + start.0, column as isize + start.1)
    };
    let values = places(&shape).map(value).collect();
    Array { shape, values }
}

/// Every place of an array of four axes, row after row.
fn places(shape: &[usize]) -> impl Iterator<Item = [usize; 4]> + use<> {
    let [images, channels, rows, columns] = shape[..] else { panic!("{shape:?}") };
    (0..images * channels * rows * columns).map(move |place| {
        let (rest, column) = (place / columns, place % columns);
        [rest / rows / channels, rest / rows % channels, rest % rows, column]
    })
}

/// Evaluates the graph of a model file for the input `name`; returns all values by name.
pub(super) fn run(file: &[u8], name: &str, input: Array) -> BTreeMap<String, Array> {
    let graph = Fields::read(file).messages(7).remove(0);
    let mut values: BTreeMap<String, Array> = graph.messages(5).iter().map(constant).collect();
    values.insert(name.to_owned(), input);
    for fields in graph.messages(1) {
        let node = Node { fields };
        let names = node.fields.texts(1);
        let inputs: Vec<&Array> = names.iter().map(|name| &values[name]).collect();
        let output = node.compute(&inputs);
        values.insert(node.fields.texts(2).remove(0), output);
    }
    values
}

/// `TensorProto` of floats (type 1) or 64-bit integers (type 7).
fn constant(tensor: &Fields) -> (String, Array) {
    let shape: Vec<usize> = tensor.ints(1).into_iter().map(|length| length as usize).collect();
    let bytes = tensor.bytes(9)[0];
    let values = match tensor.ints(2)[0] {
        1 => bytes.as_chunks::<4>().0.iter().map(|word| f64::from(f32::from_le_bytes(*word))).collect(),
        7 => bytes.as_chunks::<8>().0.iter().map(|word| i64::from_le_bytes(*word) as f64).collect(),
        other => panic!("type {other}"),
    };
    (tensor.texts(8).remove(0), Array { shape, values })
}
