/** Where what once went wrong is kept. */
export const REGRESSIONS = new URL("regressions/", import.meta.url);
