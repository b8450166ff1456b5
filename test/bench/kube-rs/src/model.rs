use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::CustomResource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(CustomResource, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "bench.valkey-operator.dev",
    version = "v1alpha1",
    kind = "ValkeyCluster",
    namespaced,
    status = "Status",
    schema = "disabled"
)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub struct Spec {
    pub shards: i32,
    pub replicas_per_shard: i32,
    pub image: Image,
    pub config: BTreeMap<String, String>,
    pub auth: Auth,
    pub persistence: Persistence,
    pub resources: Resources,
    pub pod_labels: BTreeMap<String, String>,
    pub plan_policy: String,
    pub paused: bool,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Image {
    pub repository: String,
    pub tag: String,
    pub pull_policy: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Auth {
    pub password_secret: SecretKey,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretKey {
    pub name: String,
    pub key: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Persistence {
    pub enabled: bool,
    pub size: String,
    pub storage_class_name: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resources {
    pub requests: BTreeMap<String, String>,
    pub limits: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    pub phase: String,
    pub observed_generation: i64,
    pub conditions: Vec<Condition>,
    pub shards: Vec<Shard>,
    pub ready_shards: String,
    pub slots: String,
    pub version: String,
    pub endpoint: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shard {
    pub name: String,
    pub slots: String,
    pub primary: Node,
    pub replicas: Vec<Node>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    pub pod: String,
    pub node_id: String,
}
