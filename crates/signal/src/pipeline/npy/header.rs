//! The header of a `.npy` file: a Python dictionary of three entries.

/// What is wrong with a header.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HeaderError(String);

impl HeaderError {
    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self(cause.into())
    }
}

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Kind and bytes of a value, such as `f4`; a structured kind is written out.
    pub kind: String,
    /// Whether values have their highest byte first.
    pub big_endian: bool,
    /// Whether the first axis varies fastest.
    pub fortran_order: bool,
    /// Elements along each axis.
    pub shape: Vec<usize>,
}

impl Header {
    /// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (256, 64), }`, entries in any order.
    pub(super) fn parse(text: &str) -> Result<Self, HeaderError> {
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        let mut rest = after(text.trim(), '{')?;
        while !rest.starts_with('}') {
            let (key, behind) = quoted(rest)?;
            let behind = after(behind.trim_start(), ':')?.trim_start();
            rest = match key {
                "descr" => description(behind)?.keep_in(&mut descr),
                "fortran_order" => truth(behind)?.keep_in(&mut fortran_order),
                "shape" => whole_numbers(behind)?.keep_in(&mut shape),
                other => return Err(HeaderError::new(format!("it has an unknown entry `{other}`"))),
            }
            .trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        let missing = |name: &str| HeaderError::new(format!("it has no `{name}`"));
        let descr: String = descr.ok_or_else(|| missing("descr"))?;
        let kind = descr.trim_start_matches(['<', '>', '=', '|']).to_owned();
        Ok(Self {
            kind,
            big_endian: descr.starts_with('>') || cfg!(target_endian = "big") && descr.starts_with('='),
            fortran_order: fortran_order.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }

    /// The shape as Python writes it.
    pub(super) fn shape_text(&self) -> String {
        let axes: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        if axes.len() == 1 { format!("({},)", axes[0]) } else { format!("({})", axes.join(", ")) }
    }
}

/// A value of an entry.
struct Parsed<'a, T> {
    value: T,
    /// The text behind it.
    behind: &'a str,
}

impl<'a, T> Parsed<'a, T> {
    /// Keeps the value in `entry` and returns the text behind it.
    fn keep_in(self, entry: &mut Option<T>) -> &'a str {
        *entry = Some(self.value);
        self.behind
    }
}

/// The text behind `expected`.
fn after(text: &str, expected: char) -> Result<&str, HeaderError> {
    match text.strip_prefix(expected) {
        Some(behind) => Ok(behind.trim_start()),
        None => Err(HeaderError::new(format!("`{expected}` is missing"))),
    }
}

/// A string in either of Python's quotes.
fn quoted(text: &str) -> Result<(&str, &str), HeaderError> {
    let quote = text.chars().next().filter(|first| ['\'', '"'].contains(first));
    let string = quote.and_then(|quote| text[1..].split_once(quote));
    string.ok_or_else(|| HeaderError::new("a name in quotes is missing"))
}

/// `'<f4'`, or the list of a structured kind, which is kept as it is.
fn description(text: &str) -> Result<Parsed<'_, String>, HeaderError> {
    if text.starts_with('[') {
        // Lists of fields nest; the last bracket ends them all, since no other entry has one.
        let end = text.rfind(']').ok_or_else(|| HeaderError::new("`]` is missing"))?;
        let fields: String = text[..=end].chars().take(200).collect();
        return Ok(Parsed { value: fields, behind: &text[end + 1..] });
    }
    quoted(text).map(|(descr, behind)| Parsed { value: kind_words(descr), behind })
}

/// Objects are named, since a person knows them by that name.
fn kind_words(descr: &str) -> String {
    if descr.trim_start_matches('|') == "O" {
        "object (pickled Python objects, which may run code and are never read)".to_owned()
    } else {
        descr.chars().take(40).collect()
    }
}

fn truth(text: &str) -> Result<Parsed<'_, bool>, HeaderError> {
    let choices = [("True", true), ("False", false)];
    let found = choices
        .iter()
        .find_map(|(word, value)| Some(Parsed { value: *value, behind: text.strip_prefix(word)? }));
    found.ok_or_else(|| HeaderError::new("`fortran_order` is neither True nor False"))
}

/// `(256, 64)`; Python 2 wrote `256L`.
fn whole_numbers(text: &str) -> Result<Parsed<'_, Vec<usize>>, HeaderError> {
    let inside = after(text, '(')?;
    let (numbers, behind) = inside.split_once(')').ok_or_else(|| HeaderError::new("`)` is missing"))?;
    let number = |number: &str| {
        let number = number.trim();
        number.strip_suffix('L').unwrap_or(number).parse().map_err(|error| {
            let shown: String = number.chars().take(40).collect();
            HeaderError::new(format!("`{shown}` is no number of elements: {error}"))
        })
    };
    let numbers = numbers.trim().strip_suffix(',').unwrap_or(numbers.trim());
    if numbers.is_empty() {
        return Ok(Parsed { value: Vec::new(), behind });
    }
    Ok(Parsed { value: numbers.split(',').map(number).collect::<Result<_, _>>()?, behind })
}
