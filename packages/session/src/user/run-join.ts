import { parseInvitation, type HeldInvitation, type Invitation, type Readiness } from "@demls/join";
import { bytesToHex, DemlsError, type MemberId, type Packet } from "@demls/wire/core";
import { BehaviorSubject } from "rxjs";
import type { Command } from "../model/input.js";
import { endReasonOf } from "../model/state.js";
import { hexBytes } from "../repair/hex.js";
import { conversationEnded } from "../runtime/conversation-errors.js";
import { createDeferred } from "../runtime/deferred.js";
import { wallSeconds, type DriverContext } from "../runtime/driver-context.js";
import type { ConversationDriver } from "../runtime/driver.js";
import type { Conversation } from "./conversation.js";
import { endOf, isEnd, NO_ANSWERS, noteAnswer, stageOf, type JoinAnswer } from "./join-answers.js";
import type {
  JoinAttempt,
  JoinOptions,
  JoinProgress,
  JoinStage,
  JoinStarted,
  ReadyReport,
} from "./join-attempt.js";
import { clockOffMs, noReadyPeers, notAwaited, notConfirmed, notLetIn, notReceiving } from "./join-errors.js";
import { conversationOptionsIn, deadlineOf } from "./join-options.js";
import { memberView, type MemberView } from "./member-view.js";
import type { ConversationOptions } from "./options.js";
import { onAbort } from "../model/on-abort.js";
import { createProber } from "./prober.js";

/** Time in ms between two requests for a welcome: members send one again after it at the earliest. */
const WELCOME_INTERVAL_MS = 5_000;
const NOTHING_KNOWN = { yes: 0, no: 0, voters: 0, millisecondsLeft: 0 };

/** The conversation that an attempt joins, with its driver. */
export interface Entered {
  readonly conversation: Conversation;
  readonly driver: ConversationDriver;
  /** Passes the answers of members to a handler. @returns the function that ends it. */
  listen(handler: (packet: Packet) => void): () => void;
}

/** Parts of the user that joins. */
export interface JoinParts {
  readonly context: Pick<DriverContext, "clock" | "random" | "transport" | "plugins" | "appId">;
  /** Goes on with the conversation of an invitation, or requests to join it. One that is not wanted any more is given up. */
  enter(
    held: HeldInvitation,
    request: { readonly options: ConversationOptions; readonly isWanted: () => boolean },
  ): Promise<Entered>;
  /** Ends a join that is pending: its user does not want it any more, or it has run out of time. */
  giveUp(entered: Entered, isCancelled: boolean): Promise<void>;
}

/** Joins by an invitation: see {@link JoinAttempt}. */
export function runJoin(text: string | Uint8Array, options: JoinOptions, parts: JoinParts): JoinAttempt {
  const run = new JoinRun(options, parts);
  void run.start(text);
  const { conversation, started, ready, progress } = run;
  return {
    conversation: conversation.promise,
    started: started.promise,
    ready: ready.promise,
    progress$: progress.asObservable(),
  };
}

class JoinRun {
  readonly conversation = createDeferred<Conversation>();
  readonly started = createDeferred<JoinStarted>();
  readonly ready = createDeferred<ReadyReport>();
  readonly progress: BehaviorSubject<JoinProgress>;
  readonly #options: JoinOptions;
  readonly #parts: JoinParts;
  readonly #startedAtMs: number;
  readonly #deadlineAtMs: number;
  /** Marks of the group states of members whose answers were believed, in hex. */
  readonly #heads = new Map<MemberId, string>();
  readonly #cleanUp: (() => void)[] = [];
  #entered: Entered | undefined;
  #answers = NO_ANSWERS;
  /** Monotonic time at which this user has last asked for its welcome again. */
  #askedAgainAtMs = -Infinity;
  #hasStarted = false;
  #isAnswered = false;
  #isOver = false;

