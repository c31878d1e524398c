/** For root in a container, without a screen, and with no word to anyone outside. */
export const CHROMIUM_FLAGS: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page under this name is served from here, and in no secure context.
  "--host-resolver-rules=MAP garden.test 127.0.0.1",
];
