/** Formats the time of a message. */
export type TimeText = (wallMs: number) => string;

/**
 * Formats times of today as `14:05`, and of other days as `2026-11-22 14:05`.
 *
 * @param nowMs the wall clock.
 * @param timeZone an IANA time zone; the machine's if undefined.
 */
export function createTimeText(nowMs: () => number, timeZone: string | undefined): TimeText {
  // The Swedish format is ISO 8601 with a blank for the T.
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (wallMs) => {
    const [today] = format.format(nowMs()).split(" ");
    const shown = format.format(wallMs);
    const [day, time = ""] = shown.split(" ");
    return day === today ? time : shown;
  };
}
