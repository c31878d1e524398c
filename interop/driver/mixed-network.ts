import { createSeededRandom, type SeededRandom } from "../../packages/testkit/src/index.js";
import type { CopyDelays, Delivery } from "./delivery.js";
import type { Member } from "./member.js";
import type { PacketLine } from "./packet-line.js";
import type { PeerState } from "./peer-state.js";
import { PeerRefusal, startPeer, type Kind, type Line, type LogEntry, type Peer } from "./peer.js";

/**
 * Short timings for many runs in a minute, long enough for a busy machine. A join expires after three times
 * `commitInactivityMs`, and takes a voting delay, a commit inactivity and a freeze.
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
 * Delivers welcomes early, and other packets after a peer has had time to merge: members on 3.0.0 drop packets of an
 * epoch that they have not entered (weaknesses W6 and W13).
 */
const DEFAULT_DELAYS: CopyDelays = ({ subtopic }) => [subtopic === "welcome" ? 5 : 30];

const CONVERSATION = "garden";

/** Options of {@link MixedNetwork}. */
export interface MixedNetworkOptions {
  readonly seed?: number;
  /** Delivery of packets. @default welcomes after 5 ms, other packets after 30 ms, in order */
  readonly copyDelays?: CopyDelays;
  /** Settings of the conversation in addition to the timings. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Members on both implementations in one conversation, and their network. */
export class MixedNetwork {
  readonly members = new Map<string, Member>();
  readonly random: SeededRandom;
  /** Every line to and from the peers, in order. */
  readonly log: LogEntry[] = [];
  /** Every delivered packet, in order. */
  readonly deliveries: Delivery[] = [];
  /** Position of the last agreement; earlier packets cannot have caused a divergence. */
  #agreed = { deliveries: 0, lines: new Map<Member, number>() };
  copyDelays: CopyDelays;

  readonly #seed: number;
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #peers = new Map<Kind, Peer>();
  readonly #travelling = new Set<Promise<void>>();
  /** Packets that joiners on 3.0.0 receive once they are members. */
  readonly #held = new Map<Member, Pick<Delivery, "packet" | "from">[]>();

  constructor({ seed = 1, copyDelays = DEFAULT_DELAYS, config = {} }: MixedNetworkOptions = {}) {
    this.#seed = seed;
    this.#config = { ...TIMINGS, ...config };
    this.random = createSeededRandom(seed);
    this.copyDelays = copyDelays;
  }

  /** Adds a user to the peer of its implementation. */
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

  /** A member's state; `undefined` outside the conversation. */
  async state(member: Member): Promise<PeerState | undefined> {
    try {
      return await this.call<PeerState>(member, "state");
    } catch (error) {
      if (error instanceof PeerRefusal) return undefined;
      throw error;
    }
  }

  /** The members of the conversation. */
  async present(): Promise<readonly Member[]> {
    const all = [...this.members.values()];
    const states = await Promise.all(all.map((member) => this.state(member)));
    return all.filter((_, index) => states[index] !== undefined && states[index].state !== "PendingJoin");
  }

  /**
   * Adds a user that starts to join; the join completes later. A joiner on 3.0.0 receives all packets but welcomes
   * afterwards: members may end a freeze, and propose the next election, before the committer sends its welcome.
   */
  async addJoiner(name: string, kind: Kind): Promise<Member> {
    const joiner = await this.add(name, kind);
    if (kind === "rust") this.#held.set(joiner, []);
    await this.call(joiner, "join");
    await this.call(joiner, "send_key_package");
    return joiner;
  }

  /** Delivers a packet to a member now. Resolves when the member has processed it. */
  async deliver(packet: PacketLine, from: Member, to: Member): Promise<void> {
    const { payload_b64, subtopic, conversation_id, app_id } = packet;
    this.deliveries.push({ packet, from, to, linesBefore: to.lines.length });
    try {
      await to.peer.call("inbound", { user: to.name, payload_b64, subtopic, conversation_id, app_id });
    } catch (error) {
      // A receiver may reject a packet; the log shows it.
      if (!(error instanceof PeerRefusal)) throw error;
    }
  }

  /** Records that all members agree. */
  noteAgreement(): void {
    const lines = new Map([...this.members.values()].map((member) => [member, member.lines.length]));
    this.#agreed = { deliveries: this.deliveries.length, lines };
  }

  /** Packets delivered since the last agreement. */
  deliveriesSince(): readonly Delivery[] {
    return this.deliveries.slice(this.#agreed.deliveries);
  }

  /** Lines that a member has printed since the last agreement. */
  linesSince(member: Member): readonly Line[] {
    return member.lines.slice(this.#agreed.lines.get(member) ?? 0);
  }

  /** Ends the running peers. @throws Error if one did not end cleanly. */
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
    if (line.type === "event" && line["event"] === "joined") this.#release(member);
  }

  #release(joiner: Member): void {
    const held = this.#held.get(joiner) ?? [];
    this.#held.delete(joiner);
    for (const { packet, from } of held) this.#track(this.deliver(packet, from, joiner));
  }

  #carry(packet: PacketLine, from: Member): void {
    for (const to of this.members.values()) {
      if (to === from) continue;
      for (const delayMs of this.copyDelays(packet, from, to)) {
        this.#track(this.#deliverLater(packet, from, to, delayMs));
      }
    }
  }

  #track(delivery: Promise<void>): void {
    this.#travelling.add(delivery);
    void delivery.finally(() => this.#travelling.delete(delivery));
  }

  async #deliverLater(packet: PacketLine, from: Member, to: Member, delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const held = packet.subtopic === "welcome" ? undefined : this.#held.get(to);
    if (held === undefined) await this.deliver(packet, from, to);
    else held.push({ packet, from });
  }
}

interface AppMessageLine {
  readonly app: { readonly kind: string; readonly text?: string; readonly sender?: string };
}

function noteMessage(member: Member, line: Line): void {
  const { app } = line as unknown as AppMessageLine;
  if (app.kind === "conversation_message" && app.sender !== "SYSTEM") member.read.push(app.text ?? "");
}

/** A secp256k1 key that is equal in every run, for reproducibility. */
function secretKey(name: string): string {
  return Buffer.from(name.padEnd(32, ".")).toString("hex");
}
