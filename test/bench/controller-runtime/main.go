// An informer of controller-runtime, as scripts/bench measures it.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"
)

var (
	listed, seen atomic.Int64
	first        time.Time
)

func count() {
	events := seen.Add(1)
	if events == 1 {
		first = time.Now()
	}
	if events%1000 == 0 {
		fmt.Printf("{\"event\":\"seen\",\"events\":%d,\"seconds\":%f}\n", events, time.Since(first).Seconds())
	}
}

func main() {
	ctrllog.SetLogger(klog.Background())
	version := schema.GroupVersion{Group: "bench.valkey-operator.dev", Version: "v1alpha1"}
	scheme := runtime.NewScheme()
	scheme.AddKnownTypes(version, &ValkeyCluster{}, &ValkeyClusterList{})
	metav1.AddToGroupVersion(scheme, version)

	options := cache.Options{Scheme: scheme}
	if os.Args[1] == "stripped" {
		options.DefaultTransform = cache.TransformStripManagedFields()
	}
	objects := must(cache.New(config.GetConfigOrDie(), options))
	informer := must(objects.GetInformer(context.Background(), &ValkeyCluster{}, cache.BlockUntilSynced(false)))
	handler := must(informer.AddEventHandler(toolscache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(_ any, initial bool) {
			if initial {
				listed.Add(1)
			} else {
				count()
			}
		},
		UpdateFunc: func(_, _ any) { count() },
		DeleteFunc: func(_ any) { count() },
	}))
	go func() { log.Fatal(objects.Start(context.Background())) }()
	<-handler.HasSyncedChecker().Done()
	fmt.Printf("{\"event\":\"synced\",\"objects\":%d}\n", listed.Load())
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
