package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

func TestGuideOptions(t *testing.T) {
	users, admin := noted(newGuideUsers), noted(newGuideAdmin)
	tests := []struct {
		name string
		make func(*factory, *any) *cobra.Command
		args []string
		want any
		code int
	}{
		{"users of the tenant", users, []string{"users"}, guideUsersOptions{Language: "en"}, 0},
		{"users with all", users, []string{"users", "-f", "a.yaml", "--profile", "A, B", "--profile", "C", "--language", "de", "--organization", "Contoso", "--contact", "1234", "--logo", "l.png"},
			guideUsersOptions{Files: []string{"a.yaml"}, Profiles: []string{"A, B", "C"}, Language: "de", Organization: "Contoso", Contact: "1234", Logo: "l.png"}, 0},
		{"users with an argument", users, []string{"users", "a.yaml"}, nil, 3},
		{"admin", admin, []string{"admin", "-f", "a.yaml", "--from-tenant"}, guideAdminOptions{Files: []string{"a.yaml"}, FromTenant: true, Language: "en"}, 0},
		{"admin in German", admin, []string{"admin", "-f", "a.yaml", "--language", "de"}, guideAdminOptions{Files: []string{"a.yaml"}, Language: "de"}, 0},
		{"admin without a file", admin, []string{"admin", "--from-tenant"}, nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := parse(t, tt.make, tt.args...)
			if code := exitCode(err); code != tt.code {
				t.Errorf("exit code %d (%v), want %d", code, err, tt.code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKnownFrom(t *testing.T) {
	until := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	push := enroll.Object{Facts: graph.PushCertificate{AppleID: "push@contoso.com", Topic: "com.apple.mgmt.External.1", Expires: until}}
	token := func(name, id, apple string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: name}, Facts: ade.TokenFacts{ID: id, AppleID: apple, Expires: until}}
	}
	location := enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Facts: vpp.TokenFacts{ID: "v1", Location: "Redmond", AppleID: "vpp@contoso.com"}}
	tests := []struct {
		name string
		live map[enroll.KindName][]enroll.Object
		want guide.Known
	}{
		{"nothing there", nil, guide.Known{Looked: true, TenantID: "t", Domain: "contoso.com", TokenAppleIDs: map[string]string{}, TokenExpires: map[string]time.Time{}, VPPAppleIDs: map[string]string{}}},
		{"one of each", map[enroll.KindName][]enroll.Object{enroll.PushCertificate: {push}, enroll.ADEToken: {token("ABM", "a1", "abm@contoso.com")}, enroll.VPPToken: {location}},
			guide.Known{Looked: true, TenantID: "t", Domain: "contoso.com", PushAppleID: "push@contoso.com", PushTopic: "com.apple.mgmt.External.1", PushExpires: until, OnlyToken: "ABM",
				TokenAppleIDs: map[string]string{"ABM": "abm@contoso.com", "a1": "abm@contoso.com"},
				TokenExpires:  map[string]time.Time{"ABM": until, "a1": until},
				VPPAppleIDs:   map[string]string{"": "vpp@contoso.com", "Contoso VPP": "vpp@contoso.com", "v1": "vpp@contoso.com", "Redmond": "vpp@contoso.com"}}},
		{"two tokens: neither is the one", map[enroll.KindName][]enroll.Object{enroll.ADEToken: {token("ABM", "a1", "abm@contoso.com"), token("School", "a2", "")}},
			guide.Known{Looked: true, TenantID: "t", Domain: "contoso.com", VPPAppleIDs: map[string]string{},
				TokenAppleIDs: map[string]string{"ABM": "abm@contoso.com", "a1": "abm@contoso.com", "School": "", "a2": ""},
				TokenExpires:  map[string]time.Time{"ABM": until, "a1": until, "School": until, "a2": until}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := knownFrom(enroll.Snapshot{Objects: tt.live}, render.Tenant{ID: "t", Domains: []string{"contoso.onmicrosoft.com", "contoso.com"}})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("known (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadLogo(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.png")
	if err := os.WriteFile(large, make([]byte, guide.MaxLogo+100), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, path string }{{"missing", filepath.Join(dir, "none.png")}, {"folder", dir}, {"too large", large}} {
		t.Run(tt.name, func(t *testing.T) {
			logo, err := readLogo(tt.path)
			if logo != nil || exitCode(err) != exitRefused {
				t.Errorf("logo %v, error %v", logo, err)
			}
		})
	}
	if logo, err := readLogo(""); logo != nil || err != nil {
		t.Errorf("no logo asked for: %v, %v", logo, err)
	}
}
