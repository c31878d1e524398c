import {
  createMlsService,
  createUser,
  createEthereumSigner,
  type Clock,
  type Conversation,
  type ConversationEvent,
  type RandomSource,
  type User,
} from "demls";
import { askToBeLetIn } from "./network/key-package-announcer.js";
import { carryOut, type ChatControls } from "./commands/run-command.js";
import type { ChatTransport } from "./network/chat-transport.js";
import { followConnection } from "./network/connection-changes.js";
import { createDecisionLog } from "./room/decision-log.js";
import { createDisplayNames, type DisplayNames } from "./room/display-names.js";
import type { Face, Request } from "./view/chat-view.js";
import { createMemberNames } from "./room/member-names.js";
import type { OpenIdentity } from "./identity/open-identity.js";
import type { ChatOptions } from "./options/chat-options.js";
import type { Room } from "./room/room.js";
import { withinTime } from "./time-limit.js";
import { createVoteNumbers } from "./room/vote-numbers.js";

/** What a chat runs on. */
export interface ChatSurroundings {
  readonly face: Face;
  readonly identity: OpenIdentity;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Aborted when the chat is to end: by a signal, or the interrupt key. */
  readonly ending: AbortController;
}

/** For how long word of leaving may take to go out: a freeze may hold it up. */
const WORD_LIMIT_MS = 5_000;
/** For how long the only other member may take to commit that this one leaves. */
const COMMIT_LIMIT_MS = 15_000;
/** Requests and messages that are on their way; while there are as many, no further line is read. */
const MAX_UNDER_WAY = 128;
/** For how long a user may take to close. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * Holds one conversation until it is left: by this user, by its input's end, by a signal, or because the others put
 * it out. What was begun is closed before it resolves, all but the transport and the identity, which are the caller's.
 *
 * @returns whether it ended as this user wished.
 * @throws DemlsError of `createUser` and of creating or joining a conversation.
 */
export async function runChat(options: ChatOptions, surroundings: ChatSurroundings): Promise<boolean> {
  const { clock, transport, ending } = surroundings;
  const face = quietOnceOut(surroundings.face);
  const displayNames = createDisplayNames();
  const user = await createChatUser(options, surroundings, displayNames);
  try {
    const conversation = await enter(user, options);
    const room: Room = {
      conversation,
      self: user.id,
      names: createMemberNames(() => conversation.state.members.map(({ id }) => id)),
      votes: createVoteNumbers(),
      decisions: createDecisionLog(conversation, clock),
      transport,
      clock,
    };
    face.enter(room);
    const wished = whetherWished(conversation);
    conversation.events$.subscribe((event) => {
      note(event, room, displayNames);
      face.tell({ kind: "event", event });
    });
    start(user, room, options, { ...surroundings, face });
    const stop = (): void => ending.abort();
    // What fails is the reading: there is nothing more to be had from an input that is gone.
    serve(room, face, stop).then(stop, stop);
    void wished.then(stop);
    await aborted(ending.signal);
    if (conversation.state.phase === "ended") return await wished;
    face.tell({ kind: "closing" });
    await leaveWord(conversation, clock);
    return true;
  } finally {
    await withinTime(user.close(), clock, CLOSE_LIMIT_MS);
  }
}

async function createChatUser(
  { name }: ChatOptions,
  { identity, transport, clock, random }: ChatSurroundings,
  displayNames: DisplayNames,
): Promise<User> {
  const { key } = identity;
  const signer = createEthereumSigner(key);
  const mls = await createMlsService({ identity: signer.identity, random, wallMs: () => clock.wallMs() });
  signer.close();
  const plugins = { mls: displayNames.noteFrom(mls) };
  return createUser({ key, transport, clock, random, plugins, ...(name !== undefined && { display: name }) });
}

