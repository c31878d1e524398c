//! Memory per conversation of one member, averaged over a hundred conversations of one user.

use std::{error::Error, fs};

use de_mls::app::ConversationConfig;

use super::{Outcome, gardener::Gardener, print};

const CONVERSATIONS: usize = 100;
const PAGE_KB: f64 = 4.096;

/// Prints nothing if the system does not report the resident memory of a process.
pub async fn conversations() -> Outcome {
    let mut gardener = Gardener::new(ConversationConfig::default())?;
    gardener.enter("first", true).await?;
    let Ok(before) = resident_kb() else { return Ok(()) };
    for index in 0..CONVERSATIONS {
        gardener.enter(&format!("solo-{index}"), true).await?;
    }
    print("memory of a conversation", (resident_kb()? - before) / CONVERSATIONS as f64);
    Ok(())
}

fn resident_kb() -> Result<f64, Box<dyn Error>> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages: f64 = statm.split(' ').nth(1).ok_or("no resident pages")?.parse()?;
    Ok(pages * PAGE_KB)
}
