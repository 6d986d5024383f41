//! Stacks against direct loops in f64, and their gradients against finite differences of those loops.

use candle_core::{Device, Tensor, Var};

use super::{
    layer::{Layer, Parameters, parameters_mut},
    pass,
};
use crate::{
    batch_norm::{EPSILON, Moments},
    conv::{Convolution, Direction, geometry::Geometry},
    portable::stack::{Normalisation, Stack},
    workspace::Workspace,
};

/// Image size, image channels, map channels, kernel, strides.
type Case = ((usize, usize), usize, usize, usize, (usize, usize));

const CASES: [Case; 8] = [
    ((8, 6), 2, 3, 3, (2, 2)),
    ((7, 5), 1, 4, 3, (2, 2)),
    ((6, 5), 3, 2, 3, (2, 1)),
    ((5, 4), 2, 2, 3, (1, 1)),
    ((9, 3), 2, 2, 3, (1, 2)),
    ((1, 1), 2, 3, 3, (2, 2)),
    ((7, 8), 1, 2, 5, (3, 2)),
    ((4, 4), 2, 2, 1, (1, 1)),
];

/// Deterministic values between -1 and 1 without a pattern that could hide a transposition.
fn values(count: usize, seed: usize) -> Vec<f64> {
    let mut state = seed as u64 * 7919 + 17;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from((state >> 40) as u32) / f64::from(1_u32 << 23) - 1.0
        })
        .collect()
}

/// TensorFlow's "same" convolution or its transpose, by definition.
fn direct(convolution: &Convolution, batch: usize, input: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let Geometry { image_channels, image_size, map_channels, map_size, kernel, strides, .. } =
        convolution.geometry;
    let before = |size: usize, stride: usize| {
        ((size.div_ceil(stride) - 1) * stride + kernel).saturating_sub(size) as isize / 2
    };
    let (top, left) = (before(image_size.0, strides.0), before(image_size.1, strides.1));
    let down = convolution.direction == Direction::Down;
    let (channels, bins, frames) = convolution.output_shape();
    let mut output: Vec<f64> =
        (0..batch * channels * bins * frames).map(|index| bias[index / (bins * frames) % channels]).collect();
    for sample in 0..batch {
        for (m, c) in (0..map_channels).flat_map(|m| (0..image_channels).map(move |c| (m, c))) {
            for (y, x) in (0..map_size.0).flat_map(|y| (0..map_size.1).map(move |x| (y, x))) {
                for (ky, kx) in (0..kernel).flat_map(|ky| (0..kernel).map(move |kx| (ky, kx))) {
                    let row = (y * strides.0 + ky) as isize - top;
                    let column = (x * strides.1 + kx) as isize - left;
                    if row < 0
                        || column < 0
                        || row >= image_size.0 as isize
                        || column >= image_size.1 as isize
                    {
                        continue;
                    }
                    let image = ((sample * image_channels + c) * image_size.0 + row as usize) * image_size.1
                        + column as usize;
                    let map = ((sample * map_channels + m) * map_size.0 + y) * map_size.1 + x;
                    let weight = weight[((m * image_channels + c) * kernel + ky) * kernel + kx];
                    if down {
                        output[map] += weight * input[image];
                    } else {
                        output[image] += weight * input[map];
                    }
                }
            }
        }
    }
    output
}

/// `ReLU` and batch norm by their definitions.
fn direct_norm(values: &[f64], channels: usize, pixels: usize, gamma: &[f64], beta: &[f64]) -> Vec<f64> {
    let relu: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    let channel_of = |index: usize| index / pixels % channels;
    let count = (values.len() / channels) as f64;
    let mut output = relu.clone();
    for channel in 0..channels {
        let own =
            || relu.iter().enumerate().filter(|(index, _)| channel_of(*index) == channel).map(|(_, v)| *v);
        let mean = own().sum::<f64>() / count;
        let variance = own().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        for (index, value) in output.iter_mut().enumerate() {
            if channel_of(index) == channel {
                *value = gamma[channel] * (*value - mean) / (variance + EPSILON).sqrt() + beta[channel];
            }
        }
    }
    output
}

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|value| *value as f32).collect()
}

