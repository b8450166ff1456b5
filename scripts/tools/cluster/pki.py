"""The cluster's certificate authorities, its certificates, and a kubeconfig for each component.

One authority signs everything. The other is there so that the API server can change to it: whoever talks to the API
server trusts both from the beginning, as in a cluster whose authority is about to be replaced.
"""

import base64
from pathlib import Path

from .. import command
from .layout import API_SERVICE, NODE, NODE_ADDRESS, SERVER

_API_SERVER_NAMES = [
    *(f"DNS:kubernetes{it}" for it in ("", ".default", ".default.svc", ".default.svc.cluster.local")),
    "DNS:localhost",
    "IP:127.0.0.1",
    f"IP:{NODE_ADDRESS}",
    f"IP:{API_SERVICE}",
]

_AUTHORITIES = ("ca", "next-ca")

_CLIENTS = {
    "admin": "/O=system:masters/CN=admin",
    "kubelet": f"/O=system:nodes/CN=system:node:{NODE}",
    "kube-controller-manager": "/CN=system:kube-controller-manager",
    "kube-scheduler": "/CN=system:kube-scheduler",
    "kube-proxy": "/CN=system:kube-proxy",
    "coredns": "/O=system:masters/CN=coredns",
    "volume-provisioner": "/O=system:masters/CN=volume-provisioner",
    "cert-manager": "/O=system:masters/CN=cert-manager",
}


def ensure(folder: Path) -> None:
    """Makes what a cluster needs to trust itself; nothing where it is there already."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for authority in _AUTHORITIES:
        _openssl(folder, f"ecparam -name prime256v1 -genkey -noout -out {authority}.key")
        _openssl(folder, f"req -x509 -new -key {authority}.key -subj /CN=local-cluster-{authority} -days 3650 -out {authority}.crt")
    bundle = "".join((folder / f"{it}.crt").read_text() for it in _AUTHORITIES)
    (folder / "server-authorities.crt").write_text(bundle)
    _openssl(folder, "genrsa -out service-accounts.key 2048")
    _openssl(folder, "rsa -in service-accounts.key -pubout -out service-accounts.pub")
    _certificate(folder, "kube-apiserver", "/CN=kube-apiserver", _API_SERVER_NAMES)
    for name, subject in _CLIENTS.items():
        names = [f"DNS:{NODE}", f"IP:{NODE_ADDRESS}"] if name == "kubelet" else []
        _certificate(folder, name, subject, names)
        _kubeconfig(folder, name)
    (folder / "complete").touch()


def rotate(folder: Path) -> None:
    """Replaces the API server's certificate by one of the authority that did not sign it."""
    issuer = command.output("openssl", "x509", "-noout", "-issuer", "-in", "kube-apiserver.crt", folder=folder)
    other = next(it for it in _AUTHORITIES if not issuer.strip().endswith(f"local-cluster-{it}"))
    _certificate(folder, "kube-apiserver", "/CN=kube-apiserver", _API_SERVER_NAMES, other)


def kubeconfig(folder: Path, client: str) -> Path:
    return folder / f"{client}.kubeconfig"


def _openssl(folder: Path, arguments: str) -> None:
    command.output("openssl", *arguments.split(), folder=folder)


def _certificate(folder: Path, name: str, subject: str, alternative_names: list[str], authority: str = "ca") -> None:
    extensions = ["extendedKeyUsage=serverAuth,clientAuth"]
    if alternative_names:
        extensions.append("subjectAltName=" + ",".join(alternative_names))
    (folder / "extensions").write_text("\n".join(extensions))
    _openssl(folder, f"ecparam -name prime256v1 -genkey -noout -out {name}.key")
    _openssl(folder, f"req -new -key {name}.key -subj {subject} -out request")
    _openssl(
        folder,
        f"x509 -req -in request -CA {authority}.crt -CAkey {authority}.key -CAcreateserial -days 3650 "
        f"-extfile extensions -out {name}.crt",
    )


def _kubeconfig(folder: Path, name: str) -> None:
    def inline(file: str) -> str:
        return base64.b64encode((folder / file).read_bytes()).decode()

    path = kubeconfig(folder, name)
    path.touch(mode=0o600)
    path.write_text(
        f"""apiVersion: v1
kind: Config
clusters:
- name: local
  cluster: {{server: "{SERVER}", certificate-authority-data: {inline("server-authorities.crt")}}}
users:
- name: {name}
  user: {{client-certificate-data: {inline(name + ".crt")}, client-key-data: {inline(name + ".key")}}}
contexts:
- name: local
  context: {{cluster: local, user: {name}}}
current-context: local
"""
    )
