package cli

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	v1 "github.com/intune-enroll/intune-enroll/pkg/graph/v1"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// session is a signed-in connection to one tenant.
type session struct {
	client   *graph.Client
	identity graph.Identity
	engine   *enroll.Engine
	cloud    graph.Cloud
	progress func(text string) (end func())
	log      *slog.Logger
}

// sideBySide is how many requests are on the wire at one time: check asks two
// things of each token at once, and twenty tokens shall not wait for one another.
const sideBySide = 48

// client makes the Graph client of the settings. It sends nothing.
func (f *factory) client(s settings.Settings) (*graph.Client, graph.Cloud, error) {
	cloud, err := f.cloud(s)
	if err != nil {
		return nil, graph.Cloud{}, fail(codeUsage, "intune-enroll help environment", "%w", err)
	}
	if !slices.Contains(graph.Methods(), s.Auth) {
		return nil, cloud, fail(codeUsage, "intune-enroll help environment", "unknown sign-in method %q from %s: use one of %s", s.Auth, s.From("auth"), strings.Join(graph.Methods(), ", "))
	}
	if s.Auth == "default" && term.InCI(f.process.Env) {
		return nil, cloud, fail(codeUsage, "intune-enroll help environment",
			"--auth default takes whatever sign-in it finds, and that is refused in CI: name the method, such as --auth workload-identity")
	}
	record, err := loginRecord(s)
	if err != nil {
		return nil, cloud, err
	}
	credential, err := graph.NewCredential(f.signInOf(s, record), cloud)
	if err != nil {
		return nil, cloud, fail(codeSignIn, "intune-enroll help environment", "%w", err)
	}
	o := graph.Options{Cloud: cloud, Credential: credential, UserAgent: "intune-enroll/" + f.build().Version, Concurrency: sideBySide}
	if f.global.Debug {
		log := f.logger(s)
		o.Trace = func(line string) { log.Debug("request", "line", line) }
	}
	client, err := graph.New(o)
	if err != nil {
		return nil, cloud, fail(codeUsage, "intune-enroll help environment", "%w", err)
	}
	return client, cloud, nil
}

// cloud is the cloud of the settings. One of one's own comes from flags only.
func (f *factory) cloud(s settings.Settings) (graph.Cloud, error) {
	if s.Cloud != "custom" {
		if s.GraphEndpoint+s.AuthorityHost+s.AuthorityCA != "" {
			return graph.Cloud{}, fmt.Errorf("--graph-endpoint, --authority-host and --authority-ca go with --cloud custom, not with cloud %q", s.Cloud)
		}
		return graph.NamedCloud(s.Cloud)
	}
	if from := s.From("cloud"); from != "flag --cloud" {
		return graph.Cloud{}, fmt.Errorf("cloud custom comes from %s: it is accepted from the flag --cloud only", from)
	}
	ca, err := s.ReadCA()
	if err != nil {
		return graph.Cloud{}, err
	}
	return graph.CustomCloud(s.GraphEndpoint, s.AuthorityHost, ca)
}

// signingIn shows progress, except where a person has something to read and to do.
func (f *factory) signingIn(s settings.Settings) (end func()) {
	if slices.Contains(graph.LoginMethods(), s.Auth) {
		return func() {}
	}
	return f.term.Progress("signing in")
}

// signIn signs in and makes the engine with the given rules.
func (f *factory) signIn(ctx context.Context, rules []enroll.Rule) (*session, error) {
	s, err := f.settings()
	if err != nil {
		return nil, err
	}
	client, cloud, err := f.client(s)
	if err != nil {
		return nil, err
	}
	end := f.signingIn(s)
	identity, err := client.Identity(ctx)
	end()
	if err != nil {
		return nil, err
	}
	log := f.logger(s)
	log.Info("signed in", "tenant", identity.TenantID, "client", identity.ClientID, "method", s.Auth, "cloud", cloud.Name)
	if identity.Opaque {
		f.say("note: the token cannot be read, so permissions are not known beforehand")
	}
	return &session{
		client: client, identity: identity, cloud: cloud, progress: f.term.Progress, log: log,
		engine: &enroll.Engine{
			Kinds:     kinds(client),
			Rules:     rules,
			Normalize: document.Normalize,
			Tool:      f.tool(),
			Cloud:     cloud.Name,
			Settle:    f.process.Settle,
			Poll:      f.process.Poll,
		},
	}, nil
}