fn double(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

fn variable(values: &[f64], shape: &[usize]) -> Var {
    Var::from_vec(single(values), shape, &Device::Cpu).unwrap()
}

fn read(tensor: &Tensor) -> Vec<f64> {
    tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap().into_iter().map(f64::from).collect()
}

fn assert_close(actual: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
    for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        assert!((actual - expected).abs() <= tolerance * scale, "{what}[{index}]: {actual}, not {expected}");
    }
}

/// Central differences of `function` at `point`, in f64.
fn differences(point: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let step = 1e-5;
    (0..point.len())
        .map(|index| {
            let at = |delta: f64| {
                let mut moved = point.to_vec();
                moved[index] += delta;
                function(&moved)
            };
            (at(step) - at(-step)) / (2.0 * step)
        })
        .collect()
}

/// Each case in both directions, with fused and with candle's operations.
fn cases() -> impl Iterator<Item = (Convolution, bool, String)> {
    CASES.into_iter().flat_map(|(size, image_channels, map_channels, kernel, strides)| {
        let ways = [
            (Direction::Down, true),
            (Direction::Up, true),
            (Direction::Down, false),
            (Direction::Up, false),
        ];
        ways.map(|(direction, fused)| {
            let geometry = Geometry::same(image_channels, size, map_channels, kernel, strides);
            let what = format!("{direction:?} {size:?} {kernel} {strides:?}, fused: {fused},");
            (Convolution { geometry, direction }, fused, what)
        })
    })
}

struct Point {
    inputs: Vec<f64>,
    weight: Vec<f64>,
    bias: Vec<f64>,
    gamma: Vec<f64>,
    beta: Vec<f64>,
    /// Weights that reduce the outputs to one number.
    cotangent: Vec<f64>,
}

impl Point {
    fn new(convolution: &Convolution, batch: usize) -> Self {
        let len = |(channels, bins, frames): (usize, usize, usize)| batch * channels * bins * frames;
        let channels = convolution.output_shape().0;
        Self {
            inputs: values(len(convolution.input_shape()), 1),
            weight: values(convolution.geometry.weight_len(), 2),
            bias: values(channels, 3),
            gamma: values(channels, 4).iter().map(|value| value + 1.5).collect(),
            beta: values(channels, 5),
            cotangent: values(len(convolution.output_shape()), 6),
        }
    }

    fn dot(&self, output: &[f64]) -> f64 {
        output.iter().zip(&self.cotangent).map(|(a, b)| a * b).sum()
    }
}

/// What a stack gives for an input, and the gradients of its outputs' weighted sum.
struct Run {
    output: Vec<f64>,
    moments: Vec<Moments>,
    /// Output normalised by the moments as stored ones.
    fixed: Vec<f64>,
    /// Gradient of every parameter: weight, bias, gamma and beta of each layer in turn.
    parameters: Vec<Vec<f64>>,
    input: Vec<f64>,
}

/// Runs layers on `input` with `parameters`; `cotangent` are the weights of the outputs.
fn run(layers: &[Layer], parameters: &[Vec<f64>], input: &[f64], cotangent: &[f64], fused: bool) -> Run {
    if fused {
        run_fused(layers, parameters, input, cotangent)
    } else {
        run_portable(layers, parameters, input, cotangent)
    }
}

fn run_fused(layers: &[Layer], parameters: &[Vec<f64>], input: &[f64], cotangent: &[f64]) -> Run {
    let workspace = Workspace::unlimited();
    let values: Vec<Vec<f32>> = parameters.iter().map(|values| single(values)).collect();
    let views: Vec<&[f32]> = values.iter().map(Vec::as_slice).collect();
    let own: Vec<Parameters<'_>> = super::layer::parameters(layers, &views);
    let input = single(input);
    let pass::Forward { output, moments, tape } = pass::forward(layers, &own, &input, &workspace);
    let (alone, same) = pass::moments(layers, &own, &input, &workspace);
    assert_eq!((&alone, &same[..]), (&moments, &output[..]), "moments without a backward pass");
    let fixed = pass::forward_fixed(layers, &own, &input, &moments, &workspace);
    let mut gradients: Vec<_> = values.iter().map(|values| workspace.take(values.len())).collect();
    for gradient in &mut gradients {
        gradient.fill(f32::NAN);
    }
    let mut cotangents = workspace.take(output.len());
    cotangents.copy_from_slice(&single(cotangent));
    let operands =
        pass::Backward { layers, parameters: &own, input: &input, input_wanted: true, workspace: &workspace };
    let by_input =
        pass::backward(&operands, tape, cotangents, parameters_mut(layers, &mut gradients)).unwrap();
    Run {
        output: double(&output),
        moments,
        fixed: double(&fixed),
        parameters: gradients.iter().map(|gradient| double(gradient)).collect(),
        input: double(&by_input),
    }
}

