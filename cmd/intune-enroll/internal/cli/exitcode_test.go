package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

func samplePlan() enroll.Plan {
	return enroll.Plan{Schema: enroll.SchemaVersion, Tenant: "id", Cloud: "global", Changes: []enroll.Change{}, Findings: []enroll.Finding{}, Gaps: []enroll.Gap{}}
}

func TestExitCodeLadder(t *testing.T) {
	serviceError := func(status int) error {
		return fmt.Errorf("list tokens: %w", &graph.Error{Method: "GET", Path: "/x", Status: status})
	}
	tests := []struct {
		name string
		err  error
		code code
		want int
	}{
		{"nothing", nil, "", 0},
		{"anything else", errors.New("disk full"), codeFailed, 1},
		{"no answer", &graph.Error{Err: errors.New("refused")}, codeUnreachable, 1},
		{"500", serviceError(500), codeService, 1},
		{"404", serviceError(404), codeService, 1},
		{"401", serviceError(401), codeSignIn, 4},
		{"403", serviceError(403), codePermission, 4},
		{"sign-in refused", fmt.Errorf("look: %w", &graph.SignInError{What: "no"}), codeSignIn, 4},
		{"sign-in unreachable", &graph.SignInError{What: "no", Unreachable: true}, codeUnreachable, 1},
		{"time over", fmt.Errorf("read: %w", context.DeadlineExceeded), codeTimeout, 1},
		{"time of the run over", stopped{codeTimeout, "over"}, codeTimeout, 1},
		{"interrupted", stopped{codeInterrupted, "interrupted"}, codeInterrupted, 130},
		{"terminated", fmt.Errorf("ask: %w", stopped{codeTerminated, "terminated"}), codeTerminated, 143},
		{"cannot ask", term.ErrCannotAsk, codeConfirmation, 3},
		{"found", errFound, codeFound, 2},
		{"refused by a rule", refused(codeRuleBroken, []enroll.Finding{{Severity: enroll.Error}}), codeRuleBroken, 3},
		{"forced", refused(codeRuleBroken, []enroll.Finding{{Severity: enroll.Error, Forced: true}}), "", 0},
		{"reported", reported{fail(codePlanStale, "", "stale")}, codePlanStale, 3},
		{"half way", fail(codeHalfway, "", "half"), codeHalfway, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exitCode(tt.err); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
			if tt.err != nil && explain(tt.err).code != tt.code {
				t.Errorf("code %q, want %q", explain(tt.err).code, tt.code)
			}
		})
	}
}

// The table of codes is complete, each code once, and the help shows all of it.
func TestReasons(t *testing.T) {
	var seen []code
	text := exitCodesText()
	for _, r := range reasons() {
		if slices.Contains(seen, r.code) {
			t.Errorf("%s stands twice", r.code)
		}
		seen = append(seen, r.code)
		if shown := strings.Contains(text, fmt.Sprintf("  %-20s  ", r.code)); shown != (r.code != codeFound) {
			t.Errorf("%s in the help: %v", r.code, shown)
		}
	}
}

