"""Names, addresses and paths inside a cluster, the same in all of them: each has namespaces of its own."""

from pathlib import Path

NODE = "node-1"
NODE_ADDRESS = "192.0.2.2"
"""From TEST-NET-1 (RFC 5737): an address that is nobody's."""

GATEWAY = "192.0.2.1"
SERVER = f"https://{NODE_ADDRESS}:6443"
PODS = "10.244.0.0/16"
SERVICES = "10.96.0.0/16"
API_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
SANDBOX_IMAGE = "localhost/pause:dev"

STATE = Path("/mnt/state")
"""What the cluster keeps, as seen from inside."""

BIN = Path("/mnt/bin")
PKI = STATE / "pki"
CONFIG = STATE / "config"

RESOLV_CONF = "config/resolv.conf"
"""Below the state: for programs on the cluster's network, names as a pod outside every namespace sees them."""

KUBECTL_CACHE = "kubectl-cache"
"""Below the state: which kinds there are. Clusters share an address, by which kubectl would otherwise mix them up."""

AUDIT_LOG = "log/audit.jsonl"
"""Below the state: one line of JSON a request, without bodies."""
