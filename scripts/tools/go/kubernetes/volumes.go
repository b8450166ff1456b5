package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const provisionerName = "valkey-operator.dev/local-volumes"

// newVolumeProvisionerCommand makes volumes for the default StorageClass out of folders of this
// node. They are "local" volumes, not hostPath, because only those honour a pod's fsGroup.
func newVolumeProvisionerCommand() *cobra.Command {
	var kubeconfig, folder string
	command := &cobra.Command{
		Use:  "volume-provisioner",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			if err := growVolumes(command.Context(), client); err != nil {
				return err
			}
			controller.NewProvisionController(command.Context(), client, provisionerName, folders{folder},
				controller.LeaderElection(false)).Run(command.Context())
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&folder, "folder", "", "where the volumes' folders are made")
	return command
}

// folders makes one folder a volume, below its root.
type folders struct{ root string }

func (f folders) path(volume string) string { return filepath.Join(f.root, volume) }

func (f folders) Provision(_ context.Context, wanted controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	if wanted.SelectedNodeName == "" {
		return nil, controller.ProvisioningFinished, fmt.Errorf("no node was selected: the class needs volumeBindingMode WaitForFirstConsumer")
	}
	path := f.path(wanted.PVName)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	onThisNode := v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{{
		Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{wanted.SelectedNodeName},
	}}}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: wanted.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *wanted.StorageClass.ReclaimPolicy,
			AccessModes:                   wanted.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: wanted.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity:                  &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{onThisNode}}},
		},
	}, controller.ProvisioningFinished, nil
}

func (f folders) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	return os.RemoveAll(f.path(volume.Name))
}

// growVolumes grants every request for a larger volume: a folder has no size of its own.
func growVolumes(ctx context.Context, client kubernetes.Interface) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	claims := factory.Core().V1().PersistentVolumeClaims().Informer()
	grant := func(object any) {
		claim := object.(*v1.PersistentVolumeClaim)
		wanted, now := claim.Spec.Resources.Requests[v1.ResourceStorage], claim.Status.Capacity[v1.ResourceStorage]
		if claim.Status.Phase != v1.ClaimBound || wanted.Cmp(now) <= 0 {
			return
		}
		if err := grow(ctx, client, claim); err != nil {
			klog.FromContext(ctx).Error(err, "Growing a volume failed", "claim", klog.KObj(claim))
		}
	}
	_, err := claims.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    grant,
		UpdateFunc: func(_, after any) { grant(after) },
	})
	factory.Start(ctx.Done())
	return err
}

func grow(ctx context.Context, client kubernetes.Interface, claim *v1.PersistentVolumeClaim) error {
	wanted := claim.Spec.Resources.Requests[v1.ResourceStorage]
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		volume, err := client.CoreV1().PersistentVolumes().Get(ctx, claim.Spec.VolumeName, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if volume.Spec.StorageClassName == "" || volume.Spec.Local == nil {
			return nil
		}
		volume.Spec.Capacity[v1.ResourceStorage] = wanted
		if _, err := client.CoreV1().PersistentVolumes().Update(ctx, volume, metav1.UpdateOptions{}); err != nil {
			return err
		}
		current, err := client.CoreV1().PersistentVolumeClaims(claim.Namespace).Get(ctx, claim.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		current.Status.Capacity[v1.ResourceStorage] = wanted
		current.Status.Conditions = nil
		_, err = client.CoreV1().PersistentVolumeClaims(claim.Namespace).UpdateStatus(ctx, current, metav1.UpdateOptions{})
		return err
	})
}
