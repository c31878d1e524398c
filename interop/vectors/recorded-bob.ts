import { readFileSync } from "node:fs";
import { hexToBytes, type Packet } from "../../packages/wire/dist/index.js";

/** A time within the lifetime of bob's key package, in milliseconds. */
export const RECORDED_MS = 1_795_254_400_000;

/** The public part of bob in vectors/08_mls.json. */
interface Recording {
  readonly members: { readonly bob: string };
  readonly key_package_packet: {
    readonly payload: string;
    readonly subtopic: string;
    readonly conversation_id: string;
    readonly app_id: string;
  };
}

const file = new URL("../../vectors/08_mls.json", import.meta.url);
const { members, key_package_packet: recorded } = JSON.parse(readFileSync(file, "utf8")) as Recording;

/** Bob's id. */
export const BOB = members.bob;

/** The packet with bob's key package. */
export const BOB_ASKS: Packet = {
  payload: bytes(recorded.payload),
  subtopic: recorded.subtopic,
  conversationId: recorded.conversation_id,
  appId: bytes(recorded.app_id),
};

function bytes(hex: string): Uint8Array {
  const decoded = hexToBytes(hex);
  if (decoded === undefined) throw new Error("The recording is not hex.");
  return decoded;
}
