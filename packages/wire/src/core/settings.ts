import { DemlsError } from "./error.js";

/**
 * Merges `overrides` into `defaults`; `undefined` counts as left out.
 *
 * @param code - code of the error for a setting that is not in `defaults`, which is probably misspelt.
 * @throws DemlsError `code`, with the unknown setting as `field`.
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
    message: `The setting ${JSON.stringify(field)} does not exist.`,
    field,
    remedy: `Set any of ${known.join(", ")}, or nothing.`,
  });
}
