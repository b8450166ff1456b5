"""The programs of a cluster, in the order in which they start, and how one knows that each works."""

from dataclasses import dataclass
from pathlib import Path

from .layout import AUDIT_LOG, BIN, CONFIG, NODE, NODE_ADDRESS, PKI, PODS, SERVICES, STATE


@dataclass(frozen=True)
class Component:
    """One program: its arguments, the check that says it works (None: it runs), and what to try when it does not."""

    name: str
    arguments: tuple[str, ...]
    check: tuple[str, ...] | None = None
    hint: str = "scripts/local-cluster down, then up again"

    @property
    def program(self) -> Path:
        return BIN / self.name


def kubectl(*arguments: str) -> tuple[str, ...]:
    return (str(BIN / "kubectl"), f"--kubeconfig={PKI}/admin.kubeconfig", *arguments)


def _as_client(name: str) -> tuple[str, ...]:
    """Flags of a component that authenticates its callers with the API server's help."""
    flags = ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")
    return tuple(f"--{flag}={PKI}/{name}.kubeconfig" for flag in flags)

ETCD_URL = "http://127.0.0.1:2379"

ETCD = Component(
    "etcd",
    (
        f"--data-dir={STATE}/etcd",
        f"--listen-client-urls={ETCD_URL}",
        f"--advertise-client-urls={ETCD_URL}",
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380",
        "--initial-cluster=default=http://127.0.0.1:2380",
        "--unsafe-no-fsync",  # a cluster for tests outlives a killed process, and need not outlive a power cut
    ),
)

API_SERVER = Component(
    "kube-apiserver",
    (
        f"--etcd-servers={ETCD_URL}",
        "--secure-port=6443",
        f"--advertise-address={NODE_ADDRESS}",
        f"--tls-cert-file={PKI}/kube-apiserver.crt",
        f"--tls-private-key-file={PKI}/kube-apiserver.key",
        f"--client-ca-file={PKI}/ca.crt",
        f"--service-account-key-file={PKI}/service-accounts.pub",
        f"--service-account-signing-key-file={PKI}/service-accounts.key",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        f"--service-cluster-ip-range={SERVICES}",
        "--allow-privileged=true",
        "--kubelet-preferred-address-types=InternalIP",
        f"--kubelet-client-certificate={PKI}/admin.crt",
        f"--kubelet-client-key={PKI}/admin.key",
        f"--kubelet-certificate-authority={PKI}/ca.crt",
        f"--audit-policy-file={CONFIG}/audit.yaml",
        f"--audit-log-path={STATE}/{AUDIT_LOG}",
        "--audit-log-maxsize=500",
        "--audit-log-maxbackup=2",
    ),
    check=kubectl("get", "--raw", "/readyz"),
    hint="see also scripts/local-cluster logs etcd",
)

CONTAINERD = Component(
    "containerd",
    (f"--config={CONFIG}/containerd.toml",),
    check=(str(BIN / "ctr"), "version"),
    hint="it needs overlayfs, runc and writable cgroups",
)

CONTROLLER_MANAGER = Component(
    "kube-controller-manager",
    (
        *_as_client("kube-controller-manager"),
        f"--service-account-private-key-file={PKI}/service-accounts.key",
        f"--root-ca-file={PKI}/server-authorities.crt",
        f"--cluster-signing-cert-file={PKI}/ca.crt",
        f"--cluster-signing-key-file={PKI}/ca.key",
        "--use-service-account-credentials=true",
        "--allocate-node-cidrs=false",
        f"--cluster-cidr={PODS}",
        "--leader-elect=false",
        "--kube-api-qps=500",  # at the default of 20 its start takes 4 s longer
        "--kube-api-burst=1000",
    ),
    check=kubectl("get", "serviceaccount", "default"),  # no pod is admitted before it is there
)

SCHEDULER = Component("kube-scheduler", (*_as_client("kube-scheduler"), "--leader-elect=false"))

KUBELET = Component(
    "kubelet",
    (
        f"--config={CONFIG}/kubelet.yaml",
        f"--kubeconfig={PKI}/kubelet.kubeconfig",
        f"--hostname-override={NODE}",
        f"--node-ip={NODE_ADDRESS}",
    ),
    check=kubectl("wait", f"node/{NODE}", "--for=condition=Ready", "--timeout=0"),
    hint="it needs cgroups that this machine lets us write to",
)

KUBE_PROXY = Component(
    "kube-proxy",
    (
        f"--kubeconfig={PKI}/kube-proxy.kubeconfig",
        f"--hostname-override={NODE}",
        "--proxy-mode=nftables",
        f"--cluster-cidr={PODS}",
        "--nodeport-addresses=primary",
        "--conntrack-max-per-core=0",
        "--conntrack-min=0",
    ),
    check=("nft", "list", "table", "ip", "kube-proxy"),
    hint="it needs nftables in the kernel",
)

COREDNS = Component(
    "coredns",
    (f"-conf={CONFIG}/Corefile",),
    check=("bash", "-c", r"exec 3<>/dev/tcp/127.0.0.1/8181; printf 'GET /ready HTTP/1.0\r\n\r\n' >&3; grep -q '200 OK' <&3"),
)

VOLUME_PROVISIONER = Component(
    "volume-provisioner",
    (f"--kubeconfig={PKI}/volume-provisioner.kubeconfig", "--folder=/var/lib/volumes"),
)

_CERT_MANAGER = (f"--kubeconfig={PKI}/cert-manager.kubeconfig", "--leader-elect=false")
CERT_MANAGER_CONTROLLER = Component(
    "cert-manager-controller",
    (*_CERT_MANAGER, "--cluster-resource-namespace=cert-manager"),
)
CERT_MANAGER_CAINJECTOR = Component("cert-manager-cainjector", _CERT_MANAGER)

CONTROL_PLANE = (ETCD, API_SERVER)
CONTROLLERS = (CONTROLLER_MANAGER, SCHEDULER)
ALL = (
    *CONTROL_PLANE,
    CONTAINERD,
    *CONTROLLERS,
    KUBELET,
    KUBE_PROXY,
    COREDNS,
    VOLUME_PROVISIONER,
    CERT_MANAGER_CONTROLLER,
    CERT_MANAGER_CAINJECTOR,
)
