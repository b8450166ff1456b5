#!/bin/sh
# Before this pod ends: gives the operator time to hand a primary's slots to a replica. What it does not do, the server
# does itself where it can.
here=$(dirname "$0")
attempts=50

is_primary_of_replicas() {
  said=$(echo 'INFO replication' | sh "$here/ask.sh" 2>/dev/null)
  case $said in
    *role:master*connected_slaves:0*) return 1 ;;
    *role:master*) return 0 ;;
  esac
  return 1
}

while [ $attempts -gt 0 ] && is_primary_of_replicas; do
  attempts=$((attempts - 1))
  sleep 0.2
done
