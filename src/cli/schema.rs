//! `yellowcart schema`.

use super::{Outcome, print_json};
use crate::scenario::{
    schema_of_campaign, schema_of_lesson, schema_of_regime, schema_of_scenario, schema_of_script,
    schema_of_study, schema_of_suite,
};

/// Prints the JSON Schema that editors complete scenario files with.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  yellowcart schema > yellowcart.schema.json
  yellowcart schema --of script > yellowcart.script.schema.json
A file whose first line is `#:schema ./yellowcart.schema.json` is completed by editors that know TOML schemas.")]
pub struct Arguments {
    /// Of what kind of file
    #[arg(long, value_enum, default_value_t = Of::Scenario)]
    of: Of,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Of {
    /// scenario files
    Scenario,
    /// campaign files
    Campaign,
    /// script files
    Script,
    /// regime files
    Regime,
    /// suite files
    Suite,
    /// study files
    Study,
    /// lesson files
    Lesson,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Outcome {
    print_json(match arguments.of {
        Of::Scenario => schema_of_scenario(),
        Of::Campaign => schema_of_campaign(),
        Of::Script => schema_of_script(),
        Of::Regime => schema_of_regime(),
        Of::Suite => schema_of_suite(),
        Of::Study => schema_of_study(),
        Of::Lesson => schema_of_lesson(),
    })
}
