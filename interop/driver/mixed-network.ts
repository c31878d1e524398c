import { createSeededRandom, type SeededRandom } from "../../packages/testkit/src/index.js";
import type { CopyDelays, Delivery } from "./delivery.js";
import type { Member } from "./member.js";
import type { PacketLine } from "./packet-line.js";
import type { PeerState } from "./peer-state.js";
import { PeerRefusal, startPeer, type Kind, type Line, type LogEntry, type Peer } from "./peer.js";

/**
 * Short enough for many lives in a minute, long enough that a busy machine does not change their course. A join is
 * given up after three times the inactivity, and takes the voting delay, one inactivity and one freeze.
 */
const TIMINGS = {
  commit_inactivity_ms: 900,
  freeze_ms: 450,
  recovery_inactivity_ms: 500,
  proposal_expiration_ms: 30_000,
  consensus_timeout_ms: 1_500,
  voting_delay_ms: 300,
  election_voting_delay_ms: 60,
  sn_min: 1,
  sn_max: 2,
} as const;

/**
 * Welcomes soon, the rest later than a peer takes to merge what it has: members of 3.0.0 drop what is sent in an
 * epoch before they have entered it (weaknesses W6 and W13).
 */
const DEFAULT_DELAYS: CopyDelays = ({ subtopic }) => [subtopic === "welcome" ? 5 : 30];

const CONVERSATION = "garden";

/** Options of {@link MixedNetwork}. */
export interface MixedNetworkOptions {
  readonly seed?: number;
  /** How packets travel. @default a welcome after 5 ms, the rest after 30, in order */
  readonly copyDelays?: CopyDelays;
  /** Settings of the conversation beside the timings. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Members of both kinds in one conversation, and the network between them. */
export class MixedNetwork {
  readonly members = new Map<string, Member>();
  readonly random: SeededRandom;
  /** Every line to and from the peers, in order. */
  readonly log: LogEntry[] = [];
  /** Every packet as it reached a member, in order. */
  readonly deliveries: Delivery[] = [];
  /** Where the members last agreed: what came before cannot have parted them. */
  #agreed = { deliveries: 0, lines: new Map<Member, number>() };
  copyDelays: CopyDelays;

  readonly #seed: number;
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #peers = new Map<Kind, Peer>();
  readonly #travelling = new Set<Promise<void>>();

  constructor({ seed = 1, copyDelays = DEFAULT_DELAYS, config = {} }: MixedNetworkOptions = {}) {
    this.#seed = seed;
    this.#config = { ...TIMINGS, ...config };
    this.random = createSeededRandom(seed);
    this.copyDelays = copyDelays;
  }

  /** Adds a user to the peer of its kind. */
  async add(name: string, kind: Kind): Promise<Member> {
    const peer = this.#peerOf(kind);
    const { identity } = await peer.call<{ identity: string }>("new_user", {
      user: name,
      secret_key_hex: secretKey(name),
      config: this.#config,
    });
    const member: Member = { name, kind, peer, identity, read: [], lines: [] };
    this.members.set(name, member);
    return member;
  }

  /** Runs a command of `member` on the conversation. */
  call<T = unknown>(member: Member, cmd: string, fields: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return member.peer.call<T>(cmd, { user: member.name, conversation_id: CONVERSATION, ...fields });
  }

  /** A member's state, or `undefined` where it is not in the conversation. */
  async state(member: Member): Promise<PeerState | undefined> {
    try {
      return await this.call<PeerState>(member, "state");
    } catch (error) {
      if (error instanceof PeerRefusal) return undefined;
      throw error;
    }
  }

  /** Who is in the conversation. */
  async present(): Promise<readonly Member[]> {
    const all = [...this.members.values()];
    const states = await Promise.all(all.map((member) => this.state(member)));
    return all.filter((_, index) => states[index] !== undefined && states[index].state !== "PendingJoin");
  }

  /** Adds a user that asks to join; the join itself comes about later. */
  async addJoiner(name: string, kind: Kind): Promise<Member> {
    const joiner = await this.add(name, kind);
    await this.call(joiner, "join");
    await this.call(joiner, "send_key_package");
    return joiner;
  }

  /** Hands a packet to a member now, and resolves when it has dealt with it. */
  async deliver(packet: PacketLine, from: Member, to: Member): Promise<void> {
    const { payload_b64, subtopic, conversation_id, app_id } = packet;
    this.deliveries.push({ packet, from, to, linesBefore: to.lines.length });
    try {
      await to.peer.call("inbound", { user: to.name, payload_b64, subtopic, conversation_id, app_id });
    } catch (error) {
      // To refuse a packet is the receiver's right, and stands in the log.
      if (!(error instanceof PeerRefusal)) throw error;
    }
  }

  /** Notes that all members agree. */
  noteAgreement(): void {
    const lines = new Map([...this.members.values()].map((member) => [member, member.lines.length]));
    this.#agreed = { deliveries: this.deliveries.length, lines };
  }

  /** What has reached members since they last agreed. */
  deliveriesSince(): readonly Delivery[] {
    return this.deliveries.slice(this.#agreed.deliveries);
  }

  /** What a member has printed since all last agreed. */
  linesSince(member: Member): readonly Line[] {
    return member.lines.slice(this.#agreed.lines.get(member) ?? 0);
  }

  /** Ends the peers, if they run. @throws Error where one did not end cleanly. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#travelling);
    const peers = [...this.#peers.values()];
    this.#peers.clear();
    const statuses = await Promise.all(peers.map((peer) => peer.quit()));
    if (statuses.some((status) => status !== 0)) {
      throw new Error(`A peer ended with status ${statuses.join(", ")}.`);
    }
  }

  #peerOf(kind: Kind): Peer {
    const running = this.#peers.get(kind);
    if (running !== undefined) return running;
    const peer = startPeer(
      kind,
      this.#seed,
      (entry) => this.log.push(entry),
      (line) => this.#take(line),
    );
    this.#peers.set(kind, peer);
    return peer;
  }

  #take(line: Line): void {
    const member = this.members.get(String(line["user"]));
    if (member === undefined) return;
    member.lines.push(line);
    if (line.type === "packet") this.#carry(line as unknown as PacketLine, member);
    if (line.type === "event" && line["event"] === "app_message") noteMessage(member, line);
  }

  #carry(packet: PacketLine, from: Member): void {
    for (const to of this.members.values()) {
      if (to === from) continue;
      for (const delayMs of this.copyDelays(packet, from, to)) {
        const delivery = this.#deliverLater(packet, from, to, delayMs);
        this.#travelling.add(delivery);
        void delivery.finally(() => this.#travelling.delete(delivery));
      }
    }
  }

  async #deliverLater(packet: PacketLine, from: Member, to: Member, delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await this.deliver(packet, from, to);
  }
}

interface AppMessageLine {
  readonly app: { readonly kind: string; readonly text?: string; readonly sender?: string };
}

function noteMessage(member: Member, line: Line): void {
  const { app } = line as unknown as AppMessageLine;
  if (app.kind === "conversation_message" && app.sender !== "SYSTEM") member.read.push(app.text ?? "");
}

/** A secp256k1 key that is the same in every run: what must be repeatable here needs no secrecy. */
function secretKey(name: string): string {
  return Buffer.from(name.padEnd(32, ".")).toString("hex");
}
