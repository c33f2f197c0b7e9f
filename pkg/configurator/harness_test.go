package configurator

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// tenant is a simulated tenant that knows the kinds under test.
type tenant struct{ *graphtest.Tenant }

func start(t *testing.T, o sim.Options) *tenant {
	t.Helper()
	n := graphtest.Start(t, o)
	return &tenant{n.Knows(Rules(), Kinds(n.Client))}
}

// wanted are the objects of entries with these values.
func wanted(entries ...enroll.Fields) []enroll.Object {
	var list []enroll.Entry
	for _, f := range entries {
		list = append(list, enroll.Entry{Values: f})
	}
	out, _ := Objects(list)
	return out
}

// bodies are what the writes of the log sent.
func (n *tenant) bodies(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, r := range n.Requests() {
		if r.Write {
			var v map[string]any
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
	}
	return out
}

// imported are the imported devices, in order of serial number.
func (n *tenant) imported(t *testing.T) []DeviceFacts {
	t.Helper()
	var out []DeviceFacts
	for d, err := range Devices(t.Context(), n.Client) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b DeviceFacts) int {
		if a.Serial < b.Serial {
			return -1
		}
		return 1
	})
	return out
}
