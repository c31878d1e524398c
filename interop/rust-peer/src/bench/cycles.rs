//! CPU time of an add cycle, summed over all members: announcement, votes, commit, its processing, and the
//! join.

use std::{
    collections::VecDeque,
    error::Error,
    time::{Duration, Instant},
};

use de_mls::{app::ConversationConfig, ds::OutboundPacket};

use super::{Outcome, cpu_time::cpu_ms, gardener::Gardener, print};

const CONVERSATION: &str = "garden";
/// Group sizes before the addition. The founder alone adds the others with one commit, at most 50.
const SIZES: [usize; 3] = [2, 10, 50];
const ROUNDS: usize = 2;
/// The crate uses the real clock. Waiting costs no CPU time.
const POLL_EVERY: Duration = Duration::from_millis(100);
/// Time without packets after which the members count as idle.
const REST: Duration = Duration::from_millis(10_500);
/// The crate remembers ten proposals. Of those of the same second it may forget the newest first.
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

/// Short delays, except those within which all members must vote.
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
    /// Packets delivered to members so far.
    deliveries: usize,
}

impl Garden {
    /// Creates an idle conversation of `size` members, without pending elections.
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

    /// Whether every member is in the phase working and has all members in its list.
    fn is_whole(&self) -> bool {
        self.gardeners.iter().all(|gardener| gardener.works_among(self.gardeners.len()))
    }

    /// Delivers packets and polls until the condition holds and no packet was sent for a while.
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
                return Err("the condition did not hold in time".into());
            }
            tokio::time::sleep(POLL_EVERY).await;
            for gardener in &mut self.gardeners {
                gardener.poll().await?;
            }
        }
    }

    /// Delivers every packet to all but its sender, and the resulting packets too. Returns whether there were
    /// any.
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