func TestCheckVerdict(t *testing.T) {
	finding := func(s enroll.Severity) []enroll.Finding { return []enroll.Finding{{Severity: s}} }
	gap, denied := []enroll.Gap{{Reason: "500"}}, []enroll.Gap{{Reason: "500"}, {Reason: "403", Denied: true}}
	tests := []struct {
		name     string
		findings []enroll.Finding
		gaps     []enroll.Gap
		failOn   string
		want     int
	}{
		{"well", finding(enroll.OK), nil, "warning", 0},
		{"info below the bar", finding(enroll.Info), nil, "warning", 0},
		{"info at the bar", finding(enroll.Info), nil, "info", 2},
		{"warning", finding(enroll.Warning), nil, "warning", 2},
		{"warning below the bar", finding(enroll.Warning), nil, "error", 0},
		{"error", finding(enroll.Error), nil, "error", 2},
		{"never", finding(enroll.Error), nil, "never", 0},
		{"gap", nil, gap, "warning", 1},
		{"gap and never", finding(enroll.Error), gap, "never", 1},
		{"denied", nil, denied, "warning", 4},
		{"found over gap", finding(enroll.Warning), denied, "warning", 2},
		{"gap over what is below the bar", finding(enroll.Warning), gap, "error", 1},
		{"unknown without a gap", finding(enroll.Unknown), nil, "warning", 1},
		{"unknown is not something found", finding(enroll.Unknown), denied, "info", 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := render.Report{Findings: tt.findings, Gaps: tt.gaps, Summary: render.Count(tt.findings)}
			if got := exitCode(verdict(r, tt.failOn)); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestPlanVerdict(t *testing.T) {
	broken, gap, denied := enroll.Finding{Severity: enroll.Error}, enroll.Gap{Reason: "500"}, enroll.Gap{Denied: true}
	tests := []struct {
		name string
		plan enroll.Plan
		want int
	}{
		{"nothing", enroll.Plan{}, 0},
		{"warnings never change it", enroll.Plan{Findings: []enroll.Finding{{Severity: enroll.Warning}, {Severity: enroll.Unknown}}}, 0},
		{"broken rule over gap", enroll.Plan{Findings: []enroll.Finding{broken}, Gaps: []enroll.Gap{denied}}, 3},
		{"gap", enroll.Plan{Gaps: []enroll.Gap{gap}}, 1},
		{"denied", enroll.Plan{Gaps: []enroll.Gap{gap, denied}}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exitCode(planVerdict(tt.plan)); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestApplyEnding(t *testing.T) {
	one := []enroll.Outcome{{Err: errors.New("cut")}}
	refused := []enroll.Outcome{{Err: &graph.SignInError{What: "the client secret is wrong"}}}
	over, cancel := context.WithTimeoutCause(t.Context(), 0, stopped{codeTimeout, "over"})
	defer cancel()
	tests := []struct {
		name   string
		result enroll.Result
		sent   bool
		signal code
		ctx    context.Context
		want   int
	}{
		{"all done", enroll.Result{Done: one}, true, "", t.Context(), 0},
		{"failed on the way", enroll.Result{Done: one, Failed: one, NotTried: one}, true, "", t.Context(), 5},
		{"first one failed", enroll.Result{Failed: one}, true, "", t.Context(), 5},
		{"first one failed unsent", enroll.Result{Failed: one}, false, "", t.Context(), 1},
		{"first one not signed in", enroll.Result{Failed: refused, NotTried: one}, false, "", t.Context(), 4},
		{"one was there already", enroll.Result{Done: one, Failed: refused}, false, "", t.Context(), 5},
		{"unknown", enroll.Result{Unknown: one}, true, "", t.Context(), 5},
		{"interrupted", enroll.Result{Done: one, NotTried: one}, true, codeInterrupted, t.Context(), 130},
		{"terminated", enroll.Result{Done: one, NotTried: one}, true, codeTerminated, t.Context(), 143},
		{"interrupted, outcome unknown", enroll.Result{Unknown: one, NotTried: one}, true, codeInterrupted, t.Context(), 5},
		{"interrupted when all was done", enroll.Result{Done: one}, true, codeInterrupted, t.Context(), 0},
		{"nothing sent", enroll.Result{NotTried: one}, false, "", t.Context(), 1},
		{"time over before anything was sent", enroll.Result{NotTried: one}, false, "", over, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &factory{interrupts: newInterrupts()}
			if tt.signal != "" {
				f.interrupts.first = &stopped{tt.signal, "stopped"}
			}
			if got := exitCode(f.ending(tt.ctx, tt.result, tt.sent)); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLimited(t *testing.T) {
	ctx, cancel := limited(t.Context(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	if got := explain(over(ctx, errors.New("cut"))).code; got != codeTimeout {
		t.Errorf("code %q", got)
	}
	if got := explain(over(ctx, fail(codeHalfway, "", "half"))).code; got != codeHalfway {
		t.Errorf("half way became %q", got)
	}
}
