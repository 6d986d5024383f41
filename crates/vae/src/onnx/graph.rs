//! Builds an ONNX graph and serialises it.
//!
//! Field numbers are those of `onnx.proto` (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>),
//! operators those of opset 17 (<https://onnx.ai/onnx/operators/>).

use timbrespace_base::protobuf::Message;

/// Version of the file format that came with opset 17 (ONNX 1.12).
const IR_VERSION: i64 = 8;
/// Name of the program that wrote the file.
const PRODUCER: &str = "timbrespace";
/// Version of the operator set.
const OPSET: i64 = 17;
/// Name of the batch axis, whose length is not fixed.
const BATCH: &str = "batch";

/// Codes of `TensorProto.DataType`.
const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// Value of an operator's attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attribute<'a> {
    /// `INT`.
    Int(i64),
    /// `FLOAT`.
    Float(f32),
    /// `INTS`.
    Ints(&'a [usize]),
}

/// Nodes in execution order; values are identified by name.
#[derive(Debug)]
pub(super) struct Graph {
    name: &'static str,
    nodes: Vec<Message>,
    initialisers: Vec<Message>,
    inputs: Vec<Message>,
    outputs: Vec<Message>,
}

impl Graph {
    pub fn new(name: &'static str) -> Self {
        let (nodes, initialisers) = (Vec::new(), Vec::new());
        Self { name, nodes, initialisers, inputs: Vec::new(), outputs: Vec::new() }
    }

    /// Declares an input `[batch, ..axes]` of floats.
    pub fn input(&mut self, name: &str, axes: &[usize]) {
        self.inputs.push(value_info(name, axes));
    }

    /// Declares the value `name`, `[batch, ..axes]`, as an output.
    pub fn output(&mut self, name: &str, axes: &[usize]) {
        self.outputs.push(value_info(name, axes));
    }

    /// Adds an operator that computes the value `output` from `inputs`; the node takes the value's name.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Attribute<'_>)],
    ) {
        let node = inputs.iter().fold(Message::new(), |node, input| node.text(1, input));
        let node = node.text(2, output).text(3, output).text(4, operator);
        let attributes = attributes.iter().map(|(name, value)| attribute(name, *value));
        self.nodes.push(attributes.fold(node, |node, attribute| node.message(5, &attribute)));
    }

    /// Adds a constant of floats in row-major order.
    pub fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.initialisers.push(tensor(name, FLOAT, shape, &bytes));
    }

    /// Adds a constant of 64-bit integers, such as a shape or indices.
    pub fn integers(&mut self, name: &str, values: &[usize]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| (*value as i64).to_le_bytes()).collect();
        self.initialisers.push(tensor(name, INT64, &[values.len()], &bytes));
    }

    /// Serialises the model file with `metadata`, pairs of key and text.
    pub fn finish(self, metadata: &[(String, String)]) -> Vec<u8> {
        let mut graph = Message::new();
        for (field, messages) in
            [(1, &self.nodes), (5, &self.initialisers), (11, &self.inputs), (12, &self.outputs)]
        {
            graph = messages.iter().fold(graph, |graph, message| graph.message(field, message));
            if field == 1 {
                graph = graph.text(2, self.name);
            }
        }
        let opset = Message::new().text(1, "").int(2, OPSET);
        let model = Message::new()
            .int(1, IR_VERSION)
            .text(2, PRODUCER)
            .text(3, env!("CARGO_PKG_VERSION"))
            .message(7, &graph)
            .message(8, &opset);
        let pair = |(key, value): &(String, String)| Message::new().text(1, key).text(2, value);
        metadata.iter().fold(model, |model, entry| model.message(14, &pair(entry))).finish()
    }
}

/// `ValueInfoProto` of floats `[batch, ..axes]`.
fn value_info(name: &str, axes: &[usize]) -> Message {
    let fixed = axes.iter().map(|length| Message::new().int(1, *length as i64));
    let dimensions = std::iter::once(Message::new().text(2, BATCH)).chain(fixed);
    let shape = dimensions.fold(Message::new(), |shape, dimension| shape.message(1, &dimension));
    let of_tensor = Message::new().int(1, FLOAT).message(2, &shape);
    Message::new().text(1, name).message(2, &Message::new().message(1, &of_tensor))
}

/// `AttributeProto`; field 20 is the attribute's type.
fn attribute(name: &str, value: Attribute<'_>) -> Message {
    let message = Message::new().text(1, name);
    match value {
        Attribute::Float(value) => message.float(2, value).int(20, 1),
        Attribute::Int(value) => message.int(3, value).int(20, 2),
        Attribute::Ints(values) => {
            values.iter().fold(message, |message, value| message.int(8, *value as i64)).int(20, 7)
        }
    }
}

/// `TensorProto` of little-endian bytes.
fn tensor(name: &str, kind: i64, shape: &[usize], bytes: &[u8]) -> Message {
    let dimensions = shape.iter().fold(Message::new(), |tensor, length| tensor.int(1, *length as i64));
    dimensions.int(2, kind).text(8, name).bytes(9, bytes)
}
