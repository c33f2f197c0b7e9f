package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// answers is a domain's answer, and what was asked of it.
type answers struct {
	findings []enroll.Finding
	err      error
	asked    string
}

func (a *answers) Verify(_ context.Context, domain, cloud, tenant string) ([]enroll.Finding, error) {
	a.asked = strings.Join([]string{domain, cloud, tenant}, " ")
	return a.findings, a.err
}

func TestDiscoveryVerify(t *testing.T) {
	const id = "8F6C1C2E-0f5a-4c0b-9d3e-2b7a1c9d4e5f"
	say := func(s enroll.Severity) []enroll.Finding {
		return []enroll.Finding{{Rule: "X-82", Severity: s, Message: "contoso.com: as it is"}}
	}
	for _, tc := range []struct {
		name   string
		args   []string
		answer answers
		asked  string
		code   int
		out    string
	}{
		{"good", []string{"Contoso.com", "--tenant", id, "--cloud", "china"}, answers{findings: say(enroll.OK)}, "contoso.com china " + id, 0, "ok: contoso.com: as it is (X-82)\n"},
		{"a tenant by its domain is not compared", []string{"contoso.com", "--tenant", "contoso.com"}, answers{findings: say(enroll.Info)}, "contoso.com global ", 0, "info: contoso.com: as it is (X-82)\n"},
		{"wrong", []string{"contoso.com"}, answers{findings: say(enroll.Error)}, "contoso.com global ", 2, "error: contoso.com: as it is (X-82)\n"},
		{"doubtful", []string{"contoso.com"}, answers{findings: say(enroll.Warning)}, "contoso.com global ", 2, "warning: contoso.com: as it is (X-82)\n"},
		{"cannot tell", []string{"contoso.com"}, answers{findings: say(enroll.Unknown)}, "contoso.com global ", 1, "unknown: contoso.com: as it is (X-82)\n"},
		{"nobody there", []string{"contoso.com"}, answers{err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, "contoso.com global ", 1, ""},
		{"not trusted", []string{"contoso.com"}, answers{err: errors.New("certificate signed by unknown authority")}, "contoso.com global ", 1, ""},
		{"no domain", nil, answers{}, "", 3, ""},
		{"two domains", []string{"contoso.com", "fabrikam.com"}, answers{}, "", 3, ""},
		{"an address", []string{"https://contoso.com/x"}, answers{}, "", 3, ""},
		{"a number", []string{"127.0.0.1"}, answers{}, "", 3, ""},
		{"a port", []string{"contoso.com:8443"}, answers{}, "", 3, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			f := newFactory(Process{In: strings.NewReader(""), Out: &out, Err: io.Discard, Env: environment()})
			root := &cobra.Command{Use: "intune-enroll", SilenceErrors: true, SilenceUsage: true}
			addGlobalFlags(root, f)
			byod, discovery := &cobra.Command{Use: "byod"}, &cobra.Command{Use: "discovery"}
			discovery.AddCommand(newDiscoveryVerify(f, &tc.answer))
			byod.AddCommand(discovery)
			root.AddCommand(byod)
			root.SetArgs(append([]string{"byod", "discovery", "verify"}, tc.args...))
			if code := exitCode(root.ExecuteContext(t.Context())); code != tc.code {
				t.Errorf("exit code %d, want %d", code, tc.code)
			}
			if diff := cmp.Diff([]string{tc.asked, tc.out}, []string{tc.answer.asked, out.String()}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
