import type { HashgraphState } from "@demls/consensus";
import type { Generations } from "@demls/mls";
import type { ScoringState } from "@demls/scoring";
import type { StewardState } from "@demls/steward";
import type { UnplacedMessage } from "../../../src/model/chat-message.js";
import type { ConversationConfig, ConversationEvent } from "../../../src/index.js";
import type { CompatibilityMode } from "../../../src/model/compatibility.js";
import type { EndReason, Phase } from "../../../src/model/phase.js";
import type { SliceValue } from "../../../src/model/slice.js";
import type { SLICES, SliceName } from "../../../src/model/state.js";
import type { HistoryHead } from "../../../src/storage/chat-history.js";
import type { KeptKeyPackage, StoredIdentity } from "../../../src/storage/user-store.js";

/** Without the text, which is derived from the content when read. */
type Textless<Event> = Event extends { readonly kind: "message" } ? Omit<Event, "text"> : Event;

interface Whole<T> {
  readonly value: T;
}

/** Types of the stored values by kind of record, except those of the slices. `source-layout.ts` reads them. */
export interface StoredRecords {
  readonly "user format": number;
  readonly "user identity": StoredIdentity;
  readonly "user proof": Uint8Array;
  readonly "user key-package": KeptKeyPackage;
  readonly "user conversation": number;
  readonly "user history": HistoryHead;
  readonly "history message": Omit<UnplacedMessage, "text">;
  readonly "conversation field/phase": Whole<Phase>;
  readonly "conversation field/name": Whole<string>;
  readonly "conversation field/config": Whole<ConversationConfig>;
  readonly "conversation field/mode": Whole<CompatibilityMode>;
  readonly "conversation field/endReason": Whole<EndReason>;
  readonly "conversation group": Uint8Array;
  readonly "conversation generations": Generations;
  readonly "conversation journal": Uint8Array;
  readonly "conversation event": Textless<ConversationEvent>;
  readonly "conversation clock": readonly number[];
}

/** Types of the fields of each slice. */
export type StoredSlices = { readonly [Name in SliceName]: SliceValue<(typeof SLICES)[Name]> };

/** Types of the values of the default plug-ins, by path. They are opaque to the session. */
export interface PluginValues {
  readonly "conversation field/votes.sessions.value": HashgraphState;
  readonly "conversation field/stewards.list.value": StewardState;
  readonly "conversation field/stewards.opening.value": StewardState;
  readonly "conversation field/scores.values.value": ScoringState;
  readonly "conversation field/record.opening.value.list": StewardState;
  readonly "conversation field/record.opening.value.scores": ScoringState;
}
