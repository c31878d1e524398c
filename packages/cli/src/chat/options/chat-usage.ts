/** Help text for the options of `demls chat`. */
export const CHAT_USAGE = `Options of chat:
  demls chat                          list the conversations that are kept
  demls chat NAME                     go on with one of them
  demls chat NAME --create            create a conversation of this name, unless it is kept
  demls join INVITATION               join the conversation of an invitation, the line of /invite
  demls join                          the same; asks for the line, or reads it from standard input, so
                                      that others on this machine do not see it among the processes
  demls chat NAME --dial MULTIADDR    ask to join one, through the address of a member
  demls chat NAME --history           show its kept messages, without the network
  demls chat NAME --forget            delete all that is kept of one that you were removed from, or
                                      whose files are lost or damaged
  demls chat --change-passphrase      change the passphrase of a profile, or give it one
  --dial MULTIADDR    keep a connection to this address; may be repeated (default: as the last
                      time)
  --dial-private      dial the invitation's addresses of this machine and its network without asking
  --listen MULTIADDR  accept connections on this address; may be repeated (default
                      /ip4/127.0.0.1 on a port that stays the same, reachable from this machine
                      only). /ip4/0.0.0.0/tcp/4001 opens port 4001 to every host that can reach
                      this machine
  --mdns              find peers on the local network; this also announces your node there
  --profile NAME      your keys and conversations, in $XDG_DATA_HOME/demls/NAME, or the same in
                      ~/.local/share (default "default"). Two users on one machine need two profiles
  --passphrase-file FILE  file whose first line is the passphrase of the profile; or set the
                      variable DEMLS_PASSPHRASE. A terminal asks for it
  --new-passphrase-file FILE  the same for the new one of --change-passphrase
  --ephemeral         keep nothing, with a new key, and leave at the end
  --identity FILE     file with your key, created if missing, in place of the profile's
  --key FILE          file with your own key, 64 hex digits; or set the variable DEMLS_KEY
  --name NAME         your display name, shown with the beginning of your address; not verified
  --framing FRAMING   plain, or waku for the format of Waku relays; all members need the same
                      (default plain)
  --mode MODE         mode of a created conversation: strict, or de-mls-3 to admit members that run
                      the Rust crate (default strict)
  --set NAME=VALUE    setting of the conversation, such as votingDelayMs=2000; may be repeated. The
                      README of @demls/cli lists the settings
  --patience SECONDS  join timeout (default 600)
  --open              let everyone in that knows the name, unless members vote no. It stays so for
                      this conversation. Otherwise you are asked about joiners that no member has
                      invited: /admit and /refuse
  --verbose           show elections, scores and epochs too
  --json              write one JSON object per line, for scripts

The exit status is 0 after leaving and after Ctrl-C, 1 after a removal, a failed join or a network
failure, 2 for an invalid option, and 130 (Ctrl-C) or 143 (SIGTERM) after a second signal.`;
