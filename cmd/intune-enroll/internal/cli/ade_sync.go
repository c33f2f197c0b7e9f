package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// longestSync is how long a sync has until Intune gives it up (Microsoft docs
// page on managing Apple enrollment tokens).
const longestSync = 15 * time.Minute

func newTokenSync(f *factory) *cobra.Command {
	var token string
	var wait bool
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Let Intune fetch devices from Apple now",
		Long: `Let Intune fetch devices from Apple now. Intune does so every 12 hours by itself;
by hand it may be done every 15 minutes, and an earlier try is refused here with
the time from which it is possible.`,
		Example: `  intune-enroll ade token sync --wait`,
		Args:    noArgs,
		RunE:    f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return f.syncToken(ctx, token, wait) }),
	}
	cmd.Flags().StringVar(&token, "token", "", "the token, by name or id; may be left out where there is one")
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until the sync has ended, at most 15 minutes")
	return cmd
}

func (f *factory) syncToken(ctx context.Context, name string, wait bool) (render.Report, error) {
	var r render.Report
	s, live, err := f.tokens(ctx, &r)
	if err != nil {
		return r, err
	}
	o, err := oneToken(live, name)
	if err != nil {
		return r, err
	}
	before, _ := o.Facts.(ade.TokenFacts)
	if next := before.NextSync(s.client.Now()); !next.IsZero() {
		return r, fail(codeTooEarly, "wait until then, and run the same command again",
			"token %q began to sync at %s, and Intune allows it every 15 minutes: it is possible again at %s", before.Name, clock(before.Triggered), clock(next))
	}
	lost := ade.Sync(ctx, s.client, before.ID)
	if lost != nil && !graph.IsLost(lost) {
		return r, fmt.Errorf("sync token %q: %w", before.Name, lost)
	}
	now, err := f.awaitToken(ctx, s, before.ID, cmp.Or(f.process.Settle, time.Minute), func(t ade.TokenFacts) bool { return t.Triggered.After(before.Triggered) })
	if err != nil {
		return r, fmt.Errorf("sync token %q: %w", before.Name, err)
	}
	if !now.Triggered.After(before.Triggered) && lost != nil {
		return r, fail(codeFailed, "intune-enroll ade token list", "token %q does not show a sync that was begun; whether Intune syncs it cannot be told: %w", before.Name, lost)
	}
	if !now.Triggered.After(before.Triggered) {
		return r, fail(codeFailed, "intune-enroll ade token list", "token %q does not show a sync that was begun; whether Intune syncs it cannot be told", before.Name)
	}
	if !wait {
		r.Token = syncedToken(now)
		return r, nil
	}
	defer s.progress("waiting for the sync of " + strconv.Quote(before.Name))()
	now, err = f.awaitToken(ctx, s, before.ID, longestSync, func(t ade.TokenFacts) bool {
		return t.Synced.After(before.Synced) || t.SyncError > 0 && before.SyncError == 0
	})
	r.Token = syncedToken(now)
	switch {
	case err != nil:
		return r, fmt.Errorf("wait for the sync of token %q: %w", before.Name, err)
	case !now.Synced.After(before.Synced) && now.SyncError > 0:
		return r, fail(codeFailed, "intune-enroll check --only ade-token", "the sync of token %q ended with error %d", before.Name, now.SyncError)
	case !now.Synced.After(before.Synced):
		return r, fail(codeFailed, "intune-enroll check --only ade-token", "the sync of token %q has not ended after %s", before.Name, longestSync)
	}
	return r, nil
}

func syncedToken(t ade.TokenFacts) *render.Token {
	return &render.Token{Name: t.Name, ID: t.ID, Begun: t.Triggered, Synced: t.Synced, Devices: t.Devices}
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

// awaitToken reads a token until it is as wanted, or the time is over; it
// gives the token as it was last seen. A look that fails is tried again.
func (f *factory) awaitToken(ctx context.Context, s *session, id string, limit time.Duration, wanted func(ade.TokenFacts) bool) (ade.TokenFacts, error) {
	until := time.Now().Add(limit)
	pause := cmp.Or(f.process.Poll, 200*time.Millisecond)
	var last ade.TokenFacts
	for {
		t, err := ade.ReadToken(ctx, s.client, id)
		if err == nil {
			if last = t; wanted(t) {
				return t, nil
			}
		}
		if ctx.Err() != nil {
			return last, context.Cause(ctx)
		}
		if !time.Now().Before(until) {
			return last, err
		}
		select {
		case <-time.After(pause):
			pause = min(pause*2, 10*time.Second)
		case <-ctx.Done():
			return last, context.Cause(ctx)
		}
	}
}
