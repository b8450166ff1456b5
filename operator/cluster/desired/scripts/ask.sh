#!/bin/sh
# Asks this pod's server as the user who may only look; commands come from the standard input.
REDISCLI_AUTH=$(cat /etc/valkey/credentials/probe-password)
VALKEYCLI_AUTH=$REDISCLI_AUTH
export REDISCLI_AUTH VALKEYCLI_AUTH
if [ -e /etc/valkey/tls/tls.crt ]; then
  set -- "$@" --tls --cacert /etc/valkey/tls/ca.crt --cert /etc/valkey/tls/tls.crt --key /etc/valkey/tls/tls.key
fi
exec timeout 4 valkey-cli "$@" --user valkey-probe --no-auth-warning
