package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/intune-enroll/intune-enroll/configs"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// knock is a command that asks Graph, and what becomes of it when the sign-in
// lacks permissions, by the names of [takings]: "must" ends with 4 and names the
// permission, "may" names it and goes on without.
type knock struct {
	before    [][]string // runs with all permissions
	args      []string
	must, may string
}

// knocks has every command that asks Graph. DIR is the folder of the examples.
func knocks() []knock {
	const here = "8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21"
	desk := []string{"configurator", "create", "--name", "Desk iPhones", "--user-affinity", "user", "--authentication", "companyPortal", "--company-portal", "appleId", "--yes"}
	own := func(group string) []string {
		return []string{"byod", "create", "--name", "Own", "--enrollment", "deviceWeb", "--just-in-time", "--group", group, "--yes"}
	}
	return []knock{
		{args: []string{"check"}, must: "both ServiceConfig Apps Organization"},
		{args: []string{"plan", "-f", "DIR/" + configs.Contoso}, must: "both ServiceConfig Apps Group Organization", may: "Device"},
		{args: []string{"plan", "-f", "DIR/everything.yaml"}, must: "both ServiceConfig Apps Group Organization", may: "Device"},
		{args: []string{"apply", "-f", "DIR/" + configs.Contoso, "--yes", "--confirm", here}, must: "both ServiceConfig Apps Group Organization write", may: "Device"},
		{args: []string{"advise", "--set", "ownership=corporate", "--set", "use=single-user", "--set", "state=new", "--set", "portal=yes", "--from-tenant"}, must: "both ServiceConfig Apps Organization"},
		{args: []string{"init", "--set", "ownership=corporate", "--set", "use=single-user", "--set", "state=new", "--set", "portal=yes", "--from-tenant"}, must: "both ServiceConfig Apps Organization"},
		{args: []string{"guide", "users"}, must: "both ServiceConfig Apps Organization"},
		{args: []string{"guide", "admin", "-f", "DIR/" + configs.Contoso, "--from-tenant"}, must: "both ServiceConfig Organization"},
		{args: []string{"pushcert", "status"}, must: "both ServiceConfig", may: "Organization"},
		{args: []string{"pushcert", "csr", "--out", "DIR/p.csr"}, must: "both ServiceConfig write", may: "Organization"},
		{args: []string{"pushcert", "upload", "DIR/push.pem", "--accept-topic-change", "--yes", "--confirm", here}, must: "both ServiceConfig write", may: "Organization ManagedDevices"},
		{args: []string{"ade", "token", "list"}, must: "both", may: "Organization"},
		{args: []string{"ade", "token", "public-key"}, must: "both", may: "Organization"},
		{args: []string{"ade", "token", "sync"}, must: "both write", may: "Organization"},
		{args: []string{"ade", "token", "upload", "DIR/token.p7m", "--yes"}, must: "both ServiceConfig write", may: "Organization", before: [][]string{{"ade", "token", "public-key", "--out", "DIR/key.pem"}}},
		{args: []string{"ade", "devices", "list"}, must: "both", may: "Organization"},
		{args: []string{"ade", "create", "--name", "New", "--user-affinity", "none", "--yes"}, must: "both write", may: "ServiceConfig Organization"},
		{args: []string{"ade", "assign", "--profile", "Kiosk iPads", "F2LX00000001", "--yes"}, must: "both ServiceConfig write", may: "Organization"},
		{args: []string{"ade", "default", "--profile", "Kiosk iPads", "--yes", "--confirm", here}, must: "both ServiceConfig write", may: "Organization"},
		{args: []string{"ade", "migrate", "Contoso default", "--name", "Contoso 2026", "--undo", "DIR/undo.yaml", "--yes", "--confirm", here}, must: "both ServiceConfig write", may: "Apps Organization"},
		{args: desk, must: "both ServiceConfig write", may: "Organization"},
		{args: []string{"configurator", "assign", "--profile", "Counter", "DMPX00000112", "--yes"}, must: "both ServiceConfig write", may: "Organization", before: [][]string{
			desk, {"configurator", "devices", "import", "DIR/configurator.csv", "--profile", "Desk iPhones", "--yes"}, {"configurator", "create", "--name", "Counter", "--user-affinity", "none", "--yes"},
		}},
		{args: []string{"configurator", "devices", "list"}, must: "both", may: "Organization"},
		{args: []string{"configurator", "devices", "import", "DIR/configurator.csv", "--profile", "Desk iPhones", "--yes"}, must: "both ServiceConfig write", may: "Organization", before: [][]string{desk}},
		{args: []string{"configurator", "export", "Desk iPhones"}, must: "both", may: "Organization", before: [][]string{desk}},
		{args: own("All staff"), must: "both ServiceConfig Group write", may: "Device Organization"},
		{args: []string{"byod", "assign", "--profile", "Own", "--group", "All staff", "--yes"}, must: "both ServiceConfig Group write", may: "Device Organization", before: [][]string{own("Sales")}},
		{args: []string{"portal", "app", "--source", "vpp", "--required-for", "iOS - pilots", "--auto-update", "--yes"}, must: "both ServiceConfig Apps Group write", may: "Device Organization"},
		{args: []string{"portal", "policy", "--name", "CP", "--variant", "userAffinity", "--group", "iOS - pilots", "--yes"}, must: "both ServiceConfig Apps Group write", may: "Device Organization"},
		{args: []string{"auth", "permissions"}, must: "both ServiceConfig Configuration Apps Group Organization write", may: "Device RBAC Application ManagedDevices"},
		{args: []string{"auth", "setup", "--create", "--yes"}, must: "Application write", may: "both ServiceConfig Apps Organization"},
	}
}

