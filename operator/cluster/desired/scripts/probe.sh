#!/bin/sh
# probe.sh live: the server answers, be it that it loads, is busy, or wants another password.
# probe.sh ready: it is part of a cluster and serves; a replica has its primary's data.
here=$(dirname "$0")

refuse() {
  echo "$1"
  exit 1
}

case $1 in
  live)
    [ -n "$(echo PING | sh "$here/ask.sh" 2>/dev/null)" ] || refuse "no answer"
    ;;
  ready)
    said=$(printf 'PING\nINFO replication\nCLUSTER INFO\n' | sh "$here/ask.sh" 2>&1)
    case $said in
      *PONG*) ;;
      *) refuse "$(echo "$said" | head -n 1)" ;;
    esac
    case $said in
      *cluster_slots_assigned:0*) refuse "not part of a cluster yet" ;;
      *master_link_status:down*) refuse "not in sync with its primary" ;;
    esac
    ;;
esac
