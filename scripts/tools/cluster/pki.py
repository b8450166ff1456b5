"""The cluster's certificate authority, its certificates, and a kubeconfig for each component."""

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
    _openssl(folder, "ecparam -name prime256v1 -genkey -noout -out ca.key")
    _openssl(folder, "req -x509 -new -key ca.key -subj /CN=local-cluster -days 3650 -out ca.crt")
    _openssl(folder, "genrsa -out service-accounts.key 2048")
    _openssl(folder, "rsa -in service-accounts.key -pubout -out service-accounts.pub")
    _certificate(folder, "kube-apiserver", "/CN=kube-apiserver", _API_SERVER_NAMES)
    for name, subject in _CLIENTS.items():
        names = [f"DNS:{NODE}", f"IP:{NODE_ADDRESS}"] if name == "kubelet" else []
        _certificate(folder, name, subject, names)
        _kubeconfig(folder, name)
    (folder / "complete").touch()


def kubeconfig(folder: Path, client: str) -> Path:
    return folder / f"{client}.kubeconfig"


def _openssl(folder: Path, arguments: str) -> None:
    command.output("openssl", *arguments.split(), folder=folder)


def _certificate(folder: Path, name: str, subject: str, alternative_names: list[str]) -> None:
    extensions = ["extendedKeyUsage=serverAuth,clientAuth"]
    if alternative_names:
        extensions.append("subjectAltName=" + ",".join(alternative_names))
    (folder / "extensions").write_text("\n".join(extensions))
    _openssl(folder, f"ecparam -name prime256v1 -genkey -noout -out {name}.key")
    _openssl(folder, f"req -new -key {name}.key -subj {subject} -out request")
    _openssl(
        folder,
        f"x509 -req -in request -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 "
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
  cluster: {{server: "{SERVER}", certificate-authority-data: {inline("ca.crt")}}}
users:
- name: {name}
  user: {{client-certificate-data: {inline(name + ".crt")}, client-key-data: {inline(name + ".key")}}}
contexts:
- name: local
  context: {{cluster: local, user: {name}}}
current-context: local
"""
    )
