"""Writes what is made from the models in common/crd: the CustomResourceDefinitions, alone and in the chart, and the
reference of every field."""

import json
import re
from pathlib import Path

from . import command, paths
from .console import Failure, Parser, run, say

_NOTE = "generated from common/crd by scripts/generate-crds: not to be edited"


def main() -> None:
    parser = Parser(prog="generate-crds", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where something would change")
    options = parser.parse_args()
    command.setup()
    texts = files(definitions())
    differing = [path for path, text in texts.items() if not path.exists() or path.read_text() != text]
    if options.check and differing:
        names = ", ".join(str(it.relative_to(paths.ROOT)) for it in differing)
        raise Failure(f"{names}: not as the models say; run scripts/generate-crds and commit what it changes")
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path])
        say(f"wrote {path.relative_to(paths.ROOT)}")


def definitions() -> list[dict]:
    command.output("cmake", "--preset", "dev", folder=paths.ROOT)
    command.output("cmake", "--build", "--preset", "dev", "--target", "print-crds", folder=paths.ROOT)
    return json.loads(command.output(paths.ROOT / "build/dev/print-crds"))


def files(crds: list[dict]) -> dict[Path, str]:
    """Each file's text."""
    alone = {
        paths.ROOT / "crds" / f"{it['spec']['names']['plural']}.yaml": f"# {_NOTE}\n{yaml(it)}" for it in crds
    }
    return alone | {
        paths.ROOT / "charts/valkey-operator/templates/crds.yaml": _template(crds),
        paths.ROOT / "docs/reference.md": "\n".join([f"<!-- {_NOTE} -->", "# Reference", *map(_reference, crds)]),
    }


def _template(crds: list[dict]) -> str:
    """As a template of the chart: unlike what is in a chart's crds/, it is upgraded with it; and it is kept when the
    chart is removed, for with it would go every cluster."""
    documents = []
    for crd in crds:
        marked = crd | {"metadata": crd["metadata"] | {"annotations": {"helm.sh/resource-policy": "keep"}}}
        documents.append(yaml(marked).replace("{{", '{{ "{{" }}'))
    return f"{{{{- /* {_NOTE} */}}}}\n{{{{- if .Values.crds.install }}}}\n" + "---\n".join(documents) + "{{- end }}\n"


# What people know from pods, and would lose the rest among.
_AS_IN_A_POD = ("spec.scheduling.affinity", "spec.scheduling.topologySpreadConstraints[]")
_PLAIN = re.compile(r"[A-Za-z_/<(][-A-Za-z0-9_./<>()' ]*")
_RESERVED = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}


def yaml(value, indent: str = "") -> str:
    """Block style, with texts quoted where any YAML reader might take them for something else."""
    if isinstance(value, dict) and value:
        return "".join(f"{indent}{_scalar(key)}:{_part(entry, indent)}" for key, entry in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{indent}-{_item(entry, indent)}" for entry in value)
    return f"{indent}{_scalar(value)}\n"


def _part(value, indent: str) -> str:
    if isinstance(value, (dict, list)) and value:
        return "\n" + yaml(value, indent + "  ")
    return f" {_scalar(value)}\n"


def _item(value, indent: str) -> str:
    if isinstance(value, dict) and value:
        return " " + yaml(value, indent + "  ").removeprefix(indent + "  ")
    return _part(value, indent)


def _scalar(value) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _RESERVED and value == value.strip():
        return value
    return json.dumps(value, ensure_ascii=False)


def _reference(crd: dict) -> str:
    version = crd["spec"]["versions"][0]
    schema = version["schema"]["openAPIV3Schema"]
    names = crd["spec"]["names"]
    lines = [f"\n## {names['kind']}\n", schema["description"], ""]
    lines += [f"`apiVersion: {crd['spec']['group']}/{version['name']}`, `kubectl get {names['shortNames'][0]}`."]
    for part in ("spec", "status"):
        described = schema["properties"][part]
        lines += [f"\n### {names['kind']} {part}\n", described["description"], "", "| field | type | default | meaning |"]
        lines += ["|---|---|---|---|", *_rows(described, f"{part}.")]
        lines += _rules(described, part)
    return "\n".join(lines) + "\n"


def _rows(schema: dict, prefix: str) -> list[str]:
    rows = []
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}" + ("[]" if field.get("type") == "array" else "")
        default = field.get("default", {})
        default = f"`{json.dumps(default)}`" if default != {} and field.get("properties") is None else ""
        known = ["As in a pod."] if path in _AS_IN_A_POD else []
        meaning = " ".join([field["description"], *known, *_bounds(field, name in schema.get("required", []))])
        rows.append("| " + " | ".join([f"`{path}`", _type(field), default, meaning.replace("|", r"\|")]) + " |")
        rows += [] if path in _AS_IN_A_POD else _rows(field.get("items", field), f"{path}.")
    return rows


def _type(field: dict) -> str:
    if field.get("x-kubernetes-int-or-string"):
        return "text or number"
    if "enum" in field:
        return " \\| ".join(f"`{it}`" for it in field["enum"])
    if field["type"] == "array":
        return f"list of {_type(field['items'])}" if field["items"].get("type") != "object" else "list"
    if "additionalProperties" in field:
        return f"map of {_type(field['additionalProperties'])}"
    return {"string": "text", "boolean": "yes or no", "integer": "number"}.get(field["type"], field["type"])


def _bounds(field: dict, required: bool) -> list[str]:
    said = ["Required."] if required else []
    for least, most, unit in (("minimum", "maximum", ""), ("minItems", "maxItems", " items"),
                              ("minProperties", "maxProperties", " entries")):  # fmt: skip
        if least in field and most in field:
            said.append(f"{field[least]} to {field[most]}{unit}.")
        elif most in field:
            said.append(f"At most {field[most]}{unit}.")
        elif least in field:
            said.append(f"At least {field[least]}{unit}.")
    return said


def _rules(schema: dict, path: str) -> list[str]:
    """Every rule below, each with where it holds."""
    found = [f"- `{path}{rule.get('fieldPath', '')}`: {rule['message']}" for rule in schema.get("x-kubernetes-validations", [])]
    for name, field in schema.get("properties", {}).items():
        inner, suffix = (field["items"], "[]") if field.get("type") == "array" else (field, "")
        found += _rules(inner, f"{path}.{name}{suffix}")
    return ["\nRules:\n", *found] if found and path in ("spec", "status") else found


if __name__ == "__main__":
    run("generate-crds", main)
