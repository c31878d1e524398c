import type { Proposal, Vote } from "@demls/wire";
import { DemlsError } from "@demls/wire/core";
import type { ConsensusBackend } from "./backend.js";
import {
  checkProposalConfig,
  consensusConfig,
  defaultConsensusConfig,
  type ProposalConfig,
} from "../config.js";
import type { ConsensusSession } from "./consensus-session.js";
import type { ConsensusErrorCode } from "../error-code.js";
import { ethereumVerifier } from "../ethereum-verifier.js";
import { createConsensusEventBus } from "./event-bus.js";
import { createHashgraphConsensus } from "../hashgraph.js";
import type { HashgraphState } from "../hashgraph-state.js";
import { foldProposalId, ID_RANDOM_BYTES } from "../ids.js";
import { createMemoryConsensusStorage } from "./memory-consensus-storage.js";
import type { IngestResult } from "../plugin.js";
import { proposalConfigOf, scopeConfig } from "./scope-config.js";
import { queriesOf, type ServiceQueries } from "./queries.js";
import type {
  ConsensusService,
  ConsensusServiceOptions,
  CreateProposalRequest,
  IncomingOutcome,
  TimeoutOutcome,
} from "./service.js";
import { keepSession, sessionIn, stateOf, stepSession, type SteppedFrom } from "./stored-sessions.js";
import { validateVote } from "../validate-vote.js";
import { withSignature } from "../vote.js";

/** Inputs shared by all operations of a service. */
interface Desk {
  readonly backend: ConsensusBackend;
  readonly queries: ServiceQueries;
  readonly maxSessions: number;
  scopeOf(conversationId: string): string;
  nowSeconds(): bigint;
  drawId(): number;
}

/** About 25 days. `setTimeout` treats a longer delay as none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Continues existing sessions, with the configuration that they were opened with. */
const core = createHashgraphConsensus();

/**
 * Creates a {@link ConsensusService} over a signer, a clock and a random source. By default it keeps sessions in memory
 * and verifies Ethereum signatures.
 *
 * @throws DemlsError `invalid-max-sessions`.
 *
 * @example
 * ```ts
 * const service = createConsensusService({ signer, clock, random });
 * const limits = { expectedVoters: 3, expirationSeconds: 60n };
 * const { proposalId } = await service.createProposal("garden", { name: "n", payload, ...limits });
 * const proposal = await service.castVoteAndGetProposal("garden", proposalId, true);
 * ```
 */
export function createConsensusService(options: ConsensusServiceOptions): ConsensusService {
  const desk = deskFor(options);
  const { backend, queries, scopeOf } = desk;
  return {
    backend,
    ...queries,
    createProposal: (id, request, config) => createProposal(desk, id, request, config),
    castVote: (id, proposalId, choice) => castVote(desk, id, proposalId, choice),
    async castVoteAndGetProposal(id, proposalId, choice) {
      await castVote(desk, id, proposalId, choice);
      const tally = await queries.tally(id, proposalId);
      if (tally === undefined)
        throw refused("session-not-found", "The proposal was evicted during the call. Create it again.");
      return tally.proposal;
    },
    processIncomingProposal: (id, proposal) => processIncomingProposal(desk, id, proposal),
    processIncomingVote: (id, vote) => processIncomingVote(desk, id, vote),
    handleTimeout: (id, proposalId) => handleTimeout(desk, id, proposalId),
    configure: (id, changes) =>
      backend.storage.updateConfig(scopeOf(id), (known) => scopeConfig(changes, known)),
    deleteScope: (id) => backend.storage.deleteScope(scopeOf(id)),
  };
}

function deskFor(options: ConsensusServiceOptions): Desk {
  const { signer, clock, random, scope: scopeOf = (id: string) => id } = options;
  const { maxSessionsPerScope: maxSessions = defaultConsensusConfig.maxSessions } = options;
  const storage = options.storage ?? createMemoryConsensusStorage();
  return {
    backend: {
      signer,
      verifier: options.verifier ?? ethereumVerifier,
      storage,
      eventBus: options.eventBus ?? createConsensusEventBus(),
      scope: scopeOf,
    },
    queries: queriesOf(storage, scopeOf),
    maxSessions: consensusConfig({ maxSessions }).maxSessions,
    scopeOf,
    nowSeconds: () => BigInt(Math.floor(clock.wallMs() / 1000)),
    drawId: () => foldProposalId(random.bytes(ID_RANDOM_BYTES)),
  };
}

async function createProposal(
  desk: Desk,
  id: string,
  request: CreateProposalRequest,
  ownConfig: ProposalConfig | undefined,
): Promise<Proposal> {
  if (ownConfig !== undefined) checkProposalConfig(ownConfig);
  const config = ownConfig ?? proposalConfigOf(await desk.queries.config(id));
  const consensus = createHashgraphConsensus(config);
  const full = { owner: desk.backend.signer.identity, ...request, proposalId: desk.drawId() };
  const { state, proposal } = consensus.open(consensus.empty(), full, desk.nowSeconds());
  const timeoutMs = ownConfig?.timeoutMs ?? lifetimeMs(proposal) ?? config.timeoutMs;
  if (await keep(desk, id, state, timeoutMs)) return proposal;
  throw refused("proposal-already-exist", "Create the proposal again: its random id is already in use.");
}

