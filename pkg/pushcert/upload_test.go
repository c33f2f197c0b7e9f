package pushcert

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestUploadRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	good := Certificate{Topic: topicOne, Name: "APSP:1", Issuer: "Apple Inc.", From: now.Add(-enroll.Day), Until: now.Add(364 * enroll.Day), Key: "k"}
	there := Present{PushCertificate: graph.PushCertificate{AppleID: "apple@contoso.com", Topic: topicOne, Expires: now.Add(20 * enroll.Day)}, Devices: 12}
	with := func(f func(*Upload)) Upload {
		u := Upload{Certificate: good}
		f(&u)
		return u
	}
	numbered := there
	numbered.SerialNumber = "f"
	old := func(u *Upload) {
		u.Certificate.From, u.Certificate.Until = now.Add(-345*enroll.Day), now.Add(20*enroll.Day)
	}
	const cutOff = "the topic changes from com.apple.mgmt.External.1 to com.apple.mgmt.External.2: every enrolled iPhone, iPad and Mac loses contact for good and must enroll again "
	tests := []struct {
		name    string
		u       Upload
		present *Present
		want    []string
	}{
		{"renewed", Upload{Certificate: good}, &there, nil},
		{"first one", with(func(u *Upload) { u.AppleID = "apple@contoso.com" }), nil, nil},
		{"first one without an account", Upload{Certificate: good}, nil, []string{"error push-apple-id this is the first certificate, so the upload has to name the Apple account that made it"}},
		{"renewed, and the account not written down", Upload{Certificate: good}, &Present{PushCertificate: graph.PushCertificate{Topic: topicOne, Expires: now}}, []string{"error push-apple-id nobody wrote down an Apple account for the present certificate, so the upload has to name one"}},
		{"created instead of renewed", with(func(u *Upload) { u.Certificate.Topic = "com.apple.mgmt.External.2" }), &there, []string{"error push-topic " + cutOff + "(enrolled: 12)"}},
		{"accepted, not counted", with(func(u *Upload) { u.Certificate.Topic, u.AcceptTopic = "com.apple.mgmt.External.2", true }), &Present{PushCertificate: there.PushCertificate, Devices: -1, Uncounted: "403"},
			[]string{"warning push-topic " + cutOff + "(how many are enrolled cannot be told: 403)"}},
		{"for an app", with(func(u *Upload) { u.Certificate.Topic, u.Certificate.Name = "com.contoso.app", "Apple Push Services" }), nil, []string{
			"error push-apple-id this is the first certificate, so the upload has to name the Apple account that made it",
			`error push-kind the certificate is for "Apple Push Services" with topic "com.contoso.app", not for MDM push, whose topics begin with com.apple.mgmt`}},
		{"no topic", with(func(u *Upload) { u.Certificate.Topic, u.AppleID = "", "a@contoso.com" }), nil, []string{
			`error push-kind the certificate is for "APSP:1" with topic "not known", not for MDM push, whose topics begin with com.apple.mgmt`}},
		{"not by Apple", with(func(u *Upload) { u.Certificate.Issuer = "Contoso" }), &there, []string{`warning push-kind the certificate says that it was issued by "Contoso", not by Apple`}},
		{"expired", with(func(u *Upload) { u.Certificate.Until = now }), &there, []string{"error push-validity the certificate expired on 2026-11-22 12:00 UTC"}},
		{"not yet valid", with(func(u *Upload) { u.Certificate.From = now.Add(time.Hour) }), &there, []string{"error push-validity the certificate is not valid before 2026-11-22 13:00 UTC"}},
		{"not later", with(func(u *Upload) { u.Certificate.Until = now.Add(19 * enroll.Day) }), &there, []string{"error push-validity the certificate ends on 2026-12-11 12:00 UTC, not later than the present one, which ends on 2026-12-12 12:00 UTC"}},
		{"another one that ends at the same time", with(func(u *Upload) { u.Certificate.Serial, u.Certificate.Until = "1A", now.Add(20*enroll.Day) }), &numbered, []string{"error push-validity the certificate ends on 2026-12-12 12:00 UTC, not later than the present one, which ends on 2026-12-12 12:00 UTC"}},
		{"the same again", with(func(u *Upload) { u.Certificate.Serial, u.Certificate.Until = "0F", now.Add(20*enroll.Day) }), &numbered, []string{"info push-validity the certificate is the one in use"}},
		{"the same again, no serial number", with(func(u *Upload) { u.Certificate.Until = now.Add(20 * enroll.Day) }), &there, []string{"info push-validity the certificate is the one in use"}},
		{"the file of last year", with(old), &there, []string{"error push-validity the certificate is the one in use since 2025-12-12 12:00 UTC, not a renewed one: both end on 2026-12-12 12:00 UTC"}},
		{"the file of last year, moved to another account", with(func(u *Upload) { old(u); u.AppleID = "other@contoso.com" }), &there, []string{
			"warning push-apple-id the Apple account changes from apple@contoso.com to other@contoso.com",
			"info push-validity the certificate is the one in use"}},
		{"another account", with(func(u *Upload) { u.AppleID = "other@contoso.com" }), &there, []string{"warning push-apple-id the Apple account changes from apple@contoso.com to other@contoso.com"}},
		{"the same account in capitals", with(func(u *Upload) { u.AppleID = "Apple@Contoso.com" }), &there, nil},
		{"from the request", with(func(u *Upload) { u.RequestKey = "k" }), &there, nil},
		{"from another request", with(func(u *Upload) { u.RequestKey = "other" }), &there, []string{"error push-request the certificate was made from another signing request than the one that is known here"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.PushCertificate: nil}}
			if tt.present != nil {
				live.Objects[enroll.PushCertificate] = []enroll.Object{{Ref: Ref(), Facts: *tt.present}}
			}
			var got []string
			for _, f := range enroll.Evaluate(UploadRules(), []enroll.Object{tt.u.Object()}, live, now, true) {
				got = append(got, string(f.Severity)+" "+f.Rule+" "+f.Message)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// tenant is a simulated tenant, read without the typed models.
type tenant struct{ *graphtest.Tenant }

func (n tenant) PushCertificate(ctx context.Context) (graph.PushCertificate, error) {
	v, err := graph.Get[struct {
		AppleIdentifier, TopicIdentifier string
		ExpirationDateTime               time.Time
	}](ctx, n.Client, graph.Call{API: graph.V1, Method: http.MethodGet, Path: "/deviceManagement/applePushNotificationCertificate"})
	return graph.PushCertificate{AppleID: v.AppleIdentifier, Topic: v.TopicIdentifier, Expires: v.ExpirationDateTime}, err
}

func start(t *testing.T, o sim.Options) tenant {
	t.Helper()
	return tenant{graphtest.Start(t, o)}
}

func (n tenant) plan(t *testing.T, u Upload) (*enroll.Engine, enroll.Plan) {
	t.Helper()
	e := n.Knows(UploadRules(), []enroll.Kind{Uploading(n, n.Client, u)}).Engine
	want := []enroll.Object{u.Object()}
	return e, e.Plan(want, e.Look(t.Context(), want), n.Client.Now())
}

func TestUpload(t *testing.T) {
	tests := []struct {
		name, scenario, apple string
		otherTopic            bool
		fault                 sim.Fault
		ends                  string // the list of the result that the change is in
	}{
		{"renewal", "expiring", "", false, sim.Fault{}, "done"},
		{"first", "empty", "apple@contoso.com", false, sim.Fault{}, "done"},
		{"another topic, accepted", "contoso", "", true, sim.Fault{}, "done"},
		{"answer lost", "expiring", "", false, sim.Fault{Match: "PATCH", Do: "drop-after"}, "done"},
		{"busy at first", "expiring", "", false, sim.Fault{Match: "PATCH", Do: "status", Status: 503}, "done"},
		{"accepted and forgotten", "expiring", "", false, sim.Fault{Match: "PATCH", Do: "ignore-write"}, "failed"},
		{"refused", "expiring", "", false, sim.Fault{Match: "PATCH", Do: "status", Status: 400}, "failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Scenario: tt.scenario})
			topic := "com.apple.mgmt.External.2"
			if now, err := n.PushCertificate(t.Context()); err == nil && !tt.otherTopic {
				topic = now.Topic
			}
			request, err := NewRequest(t.Context(), n.Client)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Parse(maker{topics: []string{topic}, name: "APSP:1", from: time.Now().Add(-time.Hour), until: time.Now().AddDate(1, 0, 0), issuer: "Apple Inc."}.der(t))
			if err != nil {
				t.Fatal(err)
			}
			if request.Key == "" || request.Key == c.Key {
				t.Errorf("the key of the request is %q", request.Key)
			}
			u := Upload{Certificate: c, AppleID: tt.apple, AcceptTopic: tt.otherTopic}
			e, p := n.plan(t, u)
			if enroll.Worst(p.Findings) == enroll.Error || len(p.Changes) != 1 {
				t.Fatalf("%v %v", p.Findings, p.Changes)
			}
			if asks := strings.Contains(p.Changes[0].Confirm, "(enrolled: 12)"); asks != tt.otherTopic {
				t.Errorf("asks for the tenant's name: %q", p.Changes[0].Confirm)
			}
			if tt.fault.Do != "" {
				n.SetFaults([]sim.Fault{tt.fault})
			}
			r := e.Apply(t.Context(), p, nil, nil)
			got := map[string]int{"done": len(r.Done), "failed": len(r.Failed), "unknown": len(r.Unknown)}
			if got[tt.ends] != 1 {
				t.Fatalf("%v: %+v", got, r)
			}
			if tt.ends != "done" {
				return
			}
			if _, again := n.plan(t, u); len(again.Changes) != 0 {
				t.Errorf("left to do: %v", again.Changes)
			}
			for _, q := range n.Requests() {
				if q.Write {
					var body map[string]string
					if err := json.Unmarshal(q.Body, &body); err != nil || len(body) != 2 || body["certificate"] != c.PEM || body["appleIdentifier"] == "" {
						t.Errorf("sent %s (%v)", q.Body, err)
					}
				}
			}
		})
	}
}

func TestConsent(t *testing.T) {
	n := start(t, sim.Options{Scenario: "empty"})
	before, err := ReadConsent(t.Context(), n.Client)
	if err != nil || before.Granted || before.Terms == "" {
		t.Fatalf("%+v, %v", before, err)
	}
	n.SetFaults([]sim.Fault{{Match: "POST", Do: "ignore-write"}})
	if err := GrantConsent(t.Context(), n.Client); err == nil {
		t.Error("a consent that was not stored is no error")
	}
	n.SetFaults(nil)
	if err := GrantConsent(t.Context(), n.Client); err != nil {
		t.Fatal(err)
	}
	if after, err := ReadConsent(t.Context(), n.Client); err != nil || !after.Granted {
		t.Errorf("%+v, %v", after, err)
	}
}
