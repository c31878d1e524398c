/** Whether absences last their real time, in chats with their own settings: `npm run test:network -- --long`. */
export const IS_LONG = process.env["DEMLS_LONG"] === "1";

/** Factor by which absences are shortened otherwise. */
const SHORTENED = 30;

/** Minutes of an absence in milliseconds, shortened unless {@link IS_LONG}. */
export function minutesMs(minutes: number): number {
  return (minutes * 60_000) / (IS_LONG ? 1 : SHORTENED);
}
