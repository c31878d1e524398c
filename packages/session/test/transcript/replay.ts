import type { MlsService } from "@demls/mls";
import { createVirtualClock } from "@demls/testkit";
import { bytesToHex, type Clock, type Packet } from "@demls/wire/core";
import type { Conversation, ConversationSnapshot, User } from "../../src/index.js";
import type { InboundOutcome } from "../../src/trace/index.js";
import { createMoodyNetwork, setPlatformDate, rest, type MoodyTransport } from "../harness/index.js";
import { lifecycleLines, toldLines, type Line } from "./log-lines.js";
import { recordedMls, recordedUser } from "./recorded-user.js";
import {
  asPacket,
  nameOf,
  packetOf,
  proposalOf,
  startWallMs,
  type RecordedPacket,
  type Recording,
  type ReplayedName,
} from "./recording.js";
import { asSent, type Sent } from "./sent.js";
import { viewOf, type View } from "./view.js";

/**
 * Polling interval of the recorder, by which 3.0.0's timers were late. Timers are delayed equally here, so that the
 * member has received the same packets.
 */
export const POLL_MS = 20;

/** Result of a replay. */
export interface Replay {
  /** Events of the member. */
  readonly lines: readonly Line[];
  /** Outcomes of the others' packets by number; two outcomes if a packet was buffered. */
  readonly outcomes: Readonly<Record<number, readonly string[]>>;
  /** Packets of the member, in comparable form and as sent. */
  readonly sent: readonly Sent[];
  readonly packets: readonly Packet[];
  /** Authors of the chosen candidates, with the commit hashes. */
  readonly chosen: readonly { readonly steward: string; readonly commitHash: string }[];
  /** State of the member after each step of the log, by its text, and after each packet, as `#18`. */
  readonly views: Readonly<Record<string, View>>;
  /** Final state. */
  readonly end: ConversationSnapshot;
}

/**
 * Replays a member's part of the recorded conversation: a user with the recorded keys receives the others' packets at
 * their times and runs the recorded manual commands. Its own timers do the rest.
 */
export async function replay(recording: Recording, name: ReplayedName): Promise<Replay> {
  // The platform's clock is half a century behind, so that code that reads it fails.
  setPlatformDate(0);
  const witness = createWitness(recording);
  const settle = (): Promise<void> => rest(() => [user], witness.happened);
  const clock = createVirtualClock({ wallMs: startWallMs(recording), settle });
  const network = createMoodyNetwork(() => clock.monotonicMs());
  const transport = network.join();
  const plaintexts = new Map<string, string>();
  const mls = listening(await recordedMls(recording, name, () => clock.wallMs()), plaintexts);
  const user = await recordedUser(recording, name, { mls, transport, clock: polled(clock) });
  witness.watch(user, clock);

  const conversation = (): Conversation | undefined => user.conversations.get(recording.conversation_id);
  // Everything is scheduled before the first timer, so that it precedes timers at the same instant.
  for (const entry of recording.log) {
    const at = (act: () => void): void => void clock.wakeAt(entry.t_ms, act);
    if (entry.type === "step") at(() => witness.look(entry.text));
    if (entry.type === "lifecycle" && entry.user === name && entry.event === "created")
      at(() => witness.act(user.join({ name: recording.conversation_id }).conversation));
    if (entry.type !== "packet") continue;
    const packet = packetOf(recording, entry);
    if (entry.user === name) {
      at(() => witness.act(actByHand(recording, packet, conversation())));
    } else {
      at(() => network.inject(witness.expect(packet)));
      at(() => witness.look(`#${packet.n}`));
    }
  }
  await clock.advance(recording.log.at(-1)?.t_ms ?? 0);
  const seen = witness.testimony();
  await user.close();
  return { ...seen, ...published(recording, transport, plaintexts) };
}

type Testimony = Omit<Replay, "sent" | "packets">;

interface Witness {
  watch(user: User, clock: Clock): void;
  /** Notes the packet to deliver next. */
  expect(recorded: RecordedPacket): Packet;
  /** Notes rejected manual commands. */
  act(done: Promise<unknown>): void;
  /** Notes the member's current state. */
  look(label: string): void;
  /** Number of actions of the member. */
  happened(): number;
  testimony(): Testimony;
}

