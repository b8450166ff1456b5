"""The files that the components read."""

from pathlib import Path

from .layout import CONFIG, DNS_SERVICE, NODE_ADDRESS, PKI, PODS, RESOLV_CONF, SANDBOX_IMAGE


def write(state: Path, cgroup: str) -> None:
    """Writes every configuration file, the same ones each time."""
    files = {
        "config/audit.yaml": _AUDIT,
        "config/containerd.toml": _CONTAINERD,
        "config/kubelet.yaml": _KUBELET.format(cgroup=cgroup),
        "config/cni/10-bridge.conflist": _NETWORK,
        "config/Corefile": _COREFILE,
        "config/node-resolv.conf": "nameserver 127.0.0.1\n",
        RESOLV_CONF: f"nameserver {DNS_SERVICE}\nsearch svc.cluster.local cluster.local\n",
    }
    for name, text in files.items():
        path = state / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


_AUDIT = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
"""

# A negative oom_score_adj is refused in many containers, and AppArmor may be missing.
_CONTAINERD = f"""version = 3
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '{SANDBOX_IMAGE}'
[plugins.'io.containerd.cri.v1.runtime']
disable_apparmor = true
restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['/usr/lib/cni']
conf_dir = '{CONFIG}/cni'
[plugins.'io.containerd.nri.v1.nri']
disable = true
"""

# The node's own name server is one that answers nobody: what is not of the cluster does not resolve.
_KUBELET = f"""apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {{{{enabled: false}}}}
  webhook: {{{{enabled: true}}}}
  x509: {{{{clientCAFile: {PKI}/ca.crt}}}}
authorization: {{{{mode: Webhook}}}}
cgroupDriver: cgroupfs
cgroupRoot: {{cgroup}}
failCgroupV1: false
failSwapOn: false
clusterDNS: [{DNS_SERVICE}]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
resolvConf: {CONFIG}/node-resolv.conf
tlsCertFile: {PKI}/kubelet.crt
tlsPrivateKeyFile: {PKI}/kubelet.key
maxPods: 250
evictionHard: {{{{nodefs.available: 1Gi, imagefs.available: 1Gi, memory.available: 200Mi}}}}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
volumePluginDir: /var/lib/kubelet/volume-plugins
enforceNodeAllocatable: []
nodeStatusUpdateFrequency: 5s
"""

_NETWORK = f"""{{
  "cniVersion": "1.0.0",
  "name": "pods",
  "plugins": [
    {{
      "type": "bridge",
      "bridge": "cni0",
      "isGateway": true,
      "ipMasq": true,
      "hairpinMode": true,
      "ipam": {{"type": "host-local", "ranges": [[{{"subnet": "{PODS}"}}]], "routes": [{{"dst": "0.0.0.0/0"}}]}}
    }},
    {{"type": "portmap", "capabilities": {{"portMappings": true}}}}
  ]
}}
"""

_COREFILE = f"""cluster.local:53 {{
  bind {NODE_ADDRESS}
  errors
  ready 127.0.0.1:8181
  kubernetes cluster.local in-addr.arpa {{
    kubeconfig {PKI}/coredns.kubeconfig local
    pods insecure
    ttl 5
  }}
  cache 5
}}
"""