fn run_portable(layers: &[Layer], parameters: &[Vec<f64>], input: &[f64], cotangent: &[f64]) -> Run {
    let mut values = parameters.iter();
    let mut variables = Vec::new();
    for layer in layers {
        let channels = [layer.convolution.output_shape().0];
        variables.push(variable(values.next().unwrap(), &layer.convolution.weight_shape()));
        let vectors = if layer.normalised { 3 } else { 1 };
        variables.extend(values.by_ref().take(vectors).map(|values| variable(values, &channels)));
    }
    let tensors = variables.iter().map(|variable| variable.as_tensor().clone()).collect();
    let stack = Stack::new(layers.to_vec(), tensors);
    let (channels, bins, frames) = layers[0].convolution.input_shape();
    let batch = input.len() / (channels * bins * frames);
    let input = variable(input, &[batch, channels, bins, frames]);
    let mut moments = Vec::new();
    let output = stack.forward(&input, Normalisation::Batch(&mut moments)).unwrap();
    let weights = variable(cotangent, output.dims());
    let sum = (&output * weights.as_tensor().detach()).unwrap().sum_all().unwrap();
    let gradients = sum.backward().unwrap();
    let fixed = stack.forward(&input, Normalisation::Fixed(&moments)).unwrap();
    let of = |variable: &Var| read(gradients.get(variable).unwrap());
    Run {
        output: read(&output),
        fixed: read(&fixed),
        moments,
        parameters: variables.iter().map(of).collect(),
        input: of(&input),
    }
}

#[test]
fn convolutions_and_their_gradients_follow_the_definition() {
    for (convolution, fused, what) in cases() {
        let point = Point::new(&convolution, 3);
        let Point { inputs: x, weight: w, bias: b, .. } = &point;
        let layer = Layer { convolution: convolution.clone(), normalised: false };
        let found = run(&[layer], &[w.clone(), b.clone()], x, &point.cotangent, fused);
        assert_close(&found.output, &direct(&convolution, 3, x, w, b), 1e-6, &what);
        let run = |x: &[f64], w: &[f64], b: &[f64]| point.dot(&direct(&convolution, 3, x, w, b));
        let expected = differences(x, |x| run(x, w, b));
        assert_close(&found.input, &expected, 1e-5, &format!("{what} input"));
        let expected = differences(w, |w| run(x, w, b));
        assert_close(&found.parameters[0], &expected, 1e-5, &format!("{what} weight"));
        let expected = differences(b, |b| run(x, w, b));
        assert_close(&found.parameters[1], &expected, 1e-5, &format!("{what} bias"));
    }
}

#[test]
fn blocks_and_their_gradients_follow_the_definition() {
    for (convolution, fused, what) in cases() {
        let point = Point::new(&convolution, 2);
        let (channels, bins, frames) = convolution.output_shape();
        let layer = Layer { convolution: convolution.clone(), normalised: true };
        let by_definition = |x: &[f64], w: &[f64], b: &[f64], gamma: &[f64], beta: &[f64]| {
            let hidden = direct(&convolution, 2, x, w, b);
            direct_norm(&hidden, channels, bins * frames, gamma, beta)
        };
        let Point { inputs: x, weight: w, bias: b, gamma: g, beta: e, .. } = &point;
        let parameters = [w, b, g, e].map(Clone::clone);
        let found = run(&[layer], &parameters, x, &point.cotangent, fused);
        assert_close(&found.output, &by_definition(x, w, b, g, e), 2e-5, &what);
        assert_close(&found.fixed, &found.output, 1e-6, &format!("{what} with its own moments"));
        let tolerance = 3e-4;
        let expected = differences(x, |x| point.dot(&by_definition(x, w, b, g, e)));
        assert_close(&found.input, &expected, tolerance, &format!("{what} input"));
        let expected = differences(w, |w| point.dot(&by_definition(x, w, b, g, e)));
        assert_close(&found.parameters[0], &expected, tolerance, &format!("{what} weight"));
        let expected = differences(b, |b| point.dot(&by_definition(x, w, b, g, e)));
        assert_close(&found.parameters[1], &expected, tolerance, &format!("{what} bias"));
        let expected = differences(g, |g| point.dot(&by_definition(x, w, b, g, e)));
        assert_close(&found.parameters[2], &expected, tolerance, &format!("{what} gamma"));
        let expected = differences(e, |e| point.dot(&by_definition(x, w, b, g, e)));
        assert_close(&found.parameters[3], &expected, tolerance, &format!("{what} beta"));
    }
}