// all are the permissions that the simulated sign-in has.
func all() []string {
	return []string{
		graph.ServiceConfigWrite, graph.ConfigurationWrite, graph.AppsWrite, graph.GroupWrite, graph.DeviceRead, graph.OrganizationRead, graph.RBACRead,
		graph.ApplicationWrite, graph.ManagedDevicesRead,
	}
}

// taking is permissions taken away from a sign-in.
type taking struct {
	name string   // in the table
	left []string // what it still has
	gone []string // any of which has to be named
}

// takings take the permissions of each resource away; those of both that most
// of Intune may be read with; and all that write.
func takings() []taking {
	without := func(name string, gone ...string) taking {
		t := taking{name: name, left: slices.DeleteFunc(all(), func(p string) bool { return slices.Contains(gone, p) })}
		for _, p := range gone {
			t.gone = append(t.gone, p, readOnly(p))
		}
		return t
	}
	out := []taking{without("both", graph.ServiceConfigWrite, graph.ConfigurationWrite)}
	write := taking{name: "write"}
	for _, p := range all() {
		name, _, _ := strings.Cut(strings.TrimPrefix(p, "DeviceManagement"), ".")
		out = append(out, without(name, p))
		write.left = append(write.left, readOnly(p))
		if readOnly(p) != p {
			write.gone = append(write.gone, p)
		}
	}
	return append(out, write)
}

// readOnly is the permission to read where p is one to write.
func readOnly(p string) string { return strings.Replace(p, ".ReadWrite", ".Read", 1) }

// TestAMissingPermissionIsNamed takes the permissions of each resource away
// from each command that asks Graph.
func TestAMissingPermissionIsNamed(t *testing.T) {
	t.Parallel()
	var side errgroup.Group
	side.SetLimit(4)
	for _, k := range knocks() {
		side.Go(func() error {
			got := knock{before: k.before, args: k.args}
			var must, may []string
			for _, taken := range takings() {
				switch denied(t, k, taken) {
				case exitSignIn:
					must = append(must, taken.name)
				case exitOK:
					may = append(may, taken.name)
				}
			}
			got.must, got.may = strings.Join(must, " "), strings.Join(may, " ")
			if diff := cmp.Diff(k, got, cmp.AllowUnexported(knock{})); diff != "" {
				t.Error(diff)
			}
			return nil
		})
	}
	_ = side.Wait() // the tests report
}

// TestCommandNeeds holds what is said of each command to what becomes of it:
// with that it is refused nothing, and nothing of it is too much.
func TestCommandNeeds(t *testing.T) {
	t.Parallel()
	resource := func(p string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(p, "DeviceManagement"), ".")
		return name
	}
	var side errgroup.Group
	side.SetLimit(4)
	seen := map[string]bool{}
	for _, k := range knocks() {
		if k.args[0] == "auth" && k.args[1] == "permissions" {
			continue // looks at the sign-in only
		}
		i := slices.IndexFunc(commandNeeds(), func(c commandNeed) bool { return c.of(k.args) })
		if i < 0 {
			t.Errorf("nothing is said of %v", k.args)
			continue
		}
		c := commandNeeds()[i]
		seen[c.command] = true
		must, may := strings.Fields(k.must), strings.Fields(k.may)
		writes := slices.ContainsFunc(c.needs, func(p string) bool { return readOnly(p) != p })
		if writes != slices.Contains(must, "write") {
			t.Errorf("%s: writes is %v", c.command, writes)
		}
		for _, p := range slices.Concat(c.needs, c.optional) {
			// Enrollment policies take one of two.
			known := slices.Contains(must, resource(p)) || slices.Contains(may, resource(p)) || slices.Contains(must, "both") && (resource(p) == "ServiceConfig" || resource(p) == "Configuration")
			if !known && !slices.Contains(uses(), c.command) {
				t.Errorf("%s: %s is too much", c.command, p)
			}
		}
		for _, name := range must {
			if name != "both" && name != "write" && !slices.ContainsFunc(c.needs, func(p string) bool { return resource(p) == name }) {
				t.Errorf("%s: nothing is said of %s", c.command, name)
			}
		}
		side.Go(func() error {
			if got := denied(t, k, taking{name: "more than is said", left: slices.Concat(c.needs, c.optional)}); got != -1 {
				t.Errorf("%s with %v and %v is refused something", c.command, c.needs, c.optional)
			}
			return nil
		})
	}
	_ = side.Wait() // the tests report
	for _, c := range commandNeeds() {
		if !seen[c.command] {
			t.Errorf("%s is no command that asks", c.command)
		}
	}
}

