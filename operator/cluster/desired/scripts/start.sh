#!/bin/sh
# Starts the server of this pod, once it is sure that its identity is worth keeping.
set -eu
settings=/etc/valkey/config
data=/data

# "9.1" of "Valkey server v=9.1.2 sha=…"
version=$(valkey-server --version | sed -n 's/.* v=\([0-9]*\.[0-9]*\).*/\1/p')
major=${version%%.*}
minor=${version#*.}

at_least() {
  [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -ge "$2" ]; }
}

has_data() {
  [ -s "$data/dump.rdb" ] || [ -n "$(ls "$data/appendonlydir" 2>/dev/null)" ]
}

# A server that was interrupted while it wrote nodes.conf would crash at each start. What it writes last is how it voted.
is_whole() {
  [ -z "$(tail -c 1 "$data/nodes.conf")" ] && grep -q '[ ,]myself[, ]' "$data/nodes.conf" &&
    tail -n 1 "$data/nodes.conf" | grep -q '^vars currentEpoch [0-9]* lastVoteEpoch [0-9]'
}

# Whether replicas followed us: they would copy our emptiness.
was_primary_of_replicas() {
  self=$(grep '[ ,]myself,master' "$data/nodes.conf" | cut -d ' ' -f 1)
  [ -n "$self" ] && cut -d ' ' -f 3,4 "$data/nodes.conf" | grep -q "slave.* $self\$"
}

put_aside() {
  echo "start: $1: this server joins as a new node" >&2
  mv "$data/nodes.conf" "$data/nodes.conf.$2"
}

if [ -e "$data/nodes.conf" ]; then
  if ! is_whole; then
    put_aside "nodes.conf is broken" broken
  elif ! has_data && was_primary_of_replicas; then
    put_aside "the data of a primary that had replicas is gone" dataless
  fi
fi

set -- "$settings/valkey.conf"
for gated in 9.0 9.1; do
  if at_least "${gated%.*}" "${gated#*.}"; then set -- "$@" --include "$settings/valkey-$gated.conf"; fi
done
exec valkey-server "$@" \
  --cluster-announce-ip "$POD_IP" \
  --cluster-announce-hostname "$POD_HOST" \
  --cluster-announce-human-nodename "$POD_NAME"