#[test]
fn the_bits_do_not_depend_on_the_number_of_threads() {
    let convolution =
        Convolution { geometry: Geometry::same(5, (12, 10), 7, 3, (2, 2)), direction: Direction::Down };
    let point = Point::new(&convolution, 19);
    let layer = Layer { convolution, normalised: false };
    let gradients = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let parameters = [point.weight.clone(), point.bias.clone()];
            let found = run(std::slice::from_ref(&layer), &parameters, &point.inputs, &point.cotangent, true);
            (found.parameters, found.input)
        })
    };
    let one = gradients(1);
    assert_eq!(one, gradients(2));
    assert_eq!(one, gradients(5));
}

/// Image channels, size, map channels, strides and whether a batch norm follows.
type Row = (usize, (usize, usize), usize, (usize, usize), bool);

/// Output, moments and gradients of a stack: an encoder of layers `rows`, or the decoder that mirrors it.
fn run_stack(rows: &[Row], direction: Direction, batch: usize, fused: bool) -> Vec<Vec<f64>> {
    let mut layers: Vec<Layer> = rows
        .iter()
        .map(|(image_channels, size, map_channels, strides, normalised)| {
            let geometry = Geometry::same(*image_channels, *size, *map_channels, 3, *strides);
            Layer { convolution: Convolution { geometry, direction }, normalised: *normalised }
        })
        .collect();
    if direction == Direction::Up {
        layers.reverse();
    }
    let mut parameters = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let channels = layer.convolution.output_shape().0;
        parameters.push(values(layer.convolution.geometry.weight_len(), index));
        let vectors = if layer.normalised { 3 } else { 1 };
        for vector in 0..vectors {
            let offset = if vector == 1 { 1.5 } else { 0.0 };
            let values = values(channels, 10 * index + vector);
            parameters.push(values.iter().map(|value| value + offset).collect());
        }
    }
    let len = |(channels, bins, frames): (usize, usize, usize)| batch * channels * bins * frames;
    let input = values(len(layers[0].convolution.input_shape()), 99);
    let cotangent = values(len(layers[layers.len() - 1].convolution.output_shape()), 7);
    let Run { output, moments, fixed, parameters, input } =
        run(&layers, &parameters, &input, &cotangent, fused);
    let moments = moments.iter().flat_map(|moments| [double(&moments.mean), double(&moments.variance)]);
    [output, fixed].into_iter().chain(moments).chain(parameters).chain([input]).collect()
}

#[test]
fn our_operations_give_what_candles_give() {
    let encoder: [Row; 3] =
        [(1, (16, 12), 40, (2, 2), true), (40, (8, 6), 20, (2, 2), true), (20, (4, 3), 18, (2, 1), true)];
    let decoder = [(1, (16, 12), 40, (2, 2), false), encoder[1], encoder[2]];
    for (rows, direction) in [(&encoder, Direction::Down), (&decoder, Direction::Up)] {
        for batch in [1, 5, 19] {
            let (own, candle) =
                (run_stack(rows, direction, batch, true), run_stack(rows, direction, batch, false));
            assert_eq!(own.len(), candle.len());
            for (index, (own, candle)) in own.iter().zip(&candle).enumerate() {
                assert_close(own, candle, 2e-4, &format!("{direction:?}, batch {batch}, number {index}"));
            }
        }
    }
}
