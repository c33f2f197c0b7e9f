// Command kubernetes reads manifests from stdin as the API server of Kubernetes
// does: strictly, with its defaults, and through its own validation.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install" // adds its kinds to the scheme
	"k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install" // adds its kinds to the scheme
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

func main() {
	if err := run(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader) error {
	decoder := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()
	documents := yaml.NewYAMLReader(bufio.NewReader(in))
	for n := 0; ; n++ {
		text, err := documents.Read()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		object, kind, err := decoder.Decode(text, nil, nil)
		if err != nil {
			return err
		}
		if err := validate(object).ToAggregate(); err != nil {
			return fmt.Errorf("%s: %w", kind.Kind, err)
		}
	}
}

// validate knows the kinds of our manifests; the namespace is the one that
// kubectl fills in.
func validate(object runtime.Object) field.ErrorList {
	switch o := object.(type) {
	case *core.ServiceAccount:
		o.Namespace = core.NamespaceDefault
		return corevalidation.ValidateServiceAccount(o)
	case *batch.CronJob:
		o.Namespace = core.NamespaceDefault
		return validation.ValidateCronJobCreate(o, pod.GetValidationOptionsFromPodTemplate(&o.Spec.JobTemplate.Spec.Template, nil))
	}
	return field.ErrorList{field.Invalid(field.NewPath("kind"), object.GetObjectKind().GroupVersionKind().String(), "no validation is called for this kind: add it here")}
}
