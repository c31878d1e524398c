import type { ConversationConfig } from "../../src/index.js";
import { configOf, stewardBoundsOf, type RecordedConfig } from "../harness/index.js";

/** A recorded behaviour of 3.0.0 members. Its further fields differ from probe to probe. */
export interface Probe {
  readonly name: string;
}

/** Content of vectors/11_behaviours.json. */
export interface Behaviours {
  readonly source: string;
  /** Settings of the conversations that the probes ran in. */
  readonly config: RecordedConfig;
  readonly probes: readonly Probe[];
}

/** A member as a probe describes it. */
export interface RecordedMember {
  readonly state: string;
  readonly epoch: number;
  readonly members: readonly string[];
  readonly approved: readonly string[];
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * The probe at an index of the list. It is read alone, so that the record of the vectors that tests read stays exact.
 *
 * @throws where another one is there.
 */
export function probeAt<Shape>({ probes }: Behaviours, index: number, name: string): Shape {
  const probe = probes[index];
  if (probe?.name !== name) throw new Error(`probes[${index}] is another one: ${probe?.name}`);
  return probe as Shape;
}

/** The recorded settings in our words. */
export function recordedSettings({ config }: Behaviours): {
  readonly config: Partial<ConversationConfig>;
  readonly stewards: { readonly snMin: number; readonly snMax: number };
} {
  return { config: configOf(config), stewards: stewardBoundsOf(config) };
}
