//! Words of an SVG figure with the place that they take, for tests of what people can read.

/// A word or line in a figure, with the box that it fills.
#[derive(Debug, Clone)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// A number in an attribute.
fn attribute(tag: &str, name: &str) -> f64 {
    let (_, rest) = tag
        .split_once(&format!(" {name}=\""))
        .unwrap_or_else(|| panic!("{name} in {tag}"));
    let value = rest.split('"').next().unwrap_or("");
    value
        .parse()
        .unwrap_or_else(|_| panic!("{name}={value} in {tag}"))
}

/// Width and height.
pub fn size_of(svg: &str) -> (f64, f64) {
    let head = svg.split('>').next().expect("a tag");
    (attribute(head, "width"), attribute(head, "height"))
}

/// How wide a letter of the figures' font is at least, in parts of its size: narrow, so that only what really overlaps is found.
fn letter(letter: char) -> f64 {
    match letter {
        '\u{2e80}'..='\u{ffef}' => 1.0,
        'i' | 'l' | 'j' | '.' | ',' | ':' | ' ' | '\'' | '|' => 0.24,
        'f' | 't' | 'r' | '(' | ')' | '-' => 0.34,
        _ => 0.52,
    }
}

/// Every text of a figure.
pub fn words_of(svg: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for tag in svg.split("<text").skip(1) {
        let (head, rest) = tag.split_once('>').expect("closed");
        let text = rest.split("</text>").next().unwrap_or("").trim().to_owned();
        let (x, y) = (attribute(head, "x"), attribute(head, "y"));
        let size = attribute(head, "font-size");
        let width = size * text.chars().map(letter).sum::<f64>();
        let left = match head {
            head if head.contains("text-anchor=\"end\"") => x - width,
            head if head.contains("text-anchor=\"middle\"") => x - width / 2.0,
            _ => x,
        };
        let middle = match head {
            head if head.contains("dy=\"0.76em\"") => y + 0.4 * size,
            _ => y,
        };
        words.push(Word {
            text,
            left,
            right: left + width,
            top: middle - 0.36 * size,
            bottom: middle + 0.36 * size,
        });
    }
    words
}

impl Word {
    /// Whether two words lie over each other.
    pub fn overlaps(&self, other: &Word) -> bool {
        let apart = self.right <= other.left
            || other.right <= self.left
            || self.bottom <= other.top
            || other.bottom <= self.top;
        !apart
    }
}

/// Every word has its place inside the picture and none lies over another; every number is one.
pub fn assert_legible(name: &str, svg: &str) {
    let (width, height) = size_of(svg);
    for word in ["NaN", "inf", "-0<"] {
        assert!(
            !svg.contains(&format!(">{word}")) && !svg.contains(&format!("\"{word}")),
            "{name}: {word}"
        );
    }
    let words = words_of(svg);
    assert!(words.len() > 5, "{name} has {} words", words.len());
    for (index, word) in words.iter().enumerate() {
        assert!(
            word.left >= 0.0 && word.right <= width && word.top >= 0.0 && word.bottom <= height,
            "{name}: {word:?} is outside of {width} x {height}"
        );
        for other in &words[index + 1..] {
            assert!(!word.overlaps(other), "{name}: {word:?} over {other:?}");
        }
    }
}