async function castVote(desk: Desk, id: string, proposalId: number, choice: boolean): Promise<Vote> {
  const { signer, storage } = desk.backend;
  const session = await storage.session(desk.scopeOf(id), proposalId);
  const state = session === undefined ? core.empty() : stateOf(session);
  const ballot = { voter: signer.identity, choice, voteId: desk.drawId() };
  const unsigned = core.castVote(state, proposalId, ballot, desk.nowSeconds());
  const vote = withSignature(unsigned, await signer.sign(unsigned.message));
  const outcome = await count(desk, id, vote);
  if (outcome.kind === "accepted") return vote;
  throw refused(outcome.code, "The session changed while the vote was being signed. Read its tally.");
}

async function processIncomingProposal(desk: Desk, id: string, proposal: Proposal): Promise<IncomingOutcome> {
  if ((await desk.queries.tally(id, proposal.proposalId)) !== undefined) {
    return { kind: "rejected", code: "proposal-already-exist" };
  }
  const config = proposalConfigOf(await desk.queries.config(id));
  const consensus = createHashgraphConsensus(config);
  const result = await consensus.ingestProposal(consensus.empty(), proposal, contextOf(desk));
  if (result.kind === "rejected") return { kind: "rejected", code: result.code };
  const isNew = await keep(desk, id, result.state, lifetimeMs(proposal) ?? config.timeoutMs);
  if (!isNew) return { kind: "rejected", code: "proposal-already-exist" };
  tell(desk, id, proposal.proposalId, { before: "active", after: sessionIn(result.state).state });
  return withoutState(result);
}

async function processIncomingVote(desk: Desk, id: string, vote: Vote): Promise<IncomingOutcome> {
  const tally = await desk.queries.tally(id, vote.proposalId);
  if (tally === undefined) return { kind: "rejected", code: "session-not-found" };
  const fault = await validateVote(vote, tally.proposal, contextOf(desk));
  return fault === undefined ? count(desk, id, vote) : { kind: "rejected", code: fault };
}

async function handleTimeout(desk: Desk, id: string, proposalId: number): Promise<TimeoutOutcome> {
  const { backend, scopeOf, nowSeconds } = desk;
  const ended = await stepSession(backend.storage, scopeOf(id), proposalId, (state) => {
    const result = core.onDeadline(state, proposalId, nowSeconds());
    return { state: result.state, result };
  });
  if (ended?.result.kind !== "decided") return { kind: "rejected", code: "session-not-found" };
  tell(desk, id, proposalId, ended);
  return { kind: "decided", decision: ended.result.decision };
}

/** Counts a validated vote on the current session. */
async function count(desk: Desk, id: string, vote: Vote): Promise<IncomingOutcome> {
  const { backend, scopeOf, nowSeconds } = desk;
  const counted = await stepSession(backend.storage, scopeOf(id), vote.proposalId, (state) => {
    const result = core.admitOwnVote(state, vote, nowSeconds());
    return { state: result.state, result: withoutState(result) };
  });
  if (counted === undefined) return { kind: "rejected", code: "session-not-found" };
  // A vote rejected for its round fails the session.
  tell(desk, id, vote.proposalId, counted);
  return counted.result;
}

function keep(desk: Desk, id: string, state: HashgraphState, timeoutMs: number): Promise<boolean> {
  const { backend, scopeOf, nowSeconds, maxSessions } = desk;
  const session: ConsensusSession = {
    hashgraph: sessionIn(state),
    createdAtSeconds: nowSeconds(),
    timeoutMs,
  };
  return keepSession(backend.storage, scopeOf(id), session, maxSessions);
}

/** Publishes a decision once: late votes and deadlines return it again. */
function tell(
  desk: Desk,
  conversationId: string,
  proposalId: number,
  { before, after }: Omit<SteppedFrom<unknown>, "result">,
): void {
  if (after === before || after === "active") return;
  const about = { conversationId, proposalId, timestampSeconds: desk.nowSeconds() };
  desk.backend.eventBus.publish(
    after === "failed" ? { kind: "failed", ...about } : { kind: "reached", ...about, result: after },
  );
}

function contextOf({ backend, nowSeconds }: Desk) {
  return { nowSeconds: nowSeconds(), verifier: backend.verifier };
}

/** Lifetime that a proposal states, capped to the longest timer; `undefined` if it is not positive. */
function lifetimeMs({ timestamp, expirationTimestamp }: Proposal): number | undefined {
  if (expirationTimestamp <= timestamp) return undefined;
  return Math.min(Number(expirationTimestamp - timestamp) * 1000, LONGEST_TIMER_MS);
}

function withoutState(result: IngestResult<unknown>): IncomingOutcome {
  if (result.kind === "rejected") return { kind: "rejected", code: result.code };
  return { kind: "accepted", ...(result.decision && { decision: result.decision }) };
}

function refused<Code extends ConsensusErrorCode>(code: Code, remedy: string): DemlsError<Code> {
  return new DemlsError(code, {
    message: `The operation on the proposal failed: ${code}.`,
    field: "proposalId",
    remedy,
  });
}
