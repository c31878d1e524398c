//! A newcomer announces itself, all members vote, a steward commits, all others process it, the newcomer joins:
//! the CPU time of all of them together.

use std::{
    collections::VecDeque,
    error::Error,
    time::{Duration, Instant},
};

use de_mls::{app::ConversationConfig, ds::OutboundPacket};

use super::{Outcome, cpu_time::cpu_ms, gardener::Gardener, print};

const CONVERSATION: &str = "garden";
/// Members before the one that is added. The founder alone admits the others with one commit, of 50 at most.
const SIZES: [usize; 3] = [2, 10, 50];
const ROUNDS: usize = 2;
/// The crate goes by the real clock: nothing is done in between, so waiting costs no CPU time.
const POLL_EVERY: Duration = Duration::from_millis(100);
/// So long nothing may come of anything before the members are taken to be at rest.
const REST: Duration = Duration::from_millis(10_500);
/// The crate remembers ten proposals, and of one second it may forget the newest first.
const KNOCKS_A_SECOND: usize = 9;
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn add_cycles(most_members: usize) -> Outcome {
    for size in SIZES.into_iter().filter(|size| *size <= most_members) {
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            best = best.min(cycle_ms(size).await?);
        }
        print(&format!("add cycle at {size}"), best);
    }
    Ok(())
}

async fn cycle_ms(size: usize) -> Result<f64, Box<dyn Error>> {
    let mut garden = Garden::grown(size).await?;
    let newcomer = Gardener::new(timings())?;
    let before = cpu_ms();
    let delivered_before = garden.deliveries;
    garden.enter(newcomer, false).await?;
    garden.run_until(|garden| garden.is_whole(), Duration::ZERO).await?;
    let ms = cpu_ms() - before;
    eprintln!("Rust, add cycle at {size}: {} deliveries", garden.deliveries - delivered_before);
    Ok(ms)
}

/// Short where only waiting depends on it, long where all members must have had their say before it is over.
fn timings() -> ConversationConfig {
    ConversationConfig {
        commit_inactivity_duration: Duration::from_secs(9),
        freeze_duration: Duration::from_secs(1),
        voting_delay: Duration::from_secs(60),
        election_voting_delay: Duration::from_secs(60),
        consensus_timeout: Duration::from_secs(90),
        proposal_expiration: Duration::from_secs(120),
        ..ConversationConfig::default()
    }
}

struct Garden {
    gardeners: Vec<Gardener>,
    in_flight: VecDeque<(usize, OutboundPacket)>,
    /// Packets handed to a member so far.
    deliveries: usize,
}

impl Garden {
    /// A conversation of `size` members that has come to rest, elections included.
    async fn grown(size: usize) -> Result<Self, Box<dyn Error>> {
        let mut garden = Self { gardeners: Vec::new(), in_flight: VecDeque::new(), deliveries: 0 };
        for index in 0..size {
            garden.enter(Gardener::new(timings())?, index == 0).await?;
            if index % KNOCKS_A_SECOND == 0 {
                garden.deliver().await?;
                tokio::time::sleep(Duration::from_millis(1_100)).await;
            }
        }
        garden.run_until(Self::is_whole, REST).await?;
        Ok(garden)
    }

    async fn enter(&mut self, mut gardener: Gardener, founds: bool) -> Outcome {
        gardener.enter(CONVERSATION, founds).await?;
        if !founds {
            gardener.knock().await?;
        }
        self.gardeners.push(gardener);
        Ok(())
    }

    /// Whether every member works and counts everyone in.
    fn is_whole(&self) -> bool {
        self.gardeners.iter().all(|gardener| gardener.works_among(self.gardeners.len()))
    }

    /// Carries packets and polls until the condition holds and nothing has been sent for a while.
    async fn run_until(&mut self, holds: impl Fn(&Self) -> bool, rest: Duration) -> Outcome {
        let deadline = Instant::now() + PATIENCE;
        let mut last_packet = Instant::now();
        loop {
            if self.deliver().await? {
                last_packet = Instant::now();
            }
            if holds(self) && last_packet.elapsed() >= rest {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err("what was waited for did not come about".into());
            }
            tokio::time::sleep(POLL_EVERY).await;
            for gardener in &mut self.gardeners {
                gardener.poll().await?;
            }
        }
    }

    /// Carries every packet to everyone but its sender, and what comes of that. Whether there was any.
    async fn deliver(&mut self) -> Result<bool, Box<dyn Error>> {
        self.collect();
        let any = !self.in_flight.is_empty();
        while let Some((from, packet)) = self.in_flight.pop_front() {
            for (to, gardener) in self.gardeners.iter_mut().enumerate() {
                if to != from {
                    self.deliveries += 1;
                    gardener.hear(&packet).await?;
                }
            }
            self.collect();
        }
        Ok(any)
    }

    fn collect(&mut self) {
        for (from, gardener) in self.gardeners.iter().enumerate() {
            self.in_flight.extend(gardener.take_packets().into_iter().map(|packet| (from, packet)));
        }
    }
}
