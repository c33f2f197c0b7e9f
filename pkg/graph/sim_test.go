package graph_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// start gives a simulator that listens, and its cloud.
func start(t *testing.T, o sim.Options) (*sim.Server, graph.Cloud) {
	t.Helper()
	s, err := sim.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := graph.CustomCloud(s.GraphURL, s.AuthorityURL, s.CA)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// client signs in through azidentity at the simulator's token endpoint.
func client(t *testing.T, c graph.Cloud, s graph.SignIn) *graph.Client {
	t.Helper()
	credential, err := graph.NewCredential(s, c)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.New(graph.Options{Cloud: c, Credential: credential})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func secret(s *sim.Server) graph.SignIn {
	return graph.SignIn{Method: "client-secret", Tenant: s.TenantID, ClientID: s.ClientID, Secret: s.Secret}
}

func groups() graph.Call {
	return graph.Call{API: graph.Beta, Method: http.MethodGet, Path: "/groups", Needs: []string{"Group.Read.All"}}
}

func TestSignInAtTheSimulator(t *testing.T) {
	s, c := start(t, sim.Options{Permissions: []string{"Group.Read.All", "Device.Read.All"}})
	var prompt string
	for _, tt := range []struct {
		name string
		in   graph.SignIn
		want graph.Identity
	}{
		{"client-secret", secret(s), graph.Identity{TenantID: s.TenantID, ClientID: s.ClientID, Name: "intune-enroll", App: true, Permissions: []string{"Device.Read.All", "Group.Read.All"}}},
		{"device-code", graph.SignIn{Method: "device-code", Tenant: s.TenantID, ClientID: s.ClientID, Prompt: func(m string) { prompt = m }},
			graph.Identity{TenantID: s.TenantID, ClientID: s.ClientID, Name: "admin@contoso.com", Permissions: []string{"Device.Read.All", "Group.Read.All"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := client(t, c, tt.in)
			got, err := g.Identity(t.Context())
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(graph.Identity{}, "Expires")); diff != "" || err != nil || got.Expires.IsZero() {
				t.Error(err, got.Expires, diff)
			}
			if _, err := graph.List[struct{ ID string }](t.Context(), g, groups()); err != nil {
				t.Error(err)
			}
		})
	}
	if prompt == "" {
		t.Error("device-code said nothing")
	}
}

func TestSignInRefusedByTheSimulator(t *testing.T) {
	s, c := start(t, sim.Options{})
	for _, tt := range []struct {
		name   string
		change func(*graph.SignIn)
		want   string
	}{
		{"wrong secret", func(i *graph.SignIn) { i.Secret = "wrong-" + s.Secret }, "AADSTS7000215"},
		{"wrong client", func(i *graph.SignIn) { i.ClientID = "00000000-0000-4000-8000-000000000000" }, "AADSTS700016"},
		{"wrong tenant", func(i *graph.SignIn) { i.Tenant = "00000000-0000-4000-8000-000000000000" }, "AADSTS90002"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := secret(s)
			tt.change(&in)
			_, err := client(t, c, in).Do(t.Context(), groups())
			e, ok := errors.AsType[*graph.SignInError](err)
			if !ok || !graph.IsSignIn(err) || !strings.Contains(e.Error(), tt.want) || e.Do() == "" || strings.Contains(e.Error(), s.Secret) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDeniedBySimulatorNamesThePermission(t *testing.T) {
	s, c := start(t, sim.Options{Permissions: []string{"Device.Read.All"}})
	_, err := client(t, c, secret(s)).Do(t.Context(), groups())
	e, ok := errors.AsType[*graph.Error](err)
	if !ok || !graph.IsDenied(err) || !strings.Contains(e.Do(), "Group.Read.All") || e.RequestID == "" {
		t.Errorf("got %v", err)
	}
}

func TestFaultsOfTheSimulator(t *testing.T) {
	post := graph.Call{API: graph.Beta, Method: http.MethodPost, Path: "/groups", Class: graph.Create, Body: map[string]any{
		"displayName": "iOS - pilots", "mailEnabled": false, "mailNickname": "ios-pilots", "securityEnabled": true,
	}}
	for _, tt := range []struct {
		name  string
		fault sim.Fault
		call  graph.Call
		lost  bool
		fails bool
		sent  int
	}{
		{"a read is asked again", sim.Fault{At: 1, Do: "drop-before"}, groups(), false, false, 2},
		{"a read cut short is asked again", sim.Fault{At: 1, Do: "cut-body"}, groups(), false, false, 2},
		{"a create without an answer is lost", sim.Fault{At: 1, Do: "drop-after"}, post, true, true, 1},
		{"a create that was throttled is sent again", sim.Fault{At: 1, Do: "status", Status: 429}, post, false, false, 2},
		{"a create that met a page is not", sim.Fault{At: 1, Do: "html", Status: 502}, post, true, true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := start(t, sim.Options{Faults: []sim.Fault{tt.fault}})
			_, err := client(t, c, secret(s)).Do(t.Context(), tt.call)
			if (err != nil) != tt.fails || graph.IsLost(err) != tt.lost || len(s.Requests()) != tt.sent {
				t.Errorf("%d requests, %v", len(s.Requests()), err)
			}
		})
	}
}

func TestBatchAtTheSimulator(t *testing.T) {
	s, c := start(t, sim.Options{})
	g := client(t, c, secret(s))
	type group struct{ ID, DisplayName string }
	all, err := graph.List[group](t.Context(), g, groups())
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	var calls []graph.Call
	for _, one := range all {
		calls = append(calls, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: graph.Path("groups", one.ID)})
	}
	calls = append(calls, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: graph.Path("groups", "00000000-0000-4000-8000-000000000000")})
	answers, errs := g.Batch(t.Context(), graph.Beta, calls)
	for i, one := range all {
		if errs[i] != nil || !strings.Contains(string(answers[i].Body), one.ID) {
			t.Errorf("%s: %v", one.DisplayName, errs[i])
		}
	}
	if !graph.IsNotFound(errs[len(all)]) {
		t.Errorf("got %v", errs[len(all)])
	}
	if !slices.ContainsFunc(s.Requests(), func(r sim.Request) bool { return strings.HasSuffix(r.Path, "/$batch") }) {
		t.Error("no batch was sent")
	}
}