  constructor(options: JoinOptions, parts: JoinParts) {
    this.#options = options;
    this.#parts = parts;
    this.#startedAtMs = parts.context.clock.monotonicMs();
    this.#deadlineAtMs = this.#startedAtMs + deadlineOf(options);
    this.progress = new BehaviorSubject(this.#progressAt("checking"));
  }

  async start(text: string | Uint8Array): Promise<void> {
    const { clock, plugins } = this.#parts.context;
    const { signal } = this.#options;
    if (signal !== undefined) {
      const abort = (): void => this.#fail(signal.reason);
      if (signal.aborted) return abort();
      this.#cleanUp.push(onAbort(signal, abort));
    }
    try {
      const options = conversationOptionsIn(this.#options);
      this.#cleanUp.push(clock.wakeAt(this.#deadlineAtMs, () => this.#failAtDeadline()));
      const { verifier } = plugins;
      const held = await parseInvitation(text, { verifier, nowSeconds: wallSeconds(clock) });
      if (this.#isOver) return void held.secret.fill(0);
      this.#cleanUp.push(() => held.secret.fill(0));
      void this.#dial(this.#options.addresses ?? held.invitation.addresses);
      const request = { options, isWanted: () => !this.#isOver };
      this.#follow(held, await this.#parts.enter(held, request));
    } catch (error) {
      this.#fail(error instanceof DemlsError ? error : notReceiving(error));
    }
  }

  /** Connects to members. Others may be connected already, so a failure is none of the attempt. */
  async #dial(addresses: readonly string[]): Promise<void> {
    if (addresses.length === 0) return;
    await this.#parts.context.transport.dial?.(addresses).catch(() => undefined);
  }

  #follow(held: HeldInvitation, entered: Entered): void {
    // The deadline may have passed meanwhile.
    if (this.#isOver) return;
    const { conversation, driver, listen } = entered;
    this.#entered = entered;
    this.#waitForDeadline(driver);
    this.conversation.resolve(conversation);
    this.#tell(this.#progressAt("asking"));
    const states = driver.states.subscribe({
      next: () => this.#look(held),
      complete: () => this.#fail(conversationEnded(endReasonOf(driver.state))),
    });
    this.#cleanUp.push(() => states.unsubscribe());
    if (this.#isOver || held.invitation.mode !== "strict") return;
    const prober = createProber({
      context: this.#parts.context,
      held,
      keyPackageReference: () => this.#keyPackageReference(),
      onAnswer: (readiness, probe, isInviter) => {
        if (isInviter) this.#noteAssurance(bytesToHex(readiness.head), held.invitation);
        this.#noteAnswer(readiness, probe, held);
      },
    });
    this.#cleanUp.push(() => prober.close(), listen(prober.receive));
  }

  async #keyPackageReference(): Promise<Uint8Array | undefined> {
    const state = this.#entered?.driver.state;
    if (state?.phase !== "pending-join" || state.joining.keyPackage === undefined) return undefined;
    const found = await this.#parts.context.plugins.mls.inspectKeyPackage(state.joining.keyPackage);
    return found.ok ? hexBytes(found.reference) : undefined;
  }

  #noteAnswer(readiness: Readiness, probe: number, held: HeldInvitation): void {
    const { member, epoch, appliedMessages, groupId, request } = readiness;
    this.#isAnswered = true;
    // A member tells nothing about the group to the holder of an invitation that is over.
    if (!isEnd(request.state)) {
      const partnerHead = bytesToHex(readiness.head);
      this.#heads.set(member, partnerHead);
      this.#noteStarted({
        ...{ conversationId: groupId, syncPartner: member, partnerHead },
        partnerApplied: { epoch, messages: appliedMessages },
      });
    }
    if (this.#isOver) return;
    const clockAheadMs = this.#parts.context.clock.wallMs() - readiness.sentAt * 1_000;
    const before = this.#answers.farthest;
    this.#answers = noteAnswer(this.#answers, { readiness, probe, clockAheadMs });
    const { farthest } = this.#answers;
    if (this.#entered?.driver.state.phase === "pending-join") {
      if (farthest !== undefined && farthest !== before)
        this.#tell(this.#progressAt(stageOf(farthest.readiness.request.state), farthest));
      if (request.state === "member") this.#askForWelcome();
    }
    this.#look(held);
  }

  /** Asks for the welcome again: the members have added this user, so it is on its way or lost. */
  #askForWelcome(): void {
    const nowMs = this.#parts.context.clock.monotonicMs();
    if (nowMs - this.#askedAgainAtMs < WELCOME_INTERVAL_MS) return;
    this.#askedAgainAtMs = nowMs;
    this.#command({ kind: "announceAgain" });
  }

  /** Lets the pending join last until the deadline: its own patience may be shorter. */
  #waitForDeadline(driver: ConversationDriver): void {
    if (driver.state.phase !== "pending-join") return;
    // Later than this attempt's own end, which tells the reason.
    this.#command({ kind: "awaitJoin", untilMs: this.#deadlineAtMs + 1_000 });
  }

