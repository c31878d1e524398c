/** Help on the options of `demls chat`. */
export const CHAT_USAGE = `Options of chat:
  demls chat NAME --create            begin a conversation of this name
  demls chat NAME --dial MULTIADDR    ask to be let into one, by the address that a member was shown
  --dial MULTIADDR    keep a connection to this address; may be given several times
  --listen MULTIADDR  where others may connect; may be given several times. Without it, as
                      /ip4/127.0.0.1/tcp/0: a free port that only this machine reaches. For others
                      /ip4/0.0.0.0/tcp/4001: everyone who reaches this machine's port 4001 may connect
  --mdns              find others on the local network, and be found: tells it that this runs here
  --identity FILE     whose keys are used; made where there is none (default
                      $XDG_CONFIG_HOME/demls/identity.json, or in ~/.config). Two users on one machine
                      need two files
  --key FILE          a key of one's own, 64 hex digits in a file; or in the variable DEMLS_KEY
  --name NAME         what others see beside the beginning of your address; nobody checks it
  --framing FRAMING   plain, or waku: as Waku relays carry it; the same for all (default plain)
  --mode MODE         of a conversation that is created: strict, or de-mls-3 where members that run
                      the Rust crate may join (default strict)
  --set NAME=VALUE    a setting of the conversation, such as votingDelayMs=2000; may be given several
                      times. The README of @demls/cli lists them
  --patience SECONDS  how long to wait to be let in (default 600)
  --json              a JSON object a line, for scripts

It exits with 0 when you have left, with 1 when you were put out or not let in, with 2 when an option is
wrong or cannot be had, and with 130 (Ctrl-C) or 143 (SIGTERM) when it was told twice to end.`;
