import { startGossipsub } from "@demls/transport-gossipsub/node";
import { decodeWelcomeMessage } from "@demls/wire";
import { bytesToHex, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { platformClock as clock, platformRandom as random } from "demls";
import { onTestFinished } from "vitest";

/** A node that hears the joiners of a conversation by one member, and is none itself. */
export interface Listener {
  /** The first announced key package, as the payload of its packet in hex. */
  readonly announcement: Promise<string>;
  /** Number of heard packets with a payload. */
  copiesOf(payload: string): number;
}

/** Listens to the conversation `garden` by the member at `address`. */
export async function listen(address: string): Promise<Listener> {
  const transport = await startGossipsub({ clock, random, listen: [], dial: [address], peerExchange: false });
  onTestFinished(() => transport.close());
  const heard: string[] = [];
  let onAnnounced: (payload: string) => void;
  const announcement = new Promise<string>((resolve) => (onAnnounced = resolve));
  await transport.subscribe("garden", ({ subtopic, payload }) => {
    if (subtopic !== WELCOME_SUBTOPIC) return;
    heard.push(bytesToHex(payload));
    const decoded = decodeWelcomeMessage(payload);
    if (decoded.ok && decoded.value.kind === "user_key_package") onAnnounced(bytesToHex(payload));
  });
  return { announcement, copiesOf: (payload) => heard.filter((each) => each === payload).length };
}
