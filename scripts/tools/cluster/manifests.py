"""The objects that make a bare control plane a usable cluster."""

import json

from .layout import DNS_SERVICE, NODE_ADDRESS

_DNS_PORTS = [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]

_OBJECTS = [
    {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "local-cluster:kube-proxy"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:node-proxier"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "system:kube-proxy"}],
    },
    # CoreDNS runs beside the pods, not in one: its Service has no selector, and the endpoint is the node.
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kube-dns", "namespace": "kube-system"},
        "spec": {"clusterIP": DNS_SERVICE, "ports": _DNS_PORTS},
    },
    {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "kube-dns",
            "namespace": "kube-system",
            "labels": {"kubernetes.io/service-name": "kube-dns"},
        },
        "addressType": "IPv4",
        "ports": _DNS_PORTS,
        "endpoints": [{"addresses": [NODE_ADDRESS], "conditions": {"ready": True}}],
    },
    {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "local",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "valkey-operator.dev/local-volumes",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    },
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "cert-manager"}},
]


def text(cert_manager_crds: str) -> str:
    """All of them as one stream for kubectl."""
    return "\n---\n".join([*map(json.dumps, _OBJECTS), cert_manager_crds])
