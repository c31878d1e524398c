import type { ConversationEvent } from "demls";

/** A chat message that its sender's library accepted. */
export interface SentText {
  readonly text: string;
  readonly atMs: number;
}

/** Records of a member's application, which outlive its processes. */
export interface Diary {
  /** World time of its last join; undefined while it is not in the group. */
  readonly memberSinceMs: number | undefined;
  /** World time since which it reads the group with this leaf; `rejoined` tells that what was sent before may be lost. */
  readonly readsSinceMs: number | undefined;
  readonly sent: readonly SentText[];
  readonly heard: ReadonlySet<string>;
  /** Number of packets that were reported as missed, by the id of their sender. */
  readonly missed: ReadonlyMap<string, number>;
  /** Number of own messages that were reported as not delivered. */
  readonly notDelivered: number;
  /** Group states that it was in, as `epoch authenticator`. */
  readonly epochs: ReadonlySet<string>;
  /** A text that no other message has. */
  newText(topic: string, name: string): string;
  noteSent(text: string, atMs: number): void;
  noteEpoch(epoch: bigint, authenticator: string): void;
  /** Records an event, and returns whether this process has delivered it before. */
  noteEvent(event: ConversationEvent, atMs: number): boolean;
  /** A new process may deliver events again that the former one had not finished. */
  noteStart(): void;
  /** Records whether the conversation that begins is in a group: it was created, or restored from the storage. */
  noteBeginning(isMember: boolean, atMs: number): void;
}

export function createDiary(): Diary {
  const sent: SentText[] = [];
  const heard = new Set<string>();
  const missed = new Map<string, number>();
  let notDelivered = 0;
  const epochs = new Set<string>();
  let delivered = new Set<string>();
  let memberSinceMs: number | undefined;
  let rejoinedAtMs = 0;
  let texts = 0;

  return {
    get memberSinceMs() {
      return memberSinceMs;
    },
    get readsSinceMs() {
      return memberSinceMs && Math.max(memberSinceMs, rejoinedAtMs);
    },
    sent,
    heard,
    missed,
    get notDelivered() {
      return notDelivered;
    },
    epochs,
    newText: (topic, name) => `${topic} ${++texts} of ${name}`,
    noteSent: (text, atMs) => void sent.push({ text, atMs }),
    noteEpoch: (epoch, authenticator) => void epochs.add(`${epoch} ${authenticator}`),
    noteEvent(event, atMs) {
      if (event.kind === "joined") {
        delivered = new Set();
        memberSinceMs = atMs;
      }
      if (event.kind === "rejoined") rejoinedAtMs = atMs;
      if (event.kind === "leaving") memberSinceMs = undefined;
      if (event.kind === "message" && event.text !== undefined) heard.add(event.text);
      if (event.kind === "missed") missed.set(event.sender, (missed.get(event.sender) ?? 0) + event.count);
      if (event.kind === "notDelivered") notDelivered += 1;
      // A member that has joined again leaves under the same proposal id as before.
      if (event.kind === "commitApplied")
        for (const { proposalId } of event.changes) delivered.delete(`decided ${proposalId}`);
      // The epochs of another branch have the same numbers, and votes that were open at the fork are decided again.
      if (event.kind === "branchLost" || event.kind === "rejoined")
        delivered = new Set([...delivered].filter((key) => key.startsWith("message") || key === "joined"));
      const key = uniqueKey(event);
      if (key === undefined) return false;
      const isRepeated = delivered.has(key);
      delivered.add(key);
      return isRepeated;
    },
    noteStart() {
      delivered = new Set();
    },
    noteBeginning(isMember, atMs) {
      memberSinceMs = isMember ? (memberSinceMs ?? atMs) : undefined;
    },
  };
}

/** Text that two events of one membership never share; undefined for kinds that may repeat. */
function uniqueKey(event: ConversationEvent): string | undefined {
  if (event.kind === "message") return `message ${event.sender} ${event.text}`;
  if (event.kind === "commitApplied") return `commit ${event.epoch}`;
  // The second leave of a member that joined again has the id of the first.
  if (event.kind === "proposalDecided" && event.request.kind !== "remove")
    return `decided ${event.proposalId} ${event.result}`;
  if (event.kind === "joined") return "joined";
  return undefined;
}
