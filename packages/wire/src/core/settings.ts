import { DemlsError } from "./error.js";

/**
 * `defaults` with what `overrides` sets. A setting that is `undefined` is one that was left out.
 *
 * @param code of the error that refuses a setting which `defaults` do not have: a misspelt one would
 *   otherwise go without effect, and without a word.
 * @throws DemlsError `code`, its field the unknown setting.
 *
 * @example
 * ```ts
 * settingsWith({ snMin: 1, snMax: 2 }, { snMax: 5 }, "invalid-steward-list-config"); // { snMin: 1, snMax: 5 }
 * ```
 */
export function settingsWith<Settings extends object>(
  defaults: Settings,
  overrides: Partial<Settings>,
  code: string,
): Settings {
  const set = Object.entries(Object(overrides) as Partial<Settings>).filter(
    ([, value]) => value !== undefined,
  );
  for (const [field] of set) {
    if (!Object.hasOwn(defaults, field)) throw unknownSetting(code, field, Object.keys(defaults));
  }
  return { ...defaults, ...(Object.fromEntries(set) as Partial<Settings>) };
}

function unknownSetting(code: string, field: string, known: readonly string[]): DemlsError {
  return new DemlsError(code, {
    message: `There is no setting ${JSON.stringify(field)}.`,
    field,
    remedy: `Set any of ${known.join(", ")}, or nothing.`,
  });
}
