package ade

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// TokenFacts is what a live ade-token says of itself. A time the service did
// not give is zero.
type TokenFacts struct {
	ID, Name, AppleID string
	School            bool // Apple School Manager
	Expires           time.Time
	Changed           time.Time // when the token was uploaded or renewed
	Synced            time.Time // last successful sync
	Triggered         time.Time // last sync begun
	SyncError         int       // lastSyncErrorCode; 0: none; -1: the service did not say
	Devices           int       // synced devices
	DevicesUnsaid     bool      // the service does not say Devices
}

// tokens reads enrollment program tokens. The list also holds the pseudo token
// of Apple Configurator, whose type is none; it is no token (recorded traffic).
type tokens struct{ c *graph.Client }

func (tokens) Name() enroll.KindName    { return enroll.ADEToken }
func (tokens) Reads() []enroll.KindName { return nil }
func (tokens) After() []enroll.KindName { return nil }

// wireToken is a depOnboardingSetting, as far as it is used.
type wireToken struct {
	ID        string    `json:"id"`
	TokenName string    `json:"tokenName"`
	TokenType string    `json:"tokenType"`
	AppleID   string    `json:"appleIdentifier"`
	Expires   time.Time `json:"tokenExpirationDateTime"`
	Changed   time.Time `json:"lastModifiedDateTime"`
	Synced    time.Time `json:"lastSuccessfulSyncDateTime"`
	Triggered time.Time `json:"lastSyncTriggeredDateTime"`
	SyncError *int      `json:"lastSyncErrorCode"`
	Devices   *int      `json:"syncedDeviceCount"`
}

func (k tokens) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	list, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: graph.Path("deviceManagement", "depOnboardingSettings"),
		Needs: []string{graph.ServiceConfigRead},
	})
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ADEToken}, err)}
	}
	var out []enroll.Object
	var gaps []enroll.Gap
	for _, raw := range list {
		w, err := decodeToken(raw)
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ADEToken}, err)}
		}
		if strings.EqualFold(w.TokenType, "none") {
			continue
		}
		if known := strings.EqualFold(w.TokenType, "dep") || strings.EqualFold(w.TokenType, "appleSchoolManager"); w.ID == "" || !known {
			err := fmt.Errorf("enrollment program token %q has the id %q and the type %q: what it is cannot be told", w.TokenName, w.ID, w.TokenType)
			gaps = append(gaps, graph.Gap(enroll.Ref{Kind: enroll.ADEToken}, err))
			continue
		}
		facts := w.facts()
		out = append(out, enroll.Object{
			Ref: enroll.Ref{Kind: enroll.ADEToken, Name: facts.Name}, Handles: map[enroll.Handle]string{enroll.ID: w.ID}, Raw: raw, Facts: facts,
		})
	}
	return out, gaps
}

func decodeToken(raw json.RawMessage) (wireToken, error) {
	var w wireToken
	if err := json.Unmarshal(raw, &w); err != nil {
		return wireToken{}, fmt.Errorf("read an enrollment program token: %w", err)
	}
	if w.SyncError == nil {
		w.SyncError = new(-1)
	}
	return w, nil
}

func (w wireToken) facts() TokenFacts {
	devices := 0
	if w.Devices != nil {
		devices = *w.Devices
	}
	return TokenFacts{
		ID: w.ID, Name: cmp.Or(w.TokenName, w.ID), AppleID: w.AppleID, School: strings.EqualFold(w.TokenType, "appleSchoolManager"),
		Expires: graph.Given(w.Expires), Changed: graph.Given(w.Changed), Synced: graph.Given(w.Synced), Triggered: graph.Given(w.Triggered),
		SyncError: *w.SyncError, Devices: devices, DevicesUnsaid: w.Devices == nil,
	}
}

// tokenPath is the path of a token and what follows it.
func tokenPath(id string, rest ...string) string {
	return graph.Path(append([]string{"deviceManagement", "depOnboardingSettings", id}, rest...)...)
}

// lastSegment is what stands behind the last underscore of an id. The profile
// of a device comes back as {token}_{guid}, ECV2_{token}_{guid} or the guid
// alone; only the last part can be compared.
func lastSegment(id string) string { return strings.ToLower(id[strings.LastIndexByte(id, '_')+1:]) }
