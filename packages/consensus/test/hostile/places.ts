/** Folder of recorded regressions. */
export const REGRESSIONS = new URL("regressions/", import.meta.url);
