import type { DemlsError } from "@demls/wire/core";
import type { ChatMessage } from "../model/chat-message.js";
import type { NumberedEvent } from "../model/event.js";
import type { Input } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import type { StepResult } from "../step/step.js";
import { corruptStorage } from "../storage/corrupt-storage.js";
import type { ConversationStore } from "../storage/conversation-store.js";
import { storageFailed } from "./conversation-errors.js";
import type { DriverStart } from "./driver-context.js";
import { createEventNumbering } from "./event-feed.js";
import type { MessageFeed } from "./message-feed.js";

/** A step that is being stored. */
export interface KeptStep {
  /** Its events, numbered. */
  readonly events: readonly NumberedEvent[];
  /** Its chat, with its places. */
  readonly messages: readonly ChatMessage[];
  /** Resolves when it is stored. Rejects with `storage-failed`. */
  readonly stored: Promise<void>;
}

/** Stores the steps of one conversation with their chat, if it has a store. */
export class StepKeeper {
  readonly #store: ConversationStore | undefined;
  readonly #messages: MessageFeed;
  readonly #name: string;
  readonly #number: ReturnType<typeof createEventNumbering>;
  readonly #onFailure: (failure: DemlsError) => void;
  /** State of the latest step; undefined until the first step of a new conversation, which stores everything. */
  #latest: ConversationState | undefined;
  #advance: DriverStart["advance"];
  #failure: DemlsError | undefined;

  /**
   * @param onFailure - called once, when a step cannot be stored. The store may hold it or the one before it, so the
   *   conversation continues from the store when it is restored.
   */
  constructor(
    { state, events, store, isRestored, advance }: DriverStart,
    messages: MessageFeed,
    onFailure: (failure: DemlsError) => void,
  ) {
    this.#store = store;
    this.#messages = messages;
    this.#name = state.name;
    this.#number = createEventNumbering(events.at(-1)?.serial ?? 0);
    this.#onFailure = onFailure;
    this.#latest = isRestored ? state : undefined;
    this.#advance = advance;
  }

  /** Error of the first step that could not be stored; no later one is stored. */
  get failure(): DemlsError | undefined {
    return this.#failure;
  }

  /**
   * The state of a restored conversation with its group ready, for the first step; `undefined` if there is nothing to ready.
   *
   * @throws DemlsError `storage-failed` if the records cannot be read.
   */
  async begin(): Promise<ConversationState | undefined> {
    const advance = this.#advance;
    this.#advance = undefined;
    if (advance !== undefined)
      this.#latest = await advance().catch((error) => this.#fail(corruptStorage(error)));
    return advance && this.#latest;
  }

  keep(input: Input, { state: after, effects }: StepResult): KeptStep {
    const before = this.#latest;
    this.#latest = after;
    const events = this.#number(effects);
    try {
      const { messages, operations: history } = this.#messages.place(after, effects);
      const saved = this.#store?.save({ before, after, input, effects, events, history });
      const stored = (saved ?? Promise.resolve()).catch((error: unknown) => this.#fail(error));
      return { events, messages, stored };
    } catch (error) {
      return { events, messages: [], stored: this.#fail(error) };
    }
  }

  /** Deletes delivered events now. */
  async flush(): Promise<void> {
    if (this.#failure === undefined) await this.#store?.flush();
  }

  /** Stores no further step, also none that waits. */
  stop(): void {
    this.#store?.stop();
  }

  async #fail(error: unknown): Promise<never> {
    const isFirst = this.#failure === undefined;
    this.#failure ??= storageFailed(this.#name, error);
    if (isFirst) this.#onFailure(this.#failure);
    throw this.#failure;
  }
}
