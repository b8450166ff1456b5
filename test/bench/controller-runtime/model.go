package main

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type ValkeyCluster struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              Spec   `json:"spec,omitempty"`
	Status            Status `json:"status,omitempty"`
}

type ValkeyClusterList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ValkeyCluster `json:"items"`
}

type Spec struct {
	Shards           int32             `json:"shards"`
	ReplicasPerShard int32             `json:"replicasPerShard"`
	Image            Image             `json:"image"`
	Config           map[string]string `json:"config,omitempty"`
	Auth             Auth              `json:"auth"`
	Persistence      Persistence       `json:"persistence"`
	Resources        Resources         `json:"resources"`
	PodLabels        map[string]string `json:"podLabels,omitempty"`
	PlanPolicy       string            `json:"planPolicy"`
	Paused           bool              `json:"paused"`
}

type Image struct {
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
	PullPolicy string `json:"pullPolicy"`
}

type Auth struct {
	PasswordSecret SecretKey `json:"passwordSecret"`
}

type SecretKey struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

type Persistence struct {
	Enabled          bool   `json:"enabled"`
	Size             string `json:"size"`
	StorageClassName string `json:"storageClassName"`
}

type Resources struct {
	Requests map[string]string `json:"requests,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`
}

type Status struct {
	Phase              string             `json:"phase"`
	ObservedGeneration int64              `json:"observedGeneration"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
	Shards             []Shard            `json:"shards,omitempty"`
	ReadyShards        string             `json:"readyShards"`
	Slots              string             `json:"slots"`
	Version            string             `json:"version"`
	Endpoint           string             `json:"endpoint"`
}

type Shard struct {
	Name     string `json:"name"`
	Slots    string `json:"slots"`
	Primary  Node   `json:"primary"`
	Replicas []Node `json:"replicas,omitempty"`
}

type Node struct {
	Pod    string `json:"pod"`
	NodeId string `json:"nodeId"`
}

// Every runtime.Object must have it; an informer that is only listened to never calls it.
func (it *ValkeyCluster) DeepCopyObject() runtime.Object     { return copied(it) }
func (it *ValkeyClusterList) DeepCopyObject() runtime.Object { return copied(it) }

func copied[T any](original *T) *T {
	text, err := json.Marshal(original)
	if err != nil {
		panic(err)
	}
	result := new(T)
	if err := json.Unmarshal(text, result); err != nil {
		panic(err)
	}
	return result
}
