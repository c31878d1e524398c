import { decodeAppMessage } from "@demls/wire";
import { bareTsMls, type BareTsMls } from "./bare-ts-mls.js";
import { chat } from "./chat.js";
import { cpuTimes, type Task } from "./cpu-time.js";
import type { Effort } from "./effort.js";
import type { Measurement, Scenario } from "./measurement.js";
import { bareGroup, ourGroup, type BareGroup, type OurGroup } from "./mls-groups.js";

/** Number of messages encrypted in advance and then decrypted one after the other. */
const STOCK = 64;

/** Encryption and decryption of chat messages through wire and mls, in a group of two. */
export const messages: Scenario = {
  name: "mls-messages",
  async run(effort) {
    const group = await ourGroup(2);
    const tsMls = await bareTsMls();
    const bare = await bareGroup(tsMls, 2);
    return [
      ...(await ofSize({ group, tsMls, bare, bytes: 256, label: "256 B", effort })),
      ...(await ofSize({ group, tsMls, bare, bytes: 4_096, label: "4 KiB", effort })),
    ];
  },
};

interface Sides {
  readonly group: OurGroup;
  readonly tsMls: BareTsMls;
  readonly bare: BareGroup;
  readonly bytes: number;
  readonly label: string;
  readonly effort: Effort;
}

async function ofSize({ group, tsMls, bare, bytes, label, effort }: Sides): Promise<Measurement[]> {
  const content = new Uint8Array(bytes).fill(0x61);
  const times = await cpuTimes(
    {
      seal: sealing(group, content),
      open: await opening(group, content),
      bareSeal: bareSealing(tsMls, bare, content),
      bareOpen: await bareOpening(tsMls, bare, content),
    },
    effort,
  );
  const isShort = bytes === 256;
  return [
    {
      name: `seal ${label}`,
      unit: "ms",
      ours: times.seal,
      tsMls: times.bareSeal,
      ...(isShort && { aim: { atMost: 0.12 } }),
    },
    {
      name: `open ${label}`,
      unit: "ms",
      ours: times.open,
      tsMls: times.bareOpen,
      ...(isShort && { aim: { atMost: 0.2 } }),
    },
  ];
}

function sealing({ founder: { mls, group } }: OurGroup, content: Uint8Array): Task {
  let reached = group;
  return async () => {
    const plaintext = chat(content);
    reached = (await mls.seal(reached, plaintext)).group;
  };
}

async function opening({ founder, second }: OurGroup, content: Uint8Array): Promise<Task> {
  const plaintext = chat(content);
  const stock: Uint8Array[] = [];
  let sender = founder.group;
  while (stock.length < STOCK) {
    const sealed = await founder.mls.seal(sender, plaintext);
    sender = sealed.group;
    stock.push(sealed.message);
  }
  let opened = 0;
  let reached = second.group;
  return async () => {
    const isFirst = opened % STOCK === 0;
    const message = stock[opened++ % STOCK] as Uint8Array;
    const { group, outcome } = await second.mls.open(isFirst ? second.group : reached, message);
    if (outcome.kind !== "application") throw new Error(`Not opened: ${outcome.kind}`);
    reached = group;
    return decodeAppMessage(outcome.plaintext);
  };
}

function bareSealing(tsMls: BareTsMls, { founder }: BareGroup, content: Uint8Array): Task {
  let reached = founder;
  return async () => {
    reached = (await tsMls.seal(reached, content)).state;
  };
}

async function bareOpening(
  tsMls: BareTsMls,
  { founder, second }: BareGroup,
  content: Uint8Array,
): Promise<Task> {
  const stock: Uint8Array[] = [];
  let sender = founder;
  while (stock.length < STOCK) {
    const sealed = await tsMls.seal(sender, content);
    sender = sealed.state;
    stock.push(sealed.message);
  }
  let opened = 0;
  let reached = second;
  return async () => {
    const isFirst = opened % STOCK === 0;
    const message = stock[opened++ % STOCK] as Uint8Array;
    reached = await tsMls.open(isFirst ? second : reached, message);
  };
}