  #command(command: Command): void {
    // The join may be over by now.
    this.#entered?.driver.submit({ kind: "command", command }).catch(() => undefined);
  }

  /** Notes the state of this member: it may have joined, or be ready. */
  #look({ invitation }: HeldInvitation): void {
    const driver = this.#entered?.driver;
    const view = driver && memberView(driver, this.#parts.context.plugins.mls);
    if (view === undefined || this.#isOver) return;
    const { groupId, head, applied, members } = view;
    const acks = this.#acksIn(view);
    const [partner] = acks;
    const isConfirmed =
      invitation.mode !== "strict" || (isAssured(view, invitation) && partner !== undefined);
    if (this.progress.value.stage !== "catching-up") this.#tell(this.#progressAt("catching-up"));
    if (!view.isCaughtUp || !isConfirmed) return;
    this.#noteStarted({
      ...{ conversationId: groupId, syncPartner: partner },
      ...{ partnerHead: partner && head, partnerApplied: undefined },
    });
    if (this.#isOver) return;
    this.#tell(this.#progressAt("ready"));
    this.ready.resolve({
      ...{ conversationId: groupId, finalHead: head, appliedThrough: applied },
      ...{ membersLearned: members.length, ackedBy: acks, trust: view.assurance },
      elapsedMs: this.#elapsedMs(),
    });
    this.#end();
  }

  /** Notes that the inviter is in the epoch of this member, which may have joined without this invitation. */
  #noteAssurance(inviterHead: string, invitation: Invitation): void {
    const driver = this.#entered?.driver;
    const view = driver && memberView(driver, this.#parts.context.plugins.mls);
    if (driver === undefined || view?.head !== inviterHead || isAssured(view, invitation)) return;
    const { inviter } = invitation;
    const command = { kind: "noteAssurance", assurance: "inviter", inviter } as const;
    driver.submit({ kind: "command", command }).catch(() => undefined);
  }

  /** Members that have signed that they are in this member's epoch. */
  #acksIn({ heard, head, members }: MemberView): readonly MemberId[] {
    const answered = [...this.#heads].flatMap(([member, theirs]) => (theirs === head ? member : []));
    const present = new Set(members);
    return [...new Set([...heard, ...answered])].filter(
      (member) => present.has(member) && member !== this.#entered?.driver.snapshot.self,
    );
  }

  #noteStarted(report: Omit<JoinStarted, "elapsedMs">): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.started.resolve({ ...report, elapsedMs: this.#elapsedMs() });
    if (this.#options.until !== "started") return;
    this.#end();
    this.ready.reject(notAwaited());
  }

  #failAtDeadline(): void {
    const phase = this.#entered?.driver.state.phase;
    if (phase !== undefined && phase !== "pending-join") return this.#fail(notConfirmed());
    this.#fail(this.#isAnswered ? notLetIn(this.#answers.farthest) : noReadyPeers(this.#elapsedMs()));
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    for (const each of [this.conversation, this.started, this.ready]) each.reject(error);
    if (this.#entered !== undefined)
      void this.#parts.giveUp(this.#entered, this.#options.signal?.aborted === true);
  }

  #end(): void {
    this.#isOver = true;
    for (const each of this.#cleanUp.splice(0)) each();
    this.progress.complete();
  }

  #tell(progress: JoinProgress): void {
    this.progress.next(progress);
  }

  #progressAt(stage: JoinStage, told?: JoinAnswer): JoinProgress {
    const { yes, no, voters, millisecondsLeft } = told?.readiness.request ?? NOTHING_KNOWN;
    return {
      ...{ stage, elapsedMs: this.#elapsedMs(), partner: told?.readiness.member },
      tally: stage === "voting" ? { yes, no, voters } : undefined,
      over: endOf(told?.readiness.request.state),
      leftMs: millisecondsLeft > 0 ? millisecondsLeft : undefined,
      clockAheadMs: told && clockOffMs(told),
    };
  }

  #elapsedMs(): number {
    return Math.round(this.#parts.context.clock.monotonicMs() - this.#startedAtMs);
  }
}

/** Whether this is the group of an invitation, by the word of its inviter. That of another one tells nothing about it. */
function isAssured({ assurance, assuredBy }: MemberView, { inviter }: Invitation): boolean {
  return assurance === "founder" || assuredBy === inviter;
}
