//! The scenarios of the TypeScript project's bench, measured for de-mls 3.0.0 in the same way.
//!
//! Each figure is a JSON line with the name of the TypeScript figure. Times are CPU milliseconds of this
//! process.

mod cpu_time;
mod cycles;
mod gardener;
mod memory;
mod mls;
mod stewards;
mod votes;

use std::{error::Error, process::ExitCode};

use serde_json::json;

/// Any error ends the bench.
type Outcome = Result<(), Box<dyn Error>>;

/// `rust-peer bench SCENARIO MOST_MEMBERS`. A scenario that exists only in TypeScript prints nothing.
pub fn main(scenario: &str, most_members: &str) -> ExitCode {
    match run(scenario, most_members) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rust-peer bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(scenario: &str, most_members: &str) -> Outcome {
    let most_members: usize = most_members.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    match scenario {
        "mls-messages" => mls::messages(),
        "mls-commits" => mls::commits(most_members),
        "votes" => runtime.block_on(votes::hundred_votes()),
        "stewards" => stewards::lists(),
        "memory" => runtime.block_on(memory::conversations()),
        "add-cycles" => runtime.block_on(cycles::add_cycles(most_members)),
        _ => Ok(()),
    }
}

fn print(name: &str, value: f64) {
    println!("{}", json!({ "name": name, "value": value }));
}