// kinds are all kinds of objects that the program knows. Without a client they
// can be asked about themselves, and read nothing.
func kinds(client *graph.Client) []enroll.Kind {
	reader := v1.New(client)
	return slices.Concat(directory.Kinds(client, reader), vpp.Kinds(client), pushcert.Kinds(reader),
		ade.Kinds(client), configurator.Kinds(client), byod.Kinds(client), companyportal.Kinds(client), tenant.Kinds(client))
}

// look reads the tenant: what the objects need and all of the kinds named. An
// error says that the run ended while it looked; what could not be read is in
// the snapshot's gaps.
func (s *session) look(ctx context.Context, want []enroll.Object, also ...enroll.KindName) (enroll.Snapshot, error) {
	defer s.progress("looking at the tenant")()
	live := s.engine.Look(ctx, want, also...)
	if ctx.Err() != nil {
		return live, context.Cause(ctx)
	}
	live.At, live.Tenant = s.client.Now(), s.tenant(live).ID
	for _, k := range slices.Sorted(maps.Keys(live.Objects)) {
		s.log.Info("looked", "kind", k, "objects", len(live.Objects[k]))
	}
	return live, nil
}

// tenant says which tenant was seen; name and domains are empty when the
// organization could not be read.
func (s *session) tenant(live enroll.Snapshot) render.Tenant {
	t := render.Tenant{ID: s.identity.TenantID}
	for _, o := range live.Objects[enroll.Organization] {
		if facts, ok := o.Facts.(graph.Organization); ok {
			t = render.Tenant{ID: cmp.Or(t.ID, facts.ID), Name: facts.Name, Domains: facts.Domains}
		}
	}
	return t
}

// report begins the report of what was seen.
func (s *session) report(live enroll.Snapshot) render.Report {
	t := s.tenant(live)
	return render.Report{Tenant: &t, Cloud: s.cloud.Name, At: live.At, Gaps: live.Gaps}
}

// sayUnnamed is for a command that wants nothing more of the organization than
// the tenant's name: it says where that could not be read.
func (f *factory) sayUnnamed(live enroll.Snapshot) {
	if gap, ok := live.GapIn(enroll.Organization); ok {
		f.say("note: the tenant's name is not known: %s", term.Clean(gap.Reason))
	}
}

// guardTenant refuses a tenant that the file is not for. A guard that cannot
// be checked refuses too.
func guardTenant(g document.Guard, t render.Tenant, live enroll.Snapshot) error {
	if g.Matches(t.ID, t.Domains) {
		return nil
	}
	if gap, ok := live.GapIn(enroll.Organization); ok {
		return notLooked([]enroll.Gap{gap}, fmt.Sprintf("cannot tell whether this is tenant %s, which the file (%s) is for: %s", g.Value, g.Origin, gap.Reason))
	}
	return fail(codeTenant, "sign in to the tenant of the file with --tenant, or correct tenant: in the file",
		"the file is for tenant %s (%s), and this is tenant %s with the domains %v: nothing was changed", g.Value, g.Origin, t.Label(), t.Domains)
}

// notLooked is the failure for gaps: a missing permission counts more.
func notLooked(gaps []enroll.Gap, message string) error {
	if slices.ContainsFunc(gaps, func(g enroll.Gap) bool { return g.Denied }) {
		return fail(codePermission, "intune-enroll auth status -v", "%s", message)
	}
	return fail(codeNotLooked, "run the same command again; if it stays so, add --debug to see the requests", "%s", message)
}

// most is how far the machine's clock may be off.
const most = 5 * time.Minute

// clockFindings warns of a clock that would make every date wrong.
func (s *session) clockFindings() []enroll.Finding {
	skew := s.client.Skew()
	if skew.Abs() <= most {
		return nil
	}
	word := "ahead of"
	if skew < 0 {
		word = "behind"
	}
	return []enroll.Finding{{
		Rule: guard.Clock, Severity: enroll.Warning,
		Message: fmt.Sprintf("this machine's clock is %s %s the service's; the service's is used", skew.Abs().Round(time.Minute), word),
		Fix:     "let the machine keep its time by NTP",
	}}
}
