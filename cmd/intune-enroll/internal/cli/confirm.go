package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// movesFlag adds the flag that answers beforehand how many devices may move.
func movesFlag(cmd *cobra.Command, n *int) {
	cmd.Flags().IntVar(n, "max-moves", 50, "how many devices may move from other profiles to one, without the number being typed")
}

func knownMoves(n int) error {
	if n < 0 {
		return fail(codeUsage, "", "--max-moves %d is not possible: use a number of devices, or 0 for none", n)
	}
	return nil
}

// confirm asks what has to be asked before the plan is carried out. What
// reaches far is answered by what the person has to know for it: a number of
// devices, or the tenant's name.
func (f *factory) confirm(ctx context.Context, t render.Tenant, p enroll.Plan, maxMoves int) error {
	for _, c := range p.Writes() {
		if n := moves(p, c); n > maxMoves {
			question := fmt.Sprintf("%s takes %s of tenant %s from other profiles. Type the number of devices to go on:", term.Clean(c.Ref.String()), enroll.Plural(n, "device"), term.Clean(t.Label()))
			flag := fmt.Sprintf("--max-moves %d", n)
			if err := f.ask(ctx, question, flag, strconv.Itoa(n)); err != nil {
				return err
			}
		}
	}
	if reasons := toConfirm(p); len(reasons) > 0 {
		if given := f.global.Confirm; given != "" {
			switch {
			case isTenant(t, given):
			case t.Name == "":
				return fail(codeConfirmation, "add --confirm "+t.ID+" if that is the one", "--confirm %s is not the id of this tenant, and its name could not be read: nothing was changed", given)
			default:
				return fail(codeConfirmation, "", "--confirm %s is not this tenant, which is %s: nothing was changed", given, t.Label())
			}
		} else if err := f.ask(ctx, fmt.Sprintf("%s. Type the name or id of tenant %s to go on:", term.Clean(strings.Join(reasons, "; ")), term.Clean(t.Label())),
			"--confirm "+t.ID, t.Name, t.ID); err != nil {
			return err
		}
	}
	if f.global.Yes {
		return nil
	}
	return f.ask(ctx, fmt.Sprintf("Apply this to tenant %s? Only yes is taken as yes:", term.Clean(t.Label())), "--yes", "yes")
}

// ask wants one of the answers; flag is what answers where nobody can be asked.
func (f *factory) ask(ctx context.Context, question, flag string, answers ...string) error {
	got, err := f.term.Ask(ctx, question)
	if errors.Is(err, term.ErrCannotAsk) {
		return fail(codeConfirmation, "add "+flag+" if that is meant", "nobody can be asked here: %s", strings.TrimSuffix(question, ":"))
	}
	if err != nil && !errors.Is(err, term.ErrEnded) {
		return err
	}
	for _, a := range answers {
		if a != "" && got == a {
			return nil
		}
	}
	return fail(codeDeclined, "", "not confirmed: nothing was changed")
}

func isTenant(t render.Tenant, s string) bool {
	return s != "" && (s == t.Name || strings.EqualFold(s, t.ID))
}

// toConfirm are the reasons why the tenant's name has to be typed.
func toConfirm(p enroll.Plan) []string {
	var out []string
	for _, c := range p.Writes() {
		switch {
		case c.Confirm != "":
			out = append(out, fmt.Sprintf("%s: %s", c.Ref, c.Confirm))
		case c.Verb == enroll.Delete:
			out = append(out, fmt.Sprintf("%s is deleted", c.Ref))
		}
	}
	return out
}

// moves counts the devices that the plan moves from other profiles to the one
// of c; 0 for all but the first change of that profile.
func moves(p enroll.Plan, c enroll.Change) int {
	n, first := 0, true
	for _, other := range p.Writes() {
		if other.Ref != c.Ref {
			continue
		}
		if first && !same(other, c) {
			return 0
		}
		first = false
		for from, count := range other.Items.From {
			if from != "" {
				n += count
			}
		}
	}
	return n
}

func same(a, b enroll.Change) bool { return a.Ref == b.Ref && a.Op == b.Op && a.Verb == b.Verb }

// answerable refuses a command that will ask where nobody can be asked.
func (f *factory) answerable(command string) error {
	if f.global.Yes || f.term.CanAsk() {
		return nil
	}
	return fail(codeConfirmation, "look first at what would change (plan, or --dry-run), then add --yes",
		"%s asks before it changes anything, and nobody can be asked here", strings.TrimPrefix(command, "intune-enroll "))
}
