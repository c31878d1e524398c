import {
  checkedDeadline,
  FIRST_PROGRESS,
  startAttempt,
  type Attempt,
  type AttemptOutcome,
  type JoinProgress,
  type JoinStarted,
  type JoinTarget,
  type NamedConversation,
  type ReadyReport,
  type Standing,
} from "@demls/join";
import { JOIN_SUBTOPIC, type Packet } from "@demls/wire/core";
import { BehaviorSubject } from "rxjs";
import { lacksHalf } from "../join/unconfirmed-welcome.js";
import type { Command } from "../model/input.js";
import { onAbort } from "../model/on-abort.js";
import { endReasonOf } from "../model/state.js";
import { hexBytes } from "../model/hex.js";
import { conversationEnded } from "../runtime/conversation-errors.js";
import { createDeferred } from "../runtime/deferred.js";
import type { DriverContext } from "../runtime/driver-context.js";
import type { ConversationDriver } from "../runtime/driver.js";
import type { Conversation } from "./conversation.js";
import type { JoinAttempt, JoinOptions } from "./join-attempt.js";
import { entranceOptionsIn, notAwaited, type EntranceOptions } from "./join-options.js";
import { joinedGroup } from "./joined-group.js";

/** The conversation that an attempt joins, with its driver. */
export interface Entered {
  readonly conversation: Conversation;
  readonly driver: ConversationDriver;
  /** Passes the answers of members to a handler. @returns the function that ends it. */
  listen(handler: (packet: Packet) => void): () => void;
}

/** Parts of the user that joins. */
export interface JoinParts {
  readonly context: Pick<DriverContext, "clock" | "random" | "transport" | "plugins" | "appId" | "self">;
  /** Goes on with a conversation, or begins to join it. */
  enter(target: JoinTarget, options: EntranceOptions, onIdentified: () => void): Promise<Entered>;
  /**
   * Ends a join that is pending: its user does not want it any more, or it has run out of time. One that another attempt has
   * entered too goes on.
   */
  giveUp(entered: Entered, isCancelled: boolean): Promise<void>;
}

/** Standing of a user that has entered no conversation yet. */
const OUTSIDE: Standing = { kind: "outside", hasAnnounced: false, holdsWelcome: false };

/** Joins a conversation: see {@link JoinAttempt}. The attempt of `@demls/join`, plugged into a user. */
export function runJoin(
  wanted: string | Uint8Array | NamedConversation,
  options: JoinOptions,
  parts: JoinParts,
): JoinAttempt {
  const { context } = parts;
  const { clock, random, transport, plugins, appId } = context;
  const [conversation, started, ready] = [
    createDeferred<Conversation>(),
    createDeferred<JoinStarted>(),
    createDeferred<ReadyReport>(),
  ];
  const progress = new BehaviorSubject<JoinProgress>(FIRST_PROGRESS);
  const cleanUp: (() => void)[] = [];
  let entered: Entered | undefined;
  let over: AttemptOutcome | undefined;
  let announces = true;
  let isClosed = false;

  function end(outcome: AttemptOutcome): void {
    over = outcome;
    for (const each of cleanUp.splice(0)) each();
    progress.complete();
    if (outcome.kind === "ready") return ready.resolve(outcome.report);
    if (outcome.kind === "started") return ready.reject(notAwaited());
    for (const each of [conversation, started, ready]) each.reject(outcome.error);
    if (entered !== undefined) giveUp(entered, outcome);
  }

  function giveUp(found: Entered, outcome: AttemptOutcome): void {
    if (outcome.kind === "failed") void parts.giveUp(found, outcome.withdraws);
  }

  async function command(each: Command): Promise<void> {
    // The join may be over by now.
    await entered?.driver.submit({ kind: "command", command: each }).catch(() => undefined);
  }

  async function keyPackageReference(): Promise<Uint8Array | undefined> {
    const state = entered?.driver.state;
    if (state?.phase !== "pending-join" || state.joining.keyPackage === undefined) return undefined;
    const found = await plugins.mls.inspectKeyPackage(state.joining.keyPackage);
    return found.ok ? hexBytes(found.reference) : undefined;
  }

  function standing(): Standing {
    // Its group is wiped then.
    if (entered === undefined || isClosed) return OUTSIDE;
    const { state } = entered.driver;
    const group = joinedGroup(entered.driver, context);
    if (group !== undefined) return { kind: "member", group };
    if (state.phase !== "pending-join") return OUTSIDE;
    const { joining } = state;
    return {
      kind: "outside",
      hasAnnounced: joining.announcements > 0 || !announces,
      holdsWelcome: lacksHalf(joining),
    };
  }

  /** Follows the conversation that this user joins. */
  function follow({ driver, listen }: Entered, attempt: Attempt): void {
    cleanUp.push(listen(({ payload }) => attempt.receive(payload)));
    const states = driver.states.subscribe({
      next: () => attempt.look(),
      complete() {
        isClosed = true;
        attempt.fail(conversationEnded(endReasonOf(driver.state)));
      },
    });
    cleanUp.push(() => states.unsubscribe());
    if (over !== undefined) for (const each of cleanUp.splice(0)) each();
  }

  function start(): Attempt {
    const isInvited = typeof wanted !== "object" || !("name" in wanted);
    const entranceOptions = entranceOptionsIn(options, isInvited);
    announces = entranceOptions.announce !== false;
    const { until, deadlineMs, retry, addresses } = options;
    const deadlineAtMs = clock.monotonicMs() + checkedDeadline(deadlineMs);
    const attempt = startAttempt(
      wanted,
      { until, deadlineMs, retry, addresses },
      {
        ...{ clock, random, verifier: plugins.verifier, keyPackageReference, standing },
        replyKeys: () => plugins.mls.hpkeKeyPair(),
        verify: (...signed) => plugins.mls.verify(...signed),
        open: (...sealed) => plugins.mls.hpkeOpen(...sealed),
        publish: (payload) =>
          transport.publish({
            ...{ payload, subtopic: JOIN_SUBTOPIC, appId },
            conversationId: entered?.conversation.name ?? "",
          }),
        dial: async (all) => transport.dial?.(all),
        isConnected: () =>
          entered === undefined || (transport.isConnected?.(entered.conversation.name) ?? true),
        async enter(target, onIdentified) {
          const found = await parts.enter(target, entranceOptions, onIdentified);
          if (over !== undefined) return giveUp(found, over);
          entered = found;
          // Later than the attempt's own end, which tells the reason.
          void command({ kind: "awaitJoin", untilMs: deadlineAtMs + 1_000 });
          conversation.resolve(found.conversation);
          follow(found, attempt);
        },
        announce: () => command({ kind: "announceAgain" }),
        assure: (inviter) => void command({ kind: "noteAssurance", assurance: "inviter", inviter }),
        onProgress: (each) => progress.next(each),
        onStarted: (report) => started.resolve(report),
        onEnd: end,
      },
    );
    return attempt;
  }

  try {
    const { signal } = options;
    signal?.throwIfAborted();
    const attempt = start();
    if (signal !== undefined) cleanUp.push(onAbort(signal, () => attempt.abort(signal.reason)));
  } catch (error) {
    end({ kind: "failed", error, withdraws: false });
  }
  return {
    ...{ conversation: conversation.promise, started: started.promise, ready: ready.promise },
    progress$: progress.asObservable(),
  };
}
