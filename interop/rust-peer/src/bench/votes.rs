//! Processing of a hundred signed votes of others on one proposal.

use std::error::Error;

use alloy::signers::local::PrivateKeySigner;
use hashgraph_like_consensus::{
    protos::consensus::v1::{Proposal, Vote},
    service::DefaultConsensusService,
    signing::EthereumConsensusSigner,
    types::CreateProposalRequest,
    utils::build_vote,
};

use super::{
    Outcome,
    cpu_time::{cpu_ms, median},
    print,
};
use crate::failure::describe;

const VOTES: usize = 100;
/// Number of expected voters, too many for a decision, so that each vote is verified.
const VOTERS: u32 = 200;
const ROUNDS: usize = 7;

pub async fn hundred_votes() -> Outcome {
    let scope = "garden".to_owned();
    let mut samples = Vec::new();
    for _ in 0..ROUNDS {
        let service = DefaultConsensusService::new(EthereumConsensusSigner::new(PrivateKeySigner::random()));
        let request =
            CreateProposalRequest::new("proposal".to_owned(), vec![1], vec![1; 20], VOTERS, 600, true)
                .map_err(describe)?;
        let proposal = service.create_proposal(&scope, request).await.map_err(describe)?;
        let votes = signed_votes(&proposal).await?;
        let before = cpu_ms();
        for vote in votes {
            service.process_incoming_vote(&scope, vote).await.map_err(describe)?;
        }
        samples.push(cpu_ms() - before);
    }
    print("100 votes", median(samples));
    Ok(())
}

async fn signed_votes(proposal: &Proposal) -> Result<Vec<Vote>, Box<dyn Error>> {
    let mut votes = Vec::new();
    for _ in 0..VOTES {
        let signer = EthereumConsensusSigner::new(PrivateKeySigner::random());
        votes.push(build_vote(proposal, true, &signer).await.map_err(describe)?);
    }
    Ok(votes)
}