/** Records all output of a user in the vocabulary of the recording. */
function createWitness(recording: Recording): Witness {
  const lines: Line[] = [];
  const outcomes: Record<number, string[]> = {};
  const chosen: { steward: string; commitHash: string }[] = [];
  const views: Record<string, View> = {};
  const numbers = new Map<Packet, number>();
  let conversation: Conversation | undefined;
  let happened = 0;

  function watch(user: User, clock: Clock): void {
    user.lifecycle$.subscribe((change) => {
      lines.push(...lifecycleLines(change, clock.monotonicMs()));
      if (change.kind !== "created") return;
      ({ conversation } = change);
      conversation.state$.subscribe(() => (happened += 1));
      conversation.events$.subscribe((event) => {
        lines.push(...toldLines(recording, event, { atMs: clock.monotonicMs(), wallMs: clock.wallMs() }));
        if (event.kind !== "commitCandidateChosen") return;
        chosen.push({ steward: nameOf(recording, event.steward), commitHash: event.commitHash });
      });
      conversation.admin.inbound$.subscribe(({ packet, outcome }) => {
        (outcomes[numbers.get(packet) ?? NaN] ??= []).push(outcomeText(recording, outcome));
      });
    });
  }

  return {
    watch,
    happened: () => happened,
    expect(recorded) {
      const packet = asPacket(recorded);
      numbers.set(packet, recorded.n);
      return packet;
    },
    act(done) {
      done.catch((error: unknown) => {
        lines.push({ atMs: NaN, stream: "event", text: `refused: ${String(error)}` });
      });
    },
    look(label) {
      if (conversation !== undefined) views[label] = viewOf(recording, conversation);
    },
    testimony() {
      if (conversation === undefined) throw new Error("The member never asked to join.");
      return { lines: [...lines], outcomes, chosen, views, end: conversation.state };
    },
  };
}

function outcomeText(recording: Recording, outcome: InboundOutcome): string {
  if (outcome.kind !== "accepted") return `${outcome.kind} ${outcome.reason}`;
  const { what, sender } = outcome;
  return sender === undefined ? `accepted ${what}` : `accepted ${what} of ${nameOf(recording, sender)}`;
}

/**
 * Runs the manual command that led to a member's packet: chat, or a proposal. 3.0.0 sends the "SYSTEM" line
 * automatically; this implementation sends none (weakness W17).
 */
async function actByHand(
  recording: Recording,
  { decoded }: RecordedPacket,
  conversation: Conversation | undefined,
): Promise<void> {
  if (decoded.kind === "conversation_message" && decoded.sender !== "SYSTEM")
    await conversation?.send(decoded.text);
  if (decoded.kind !== "vote") return;
  const { proposal_id, vote } = decoded.vote;
  if (proposalOf(recording, proposal_id).decoded_payload.kind === "steward_election") return;
  await conversation?.vote(proposal_id, vote);
}

function polled(clock: Clock): Clock {
  return { ...clock, wakeAt: (atMs, callback) => clock.wakeAt(atMs + POLL_MS, callback) };
}

/** The same service, which records the plaintext of each encrypted message in `plaintexts`: both in hex. */
function listening(mls: MlsService, plaintexts: Map<string, string>): MlsService {
  return {
    ...mls,
    async seal(group, plaintext) {
      const sealed = await mls.seal(group, plaintext);
      plaintexts.set(bytesToHex(sealed.message), bytesToHex(plaintext));
      return sealed;
    },
  };
}

function published(
  recording: Recording,
  { attempts }: MoodyTransport,
  plaintexts: ReadonlyMap<string, string>,
): Pick<Replay, "sent" | "packets"> {
  return {
    packets: attempts.map(({ packet }) => packet),
    sent: attempts.map(({ packet, atMs }) =>
      asSent(recording, { packet, plaintext: plaintexts.get(bytesToHex(packet.payload)), atMs }),
    ),
  };
}
