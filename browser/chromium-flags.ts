/** Flags for root in a container, without a screen and without background network traffic. */
export const CHROMIUM_FLAGS: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Maps a host name to this machine whose pages are not in a secure context.
  "--host-resolver-rules=MAP garden.test 127.0.0.1",
];
