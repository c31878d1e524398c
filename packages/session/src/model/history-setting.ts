import { DemlsError } from "@demls/wire/core";

/**
 * Rule by which chat is kept in the storage: none of it, all of it, that of the last `days`, which need not be whole, or
 * the last `count` messages.
 */
export type HistorySetting = "none" | "all" | { readonly days: number } | { readonly count: number };

/** One {@link HistorySetting} for all conversations, or a function of a conversation's name. */
export type HistoryOption = HistorySetting | ((conversation: string) => HistorySetting);

/** Returns the setting of a conversation. */
export type SettingOf = (conversation: string) => HistorySetting;

/** 100 years. */
const MAX_DAYS = 36_500;

/**
 * Checked function of the setting that an application has passed.
 *
 * @returns a function that throws the same errors for the results of the application's function.
 * @throws DemlsError `invalid-history-setting`; `missing-storage` for any setting but none without a storage.
 */
export function historySettings(option: HistoryOption, hasStorage: boolean): SettingOf {
  if (typeof option === "function") return (conversation) => checked(option(conversation), hasStorage);
  const setting = checked(option, hasStorage);
  return () => setting;
}

function checked(setting: HistorySetting, hasStorage: boolean): HistorySetting {
  if (!isSetting(setting)) throw invalidSetting();
  if (setting !== "none" && !hasStorage) throw missingStorage();
  return setting;
}

function isSetting(setting: unknown): boolean {
  if (setting === "none" || setting === "all") return true;
  if (typeof setting !== "object" || setting === null) return false;
  const [[kind, value] = [], ...rest] = Object.entries(setting as Record<string, unknown>);
  if (typeof value !== "number" || rest.length > 0) return false;
  if (kind === "days") return value > 0 && value <= MAX_DAYS;
  return kind === "count" && Number.isSafeInteger(value) && value > 0;
}

function invalidSetting(): DemlsError<"invalid-history-setting"> {
  return new DemlsError("invalid-history-setting", {
    message: "The setting of the history is unknown or out of range.",
    field: "history",
    remedy: `Pass "none", "all", { days } of at most ${MAX_DAYS}, or { count } of at least 1.`,
  });
}

function missingStorage(): DemlsError<"missing-storage"> {
  return new DemlsError("missing-storage", {
    message: "A history needs a storage.",
    field: "storage",
    remedy: "Pass a storage, or leave out `history`.",
  });
}
