import { readFileSync, writeFileSync } from "node:fs";
import { toJson } from "../../../src/index.js";
import { SLICES, type SliceName } from "../../../src/model/state.js";
import type { Field, GroupCodec } from "../../../src/model/slice.js";
import { decodeRecord, encodeRecord } from "../../../src/storage/plain-data.js";
import { createScene } from "../../harness/index.js";
import {
  createArchive,
  fromBase64,
  recordOf,
  storageAt,
  textOf,
  type RecordedMoment,
  type TextRecord,
} from "./archive.js";
import { layoutOf, linesOf, typesOf, type Layout, type PlacedRecord } from "./layout.js";
import { LIVES } from "./lives.js";
import type { SourceLayout } from "./source-layout.js";

/** Stored values of one format, written by the build that recorded them. */
export interface Fixture {
  /** Stores of lives, each with what a user shows that is opened on it. */
  readonly stores: readonly (RecordedMoment & { readonly view: unknown })[];
  /** Further records of lives. */
  readonly records: readonly TextRecord[];
  /** Made-up records of what happens in no life, such as the event of a rare fault. */
  readonly rare: readonly TextRecord[];
}

const fileOf = (format: number, extension: string): URL =>
  new URL(`stores/format-${format}.${extension}`, import.meta.url);

export function readFixture(format: number): Fixture {
  return JSON.parse(readFileSync(fileOf(format, "json"), "utf8")) as Fixture;
}

/** Lines of the layout's text. */
export function readLayout(format: number): readonly string[] {
  return readFileSync(fileOf(format, "txt"), "utf8").trimEnd().split("\n");
}

/** Records the values and the layout of the current format. */
export async function recordFixture(format: number, source: SourceLayout): Promise<void> {
  const archive = createArchive();
  for (const live of LIVES) await live(archive);
  const { stores, records } = archive.remains();
  const views = [];
  for (const store of stores) views.push({ ...store, view: await viewOf(store) });
  const lived = layoutOf([...stores.flatMap((store) => store.records), ...records].map(recordOf));
  const fixture: Fixture = { stores: views, records, rare: rareRecords(lived, source) };
  const parts = Object.entries(fixture).map(([name, values]) => {
    const lines = (values as readonly unknown[]).map((value) => JSON.stringify(value));
    return `"${name}":[\n${lines.join(",\n")}\n]`;
  });
  writeFileSync(fileOf(format, "json"), `{${parts.join(",")}}\n`);
  writeFileSync(fileOf(format, "txt"), `${linesOf(layoutOf(allRecords(fixture))).join("\n")}\n`);
}

/** Samples with the types of the source that no life has stored. */
function rareRecords(lived: Layout, { layout, samples }: SourceLayout): readonly TextRecord[] {
  const missing = new Set(typesOf(layout));
  for (const type of typesOf(lived)) missing.delete(type);
  const rare: TextRecord[] = [];
  for (const [kind, values] of samples)
    for (const value of values) {
      const [namespace = "", key = ""] = kind.split(" ");
      const record = { namespace, key, value: encodeRecord(value) };
      const types = typesOf(layoutOf([record]));
      if (!types.some((type) => missing.has(type))) continue;
      for (const type of types) missing.delete(type);
      rare.push(textOf(record));
    }
  return rare;
}

/** All records of a fixture. */
export function allRecords({ stores, records, rare }: Fixture): readonly PlacedRecord[] {
  return [...stores.flatMap((store) => store.records), ...records, ...rare].map(recordOf);
}

/** What a user shows that is opened on a store: its conversations, events and histories. */
export async function viewOf(moment: RecordedMoment): Promise<unknown> {
  const scene = createScene({ seed: "layout", fakes: true, wallMs: moment.wallMs });
  const person = await scene.enter(moment.user, storageAt(moment), {
    history: "all",
    voteKey: fromBase64(moment.voteKey),
  });
  const conversations = [...person.user.conversations].map(([name, { state }]) => [name, toJson(state)]);
  await scene.settle();
  const histories = await person.user.histories();
  const messages = await Promise.all(histories.map((history) => history.messages()));
  const view = {
    conversations,
    events: person.events.map((event) => toJson(event)),
    messages: messages.map(toJson),
  };
  await scene.close();
  return JSON.parse(JSON.stringify(view)) as unknown;
}

/** Groups of made-up records are no groups: their bytes pass. */
const codec = {
  encodeGroup: (group: unknown) => group,
  decodeGroup: (bytes: unknown) => bytes,
} as GroupCodec;

/** A record of a life or a made-up one, read and written again. */
export function rewritten(record: TextRecord): TextRecord {
  const { namespace, key, value } = recordOf(record);
  const [prefix = ""] = key.split("/");
  const [slice = "", field = ""] = prefix.split(".");
  const fields = SLICES[slice as SliceName] as Readonly<Record<string, Field<unknown>>> | undefined;
  const collection = fields?.[field]?.collection;
  const content = decodeRecord(value);
  if (collection === undefined) return textOf({ namespace, key, value: encodeRecord(content) });
  const [entry] = collection.entries(collection.restore([content], codec));
  return textOf({ namespace, key, value: encodeRecord(entry?.plain(codec)) });
}