// of tells whether these are the arguments of the command.
func (c commandNeed) of(args []string) bool {
	words := strings.Fields(c.command)
	return slices.Equal(words, args[:min(len(words), len(args))]) || strings.HasPrefix(words[len(words)-1], "--") &&
		slices.Equal(words[:len(words)-1], args[:min(len(words)-1, len(args))]) && slices.Contains(args, words[len(words)-1])
}

// denied runs the command without the permission: what it ended with, or -1
// where it did not need it.
func denied(t *testing.T, k knock, taken taking) int {
	t.Helper()
	b := newBench(t, sim.Options{Lag: -1})
	defer b.server.Close()
	for _, args := range k.before {
		if code, said := b.run(t.Context(), b.in(args)...); code != exitOK {
			t.Errorf("%v ended with %d: %s", args, code, said)
		}
	}
	b.apple(t)
	b.server.SetPermissions(taken.left)
	b.server.ResetLog()
	code, said := b.run(t.Context(), b.in(k.args)...)
	refused, wrote := false, false
	for _, r := range b.server.Requests() {
		refused = refused || r.Status == http.StatusForbidden
		wrote = wrote || r.Write && r.Status/100 == 2
	}
	named := slices.ContainsFunc(taken.gone, func(p string) bool { return strings.Contains(said, p) })
	switch {
	case !named && code == exitSignIn, refused && !named:
		t.Errorf("%v without %s ends with %d and does not name it:\n%s", k.args, taken.gone, code, said)
	case code == exitSignIn && wrote:
		t.Errorf("%v without %s wrote all the same:\n%s", k.args, taken.gone, said)
	case code == exitSignIn && !strings.Contains(said, "do: "):
		t.Errorf("%v without %s does not say what to do:\n%s", k.args, taken.gone, said)
	case code == exitSignIn, code == exitOK && named:
		return code
	case code != exitOK:
		t.Errorf("%v without %s ended with %d:\n%s", k.args, taken.gone, code, said)
	}
	return -1
}

// in puts the folder of the bench into arguments.
func (b *bench) in(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = strings.ReplaceAll(a, "DIR", b.dir)
	}
	return out
}

// apple makes what comes from Apple: a server token for the key in the folder,
// and a push certificate.
func (b *bench) apple(t *testing.T) {
	t.Helper()
	if key, err := os.ReadFile(filepath.Join(b.dir, "key.pem")); err == nil {
		token, err := sim.ServerToken(key)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.dir, "token.p7m"), token, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(2, 0, 0), Subject: pkix.Name{
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: "com.apple.mgmt.External.contoso"}},
	}}
	issuer := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{"Apple Inc."}}, NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter}
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "push.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestEveryCommandThatAsksKnocks: a new command is either in the table or
// known to ask nothing.
func TestEveryCommandThatAsksKnocks(t *testing.T) {
	silent := []string{"validate", "auth login", "auth logout", "auth status", "byod discovery generate", "byod discovery verify", "demo", "simulator serve", "explain", "schema", "version", "help"}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.HasSubCommands() {
			for _, sub := range c.Commands() {
				walk(sub)
			}
			return
		}
		name := commandName(c)
		if c.IsAdditionalHelpTopicCommand() || slices.Contains(silent, name) {
			return
		}
		if !slices.ContainsFunc(knocks(), func(k knock) bool { return strings.HasPrefix(strings.Join(k.args, " ")+" ", name+" ") }) {
			t.Errorf("%s is in no table", name)
		}
	}
	walk(newRoot(newFactory(Process{Env: environment()})))
}
