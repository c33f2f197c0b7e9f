package companyportal

import (
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// tenant is a simulated tenant that knows the kinds under test.
type tenant struct{ *graphtest.Tenant }

func start(t *testing.T, o sim.Options) *tenant {
	t.Helper()
	n := graphtest.Start(t, o)
	return &tenant{n.Knows(Rules(), directory.Kinds(n.Client, nil), vpp.Kinds(n.Client), Kinds(n.Client))}
}
