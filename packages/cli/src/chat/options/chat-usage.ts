/** Help text for the options of `demls chat`. */
export const CHAT_USAGE = `Options of chat:
  demls chat NAME --create            create a conversation of this name
  demls chat NAME --dial MULTIADDR    ask to join one, through the address of a member
  --dial MULTIADDR    keep a connection to this address; may be repeated
  --listen MULTIADDR  accept connections on this address; may be repeated (default
                      /ip4/127.0.0.1/tcp/0: a free port, reachable from this machine only).
                      /ip4/0.0.0.0/tcp/4001 opens port 4001 to every host that can reach this machine
  --mdns              find peers on the local network; this also announces your node there
  --identity FILE     file with your keys, created if missing (default
                      $XDG_CONFIG_HOME/demls/identity.json, or the same in ~/.config). Two users on
                      one machine need two files
  --key FILE          file with your own key, 64 hex digits; or set the variable DEMLS_KEY
  --name NAME         your display name, shown with the beginning of your address; not verified
  --framing FRAMING   plain, or waku for the format of Waku relays; all members need the same
                      (default plain)
  --mode MODE         mode of a created conversation: strict, or de-mls-3 to admit members that run
                      the Rust crate (default strict)
  --set NAME=VALUE    setting of the conversation, such as votingDelayMs=2000; may be repeated. The
                      README of @demls/cli lists the settings
  --patience SECONDS  join timeout (default 600)
  --json              write one JSON object per line, for scripts

The exit status is 0 after leaving, 1 after a removal, a failed join or a network failure, 2 for an
invalid option, and 130 (Ctrl-C) or 143 (SIGTERM) after a second signal.`;
