package graph

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func jwt(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + canary
}

func TestIdentity(t *testing.T) {
	expires := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, token string
		want        Identity
	}{
		{"application", jwt(`{"tid":"t","appid":"c","app_displayname":"intune-enroll","idtyp":"app","roles":["Z.Read.All","A.Read.All"]}`),
			Identity{TenantID: "t", ClientID: "c", Name: "intune-enroll", App: true, Permissions: []string{"A.Read.All", "Z.Read.All"}, Expires: expires}},
		{"application without roles or type", jwt(`{"tid":"t","azp":"c"}`), Identity{TenantID: "t", ClientID: "c", App: true, Expires: expires}},
		{"user", jwt(`{"tid":"t","appid":"c","upn":"admin@contoso.com","app_displayname":"intune-enroll","scp":"B.Read A.Read","wids":["x"]}`),
			Identity{TenantID: "t", ClientID: "c", Name: "admin@contoso.com", Permissions: []string{"A.Read", "B.Read"}, Expires: expires}},
		{"user with escapes", jwt(`{"tid":"t","preferred_username":"a\u001b[2J","scp":"A"}`), Identity{TenantID: "t", Name: "a[2J", Permissions: []string{"A"}, Expires: expires}},
		{"opaque", canary, Identity{Expires: expires, Opaque: true}},
		{"not base64", "a.%%%.c", Identity{Expires: expires, Opaque: true}},
		{"not JSON", "a." + base64.RawURLEncoding.EncodeToString([]byte("x")) + ".c", Identity{Expires: expires, Opaque: true}},
		{"no tenant", jwt(`{}`), Identity{Expires: expires, Opaque: true}},
		{"five parts", "a.b.c.d.e", Identity{Expires: expires, Opaque: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, identity(tt.token, expires)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzIdentity(f *testing.F) {
	f.Add(jwt(`{"tid":"t","exp":1e300,"scp":"a b"}`))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		if id := identity(token, time.Time{}); id.Opaque && id.TenantID != "" {
			t.Errorf("opaque with a tenant: %+v", id)
		}
	})
}
