import { encodeAppMessage, utf8ToBytes } from "@demls/wire";
import type { MemberId, MlsService } from "demls";
import { expect, test } from "vitest";
import { createDisplayNames } from "../../../src/chat/room/display-names.js";

/** A fake MLS service. Each message is the number of its sender, which is also its display name. */
const numbered: Pick<MlsService, "open"> = {
  async open(group, message) {
    const number = new DataView(message.buffer).getUint16(0);
    const plaintext = encodeAppMessage({
      kind: "conversation_message",
      message: utf8ToBytes("hello"),
      sender: `sender ${number}`,
      conversationName: "garden",
    });
    const sender = idOf(number);
    const outcome = {
      kind: "application",
      sender,
      leafIndex: number,
      generation: 0,
      epoch: 1n,
      plaintext,
    } as const;
    return { group, outcome };
  },
};

function idOf(number: number): MemberId {
  return number.toString(16).padStart(40, "0") as MemberId;
}

function messageOf(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff);
}

type MlsGroup = Parameters<MlsService["open"]>[0];

test("The display names of the last 1,024 senders are kept", async () => {
  const names = createDisplayNames();
  const mls = names.noteFrom(numbered as MlsService);
  const group = {} as MlsGroup;
  for (let number = 0; number < 1_024; number++) await mls.open(group, messageOf(number));
  await mls.open(group, messageOf(0));
  await mls.open(group, messageOf(1_024));
  expect(names.lastOf(idOf(0))).toBe("sender 0");
  expect(names.lastOf(idOf(1))).toBeUndefined();
  expect(names.lastOf(idOf(1_024))).toBe("sender 1024");
});
