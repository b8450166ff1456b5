#!/bin/sh
# Starts the server of this pod, once it is sure that its identity and its data are worth keeping.
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

# When the log was written to last, in seconds; nothing without one.
log_time() { stat -c %Y "$data"/appendonlydir/* 2>/dev/null | sort -n | tail -n 1; }

# When the snapshot was begun, as it says itself (the field "ctime", 32 bits); 0 where it does not.
snapshot_time() {
  field=$(head -c 256 "$data/dump.rdb" | od -An -v -tx1 | tr -d ' \n' |
    sed -n 's/.*6374696d65c2\(..\)\(..\)\(..\)\(..\).*/\4\3\2\1/p')
  echo $((0x${field:-0}))
}

# Which of the two has more in it: log, snapshot or nothing. Whatever was written after a snapshot was begun is in the
# log, unless there was no log by then. Servers load what their settings say, be it there or not.
newest_data() {
  if [ ! -s "$data/dump.rdb" ]; then
    if [ -n "$(log_time)" ]; then echo log; else echo nothing; fi
  elif [ -n "$(log_time)" ] && [ "$(log_time)" -ge "$(snapshot_time)" ]; then
    echo log
  else
    echo snapshot
  fi
}

# When that was written.
written() { if [ "$1" = log ]; then log_time; else snapshot_time; fi; }

# A server that was interrupted while it wrote nodes.conf would crash at each start. What it writes last is how it voted.
is_whole() {
  [ -z "$(tail -c 1 "$data/nodes.conf")" ] && grep -q '[ ,]myself[, ]' "$data/nodes.conf" &&
    tail -n 1 "$data/nodes.conf" | grep -q '^vars currentEpoch [0-9]* lastVoteEpoch [0-9]'
}

# The hosts of those who followed us: they would copy what we have, be it nothing.
replicas() {
  self=$(grep '[ ,]myself,master' "$data/nodes.conf" | cut -d ' ' -f 1)
  [ -z "$self" ] || sed -n "s/^[^ ]* [^,]*,\([^, ]*\)[^ ]* [^ ]*slave[^ ]* $self .*/\1/p" "$data/nodes.conf"
}

# Whether a replica has all that we have: it is one still, and was connected until after ours was written. It may have
# more, for a server writes its log some time after it has answered, and its snapshots seldom.
has_our_data() {
  said=$(printf 'INFO replication\nINFO persistence\n' | sh "$settings/ask.sh" -h "$1" 2>/dev/null | tr -d '\r')
  for fact in role:slave master_sync_in_progress:0 loading:0; do
    echo "$said" | grep -q "^$fact\$" || return 1
  done
  since=$(echo "$said" | sed -n 's/^master_link_down_since_seconds:\([0-9][0-9]*\)$/\1/p')
  [ -n "$since" ] && [ $(($(date +%s) - since + 1)) -ge "$(written "$newest")" ]
}

put_aside() {
  for file in "$@"; do [ ! -e "$data/$file" ] || mv "$data/$file" "$data/$file.$reason"; done
}

rm -rf "$data"/*.outdated
newest=$(newest_data)
if [ -e "$data/nodes.conf" ]; then
  if ! is_whole; then
    reason=broken
    echo "start: nodes.conf is broken: this server joins as a new node" >&2
    put_aside nodes.conf
  elif [ "$newest" = nothing ] && [ -n "$(replicas)" ]; then
    reason=dataless
    echo "start: the data of a primary that had replicas is gone: this server joins as a new node" >&2
    put_aside nodes.conf
  else
    for host in $(replicas); do
      has_our_data "$host" || continue
      reason=outdated
      echo "start: $host has all that this primary had, and maybe more: this server joins as a new node" >&2
      put_aside nodes.conf dump.rdb appendonlydir
      newest=nothing
      break
    done
  fi
fi

network=plain
[ ! -e /etc/valkey/tls/tls.crt ] || network=tls
set -- "$settings/valkey.conf" --include "$settings/valkey-$network.conf"
for gated in 9.0 9.1; do
  if at_least "${gated%.*}" "${gated#*.}"; then set -- "$@" --include "$settings/valkey-$gated.conf"; fi
done
# The operator sets what is wanted as soon as the data is loaded.
case $newest in
  log) set -- "$@" --appendonly yes ;;
  snapshot) set -- "$@" --appendonly no ;;
esac
exec valkey-server "$@" \
  --cluster-announce-ip "$POD_IP" \
  --cluster-announce-hostname "$POD_HOST" \
  --cluster-announce-human-nodename "$POD_NAME"
