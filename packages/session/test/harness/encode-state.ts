import type { MlsGroup, MlsService } from "@demls/mls";
import { bytesToHex } from "@demls/wire/core";
import type { ConversationState } from "../../src/step/index.js";

/** A whole state as text, with all groups: equal texts mean equal states, byte for byte. */
export function encodeState(state: ConversationState, mls: MlsService): string {
  return JSON.stringify(plain(state, mls), undefined, 1);
}

/**
 * The same without the group, in which an authenticated message consumes its sender's generation, and without the
 * packets kept for other members.
 */
export function encodeStateButGroup(state: ConversationState, mls: MlsService): string {
  return encodeState({ ...state, group: undefined, repair: undefined } as unknown as ConversationState, mls);
}

function plain(value: unknown, mls: MlsService): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "undefined";
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value instanceof Map) return { map: [...value].map((entry) => plain(entry, mls)) };
  if (value instanceof Set) return { set: [...value].map((entry) => plain(entry, mls)) };
  if (Array.isArray(value)) return value.map((item) => plain(item, mls));
  if (isGroup(value)) return { group: bytesToHex(mls.encodeGroup(value)) };
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, plain(item, mls)]),
  );
}

function isGroup(value: object): value is MlsGroup {
  return "groupId" in value && "epochAuthenticator" in value && "state" in value;
}