function enter(
  user: User,
  { conversation, create, config, stewards, mode }: ChatOptions,
): Promise<Conversation> {
  return create
    ? user.createConversation(conversation, { config, stewards, compatibility: mode })
    : user.joinConversation(conversation, { config, announce: false });
}

/** Tells that it runs, and of its connections from now on; a joiner asks to be let in. */
function start(user: User, room: Room, options: ChatOptions, { face, identity }: ChatSurroundings): void {
  const { transport, conversation, clock, self } = room;
  const { create: created } = options;
  const { peerId, addresses } = transport;
  face.tell({
    kind: "started",
    conversation: conversation.name,
    created,
    member: self,
    peerId,
    addresses,
    identityFile: identity.file,
  });
  const unfollow = followConnection(transport, conversation.name, clock, !created, (news) =>
    face.tell({ kind: "connection", ...news }),
  );
  conversation.events$.subscribe({ complete: unfollow });
  if (created) return;
  const onFailed = (error: unknown): void => face.tell({ kind: "failed", error });
  const onAsked = (subscribers: number): void => face.tell({ kind: "asked", subscribers });
  askToBeLetIn({ user, conversation, transport, clock, onAsked, onFailed }).catch(onFailed);
}

/** Carries out what is asked, until the input ends and all of it is done. */
async function serve(room: Room, face: Face, quit: () => void): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const controls: ChatControls = {
    quit,
    failed: (error) => face.tell({ kind: "failed", error }),
    awaits(work) {
      const over: Promise<unknown> = work.catch(() => undefined).then(() => underWay.delete(over));
      underWay.add(over);
    },
  };
  async function reply(request: Request): Promise<void> {
    try {
      if (request.command === undefined) throw request.problem;
      face.answer(request, await carryOut(room, request.command, controls));
    } catch (error) {
      face.refuse(request, error);
    }
  }
  for await (const request of face.requests) {
    controls.awaits(reply(request));
    while (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
  }
  while (underWay.size > 0) await Promise.all(underWay);
}

/** What an event teaches: what its sender calls itself, and that there is a vote. */
function note(event: ConversationEvent, { names, votes }: Room, displayNames: DisplayNames): void {
  if (event.kind === "message") {
    const name = displayNames.lastOf(event.sender);
    if (name !== undefined) names.claim(event.sender, name);
  } else if ("proposalId" in event) votes.numberOf(event.proposalId);
}

/** Once the conversation is over: whether this member wished to leave it. */
function whetherWished({ events$ }: Conversation): Promise<boolean> {
  return new Promise((resolve) => {
    let isWished = true;
    events$.subscribe({
      next: (event) => {
        if (event.kind === "leaving") isWished = event.reason === "left" || event.reason === "join-cancelled";
      },
      complete: () => resolve(isWished),
    });
  });
}

/**
 * Proposes to leave, and waits until that is out: nothing of the conversation is kept, so that this member could not
 * come back to it, and the others would wait for one that is no more. They commit it among themselves; a single one
 * that stays behind could not, since a commit that no peer takes counts for nothing, and is waited for.
 */
async function leaveWord(conversation: Conversation, clock: Clock): Promise<void> {
  const { accepted, committed } = conversation.leave();
  let isOut = false;
  const out = accepted
    .then(() => conversation.nextState(({ pendingOutbound }) => pendingOutbound === 0))
    .then(() => (isOut = true));
  await withinTime(out, clock, WORD_LIMIT_MS);
  if (isOut && conversation.state.members.length === 2) await withinTime(committed, clock, COMMIT_LIMIT_MS);
}

/** Tells nothing of what fails once this member is out: messages that still waited for a reader concern nobody. */
function quietOnceOut(face: Face): Face {
  let isOut = false;
  return {
    ...face,
    tell(news) {
      const event = news.kind === "event" ? news.event.kind : undefined;
      if (isOut && (news.kind === "failed" || event === "error")) return;
      isOut ||= event === "leaving";
      face.tell(news);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
