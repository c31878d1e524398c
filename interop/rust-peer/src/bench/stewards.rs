//! Steward lists in which every candidate is a steward.

use de_mls::core::{StewardList, StewardListConfig};

use super::{
    Outcome,
    cpu_time::{median, timed},
    print,
};
use crate::failure::describe;

const ROUNDS: usize = 15;

pub fn lists() -> Outcome {
    for (label, size) in [("100", 100_usize), ("1,000", 1_000), ("10,000", 10_000)] {
        let members: Vec<Vec<u8>> =
            (0..size).map(|index| [&[7; 12][..], &index.to_be_bytes()].concat()).collect();
        let config = StewardListConfig::new(1, size).map_err(describe)?;
        let mut samples = Vec::new();
        for _ in 0..ROUNDS {
            let (list, ms) = timed(|| StewardList::generate(0, b"garden", &members, size, config.clone(), 0));
            samples.push(ms);
            list.map_err(describe)?;
        }
        print(&format!("steward list of {label}"), median(samples));
    }
    Ok(())
}
