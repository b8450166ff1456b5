// cert-manager's controller and cainjector in one binary, told apart by the name that it is called
// by. v1.11 is the last release whose main module, and so the Go module proxy, holds both.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	cainjector "github.com/cert-manager/cert-manager/cmd/cainjector/app"
	certificates "github.com/cert-manager/cert-manager/cmd/controller/app"
	"github.com/cert-manager/cert-manager/cmd/util"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/spf13/cobra"
	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	stop, exit := util.SetupExitHandler(util.GracefulShutdown)
	defer exit() // exits with the code that SetExitCode keeps
	logf.InitLogs(flag.CommandLine)
	defer logf.FlushLogs()
	ctrl.SetLogger(logf.Log)

	var command *cobra.Command
	switch name := filepath.Base(os.Args[0]); name {
	case "cert-manager-controller":
		command = certificates.NewCommandStartCertManagerController(stop)
	case "cert-manager-cainjector":
		command = cainjector.NewCommandStartInjectorController(
			util.ContextWithStopCh(context.Background(), stop), os.Stdout, os.Stderr)
	default:
		fmt.Fprintf(os.Stderr, "%s: not one of the cert-manager programs in this binary\n", name)
		os.Exit(2)
	}
	command.Flags().AddGoFlagSet(flag.CommandLine)
	_ = flag.CommandLine.Parse(nil) // klog complains about use before Parse
	if err := command.Execute(); err != nil {
		logf.Log.Error(err, "ended")
		util.SetExitCode(err)
	}
}
