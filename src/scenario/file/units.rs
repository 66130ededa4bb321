//! The small types a scenario file is written in: names, moments and offsets, each with one spelling.

use chrono::NaiveDateTime;
use garde::Validate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;

/// The name of a thing in a scenario: lower-case letters, digits and underscores.
pub type Name = String;

/// A number between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(transparent)]
#[garde(transparent)]
pub struct Probability(#[garde(range(min = 0.0, max = 1.0))] pub f64);

/// A moment of market time, written `2020-11-11 20:00` or `2020-11-11 20:00:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub NaiveDateTime);

impl Moment {
    /// The pattern that the JSON Schema and the checker both use.
    pub const PATTERN: &str = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$";

    /// Reads a moment; `None` when the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
            .map(Self)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.0.format("%Y-%m-%d %H:%M:%S"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("not a moment: {text}")))
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "yellowcart-moment", "pattern": Self::PATTERN,
            "x-unit": "market time", "examples": ["2020-11-11 20:00"],
        })
    }
}

/// A time after the room went on air, written `h:mm:ss`, for example `0:12:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Offset(pub u32);

impl Offset {
    /// The pattern that the JSON Schema and the checker both use.
    pub const PATTERN: &str = r"^\d{1,3}:[0-5]\d:[0-5]\d$";

    /// Reads an offset into whole seconds; `None` when the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let plain =
            hours.len() <= 3 && !hours.is_empty() && hours.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !plain || !two_digits(minutes) || !two_digits(seconds) {
            return None;
        }
        let (hours, minutes, seconds): (u32, u32, u32) = (
            hours.parse().ok()?,
            minutes.parse().ok()?,
            seconds.parse().ok()?,
        );
        (minutes < 60 && seconds < 60).then_some(Self(hours * 3600 + minutes * 60 + seconds))
    }

    /// Seconds after the room went on air.
    pub fn seconds(self) -> f64 {
        f64::from(self.0)
    }
}

impl std::fmt::Display for Offset {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{}:{:02}:{:02}",
            self.0 / 3600,
            self.0 / 60 % 60,
            self.0 % 60
        )
    }
}

impl Serialize for Offset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("not an offset h:mm:ss: {text}")))
    }
}

impl JsonSchema for Offset {
    fn schema_name() -> Cow<'static, str> {
        "Offset".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "yellowcart-offset", "pattern": Self::PATTERN,
            "x-unit": "h:mm:ss after the room went on air", "examples": ["0:12:30"],
        })
    }
}
