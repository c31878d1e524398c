import { DemlsError } from "@demls/wire/core";
import { describe, expect, it } from "vitest";

import { loadVectors } from "../../../vectors/load.js";
import {
  computeListSize,
  createDeterministicStewardList,
  generateStewardList,
  isListExhausted,
  isValidListSize,
  liveStewardFrom,
  stewardListConfig,
  validateStewardList,
  type StewardList,
  type StewardListInputs,
  type StewardState,
} from "../src/index.js";
import { everyone, recordedBytes, recordedId } from "./fixtures.js";

const deterministicStewardList = createDeterministicStewardList();

interface RecordedInputs {
  readonly name: string;
  readonly conversation_id: string;
  readonly epoch: string;
  readonly retry_round: number;
  readonly members: readonly string[];
  readonly sn: number;
  readonly sn_min: number;
  readonly sn_max: number;
}

interface RecordedList extends RecordedInputs {
  readonly list: readonly string[];
  readonly validate_same: boolean;
  readonly validate_swapped: boolean;
  readonly validate_other_retry: boolean;
  readonly epochs: readonly {
    readonly epoch: string;
    readonly exhausted: boolean;
    readonly epoch_steward: string | null;
    readonly backup: string | null;
    readonly live_without_first: { readonly epoch_steward: string | null; readonly backup: string | null };
  }[];
}

interface RecordedRefusal extends RecordedInputs {
  readonly error: string;
}

const vectors = loadVectors<{
  readonly lists: readonly (RecordedList | RecordedRefusal)[];
  readonly sizes: readonly {
    readonly sn_min: number;
    readonly sn_max: number;
    readonly total: number;
    readonly compute_list_size: number;
    readonly valid_sizes: readonly number[];
  }[];
  readonly bad_configs: readonly {
    readonly sn_min: number;
    readonly sn_max: number;
    readonly error: string;
  }[];
  readonly rule: string;
  readonly source: string;
}>("04_stewards.json");

const lists = vectors.lists.filter((recorded) => "list" in recorded);
const refusals = vectors.lists.filter((recorded) => "error" in recorded);

function inputsOf(recorded: RecordedInputs): StewardListInputs {
  return {
    electionEpoch: BigInt(recorded.epoch),
    retryRound: recorded.retry_round,
    conversationId: new TextDecoder().decode(recordedBytes(recorded.conversation_id)),
    candidates: recorded.members.map(recordedId),
    config: stewardListConfig({ snMin: recorded.sn_min, snMax: recorded.sn_max }),
  };
}

/** State of the plug-in after it has installed the list. */
function installed(recorded: RecordedList): StewardState & { readonly list: StewardList } {
  const { conversationId, config, candidates, electionEpoch, retryRound } = inputsOf(recorded);
  const empty = deterministicStewardList.create(conversationId, config, 1);
  const { state } = deterministicStewardList.installList(
    empty,
    electionEpoch,
    candidates,
    recorded.sn,
    retryRound,
  );
  if (state.list === undefined) throw new Error("Nothing was installed.");
  return { ...state, list: state.list };
}

function swappedEnds<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...items.slice(-1), ...items.slice(1, -1), ...items.slice(0, 1)];
}

const refusalCodes: Readonly<Record<string, string>> = {
  "EmptyMembersList: Empty members list": "no-steward-candidates",
  "InvalidConfigSize: Invalid config size": "invalid-steward-list-size",
};

describe("recorded steward lists", () => {
  it("are 16 lists over 211 epochs and 4 rejections of de-mls 3.0.0, by the rule implemented here", () => {
    expect(lists).toHaveLength(16);
    expect(lists.flatMap(({ epochs }) => epochs)).toHaveLength(211);
    expect(refusals).toHaveLength(4);
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.rule).toBe(
      "ascending sha256(u64be epoch || u32be retry_round || member_id || conversation_id), stable sort, first sn",
    );
  });

  it.each(lists)("are in the recorded order: $name", (recorded) => {
    expect(generateStewardList(inputsOf(recorded), recorded.sn)).toEqual({
      members: recorded.list.map(recordedId),
      electionEpoch: BigInt(recorded.epoch),
      retryRound: recorded.retry_round,
    });
  });

  it.each(lists)("are distinguished from others as recorded: $name", (recorded) => {
    const inputs = inputsOf(recorded);
    const proposed = recorded.list.map(recordedId);
    const otherRound = { ...inputs, retryRound: (inputs.retryRound + 1) % 2 ** 32 };
    expect(validateStewardList(proposed, inputs)).toBe(recorded.validate_same);
    expect(validateStewardList(swappedEnds(proposed), inputs)).toBe(recorded.validate_swapped);
    expect(validateStewardList(proposed, otherRound)).toBe(recorded.validate_other_retry);
  });

  it.each(lists)("rotate as recorded: $name", (recorded) => {
    const state = installed(recorded);
    const first = state.list.members[0];
    const asRecorded = recorded.epochs.map(({ epoch: recordedEpoch }) => {
      const epoch = BigInt(recordedEpoch);
      const live = deterministicStewardList.epochAndBackup(state, epoch, (id) => id !== first);
      return {
        epoch: recordedEpoch,
        exhausted: isListExhausted(state.list, epoch),
        epoch_steward: liveStewardFrom(state.list, epoch, 0, everyone) ?? null,
        backup: liveStewardFrom(state.list, epoch, 1, everyone) ?? null,
        live_without_first: { epoch_steward: live.epochSteward ?? null, backup: live.backup ?? null },
      };
    });
    expect(asRecorded).toEqual(recorded.epochs);
  });

  it.each(refusals)("are rejected as recorded: $name", (recorded) => {
    const inputs = inputsOf(recorded);
    expect(() => generateStewardList(inputs, recorded.sn)).toThrow(
      expect.objectContaining({ code: refusalCodes[recorded.error] }),
    );
    expect(validateStewardList(inputs.candidates.slice(0, recorded.sn), inputs)).toBe(false);
  });
});

describe("recorded list sizes", () => {
  it("are 63", () => expect(vectors.sizes).toHaveLength(63));

  it.each(vectors.sizes)("hold for $total members between $sn_min and $sn_max", (recorded) => {
    const config = stewardListConfig({ snMin: recorded.sn_min, snMax: recorded.sn_max });
    const tried = Array.from({ length: recorded.total + recorded.sn_max + 2 }, (_, size) => size);
    expect(computeListSize(config, recorded.total)).toBe(recorded.compute_list_size);
    expect(tried.filter((size) => isValidListSize(config, size, recorded.total))).toEqual(
      recorded.valid_sizes,
    );
  });
});

describe("recorded bad configurations", () => {
  it("are 3", () => expect(vectors.bad_configs).toHaveLength(3));

  it.each(vectors.bad_configs)("are rejected: $sn_min to $sn_max ($error)", ({ sn_min, sn_max }) => {
    expect(() => stewardListConfig({ snMin: sn_min, snMax: sn_max })).toThrow(DemlsError);
  });
});
