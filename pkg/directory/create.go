package directory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Plan makes the groups that are not there. A group that is there is used as
// it is when type and rule are those of the file; otherwise it is an error,
// because changing a rule changes who gets everything assigned to the group.
func (groups) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	exists := enroll.ByRef(have)
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		h, ok := exists[w.Ref]
		switch {
		case !ok:
			c := enroll.Make(w)
			c.Undo = enroll.Undo{Level: "none", Why: "groups are never deleted; delete it in the Entra admin center"}
			changes = append(changes, c)
		case w.Fields.Text("type") != h.Fields.Text("type") || !sameRule(w.Fields.Text("rule"), h.Fields.Text("rule")):
			findings = append(findings, enroll.Finding{Rule: "group-differs", Severity: enroll.Error, On: w.Ref, Path: "rule", Origin: w.Origin,
				Message: fmt.Sprintf("group %q exists and differs: the tenant has %s, the file wants %s; a group is never changed", h.Ref.Name, describe(h.Fields), describe(w.Fields)),
				Fix:     "use another name in the file, or bring the file and the group together in the Entra admin center"})
		}
	}
	return changes, findings
}

func describe(f enroll.Fields) string {
	if rule := f.Text("rule"); rule != "" {
		return f.Text("type") + " with rule " + rule
	}
	return f.Text("type")
}

// Permissions are those that creating a group takes.
func (groups) Permissions(enroll.Change) []string { return []string{graph.GroupWrite} }

// Write creates a group.
func (g groups) Write(ctx context.Context, c enroll.Change, _ enroll.Resolver) (map[enroll.Handle]string, error) {
	if c.Verb != enroll.Create {
		return nil, fmt.Errorf("%s: a group is only ever created, never changed or deleted", c.Ref)
	}
	a, err := g.c.Do(ctx, graph.Call{API: graph.V1, Method: http.MethodPost, Path: "/groups", Class: graph.Create,
		Needs: []string{graph.GroupWrite}, Body: body(c.Ref.Name, c.After)})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("create group %q: %w", c.Ref.Name, err))
	}
	id := a.ID()
	if id == "" {
		return nil, enroll.Lost(fmt.Errorf("create group %q: the answer has no id", c.Ref.Name))
	}
	return map[enroll.Handle]string{enroll.ID: id}, nil
}

type groupBody struct {
	DisplayName     string   `json:"displayName"`
	MailEnabled     bool     `json:"mailEnabled"`
	MailNickname    string   `json:"mailNickname"`
	SecurityEnabled bool     `json:"securityEnabled"`
	GroupTypes      []string `json:"groupTypes"`
	Rule            string   `json:"membershipRule,omitempty"`
	Processing      string   `json:"membershipRuleProcessingState,omitempty"`
}

// body is what POST /groups takes for a security group (Microsoft docs page on creating groups).
func body(name string, f enroll.Fields) groupBody {
	b := groupBody{DisplayName: name, MailNickname: nickname(name), SecurityEnabled: true, GroupTypes: []string{}}
	if f.Text("type") == TypeDynamicDevices {
		b.GroupTypes, b.Rule, b.Processing = []string{"DynamicMembership"}, f.Text("rule"), "On"
	}
	return b
}

// nickname is a mail nickname for a group: letters and digits of the name, and
// a hash of it, so that it is the same each time and no other group's. The
// service takes at most 64 characters (Microsoft docs page on the group resource).
func nickname(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
	sum := sha256.Sum256([]byte(name))
	plain = cmp.Or(plain, "group")
	return plain[:min(len(plain), 40)] + "-" + hex.EncodeToString(sum[:4])
}
