import type { ConversationConfig } from "../../src/index.js";
import { configOf, stewardBoundsOf, type RecordedConfig } from "../harness/index.js";

/** A behaviour of 3.0.0 members as it was recorded; what else it holds differs from probe to probe. */
export interface Probe {
  readonly name: string;
}

/** What vectors/11_behaviours.json holds. */
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
 * The probe at a place of the list, read alone, so that the account of what tests read stays true.
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
