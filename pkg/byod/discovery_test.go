package byod

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tenantID = "8f6c1c2e-0f5a-4c0b-9d3e-2b7a1c9d4e5f"

func TestDiscovery(t *testing.T) {
	for _, tc := range []struct{ cloud, host string }{{"global", "manage.microsoft.com"}, {"gcc-high", "manage.microsoft.us"}, {"dod", "manage.microsoft.us"}, {"china", "manage.microsoft.cn"}} {
		t.Run(tc.cloud, func(t *testing.T) {
			body, err := Discovery(tc.cloud, tenantID)
			if err != nil {
				t.Fatal(err)
			}
			want := `{"Servers":[{"Version":"mdm-byod","BaseURL":"https://` + tc.host + `/EnrollmentServer/PostReportDeviceInfoForUEV2?aadTenantId=` + tenantID + `"}]}` + "\n"
			if diff := cmp.Diff(want, string(body)); diff != "" {
				t.Error(diff)
			}
			if f := checkDiscovery(body, tc.cloud, strings.ToUpper(tenantID)); len(f) != 1 || f[0].Severity != "ok" {
				t.Errorf("what is generated is not taken: %v", f)
			}
		})
	}
	if _, err := Discovery("custom", tenantID); err == nil {
		t.Error("a body for an unknown cloud")
	}
}

func TestCheckDiscovery(t *testing.T) {
	server := func(version, url string) string {
		return fmt.Sprintf(`{"Servers":[{"Version":%q,"BaseURL":%q}]}`, version, url)
	}
	good := "https://manage.microsoft.com/EnrollmentServer/PostReportDeviceInfoForUEV2?aadTenantId=" + tenantID
	for _, tc := range []struct{ name, body, cloud, tenant, want string }{
		{"good", server("mdm-byod", good), "global", tenantID, "ok: devices are sent to Intune, tenant " + tenantID},
		{"tenant not compared", server("mdm-byod", good), "global", "", "info: devices are sent to Intune, tenant " + tenantID + "; whether that is yours was not compared"},
		{"empty", " \n", "global", tenantID, "error: the body is not the JSON that a device expects: it is empty"},
		{"web page", "<!doctype html>", "global", tenantID, "error: the body is not the JSON that a device expects: it is a web page"},
		{"byte order mark", "\ufeff" + server("mdm-byod", good), "global", tenantID, "error: the body is not the JSON that a device expects: it begins with a byte order mark"},
		{"cut", `{"Servers":[`, "global", tenantID, "error: the body is not the JSON that a device expects: it is not JSON"},
		{"a list", `[]`, "global", tenantID, "error: the body is not the JSON that a device expects: it is JSON of another form"},
		{"no server", `{"Servers":[]}`, "global", tenantID, "error: the body names no server of version mdm-byod"},
		{"for company devices", server("mdm-adde", good), "global", tenantID, "error: the body names no server of version mdm-byod"},
		{"another cloud", server("mdm-byod", good), "china", tenantID, `error: the server is "manage.microsoft.com"; in cloud china it is "manage.microsoft.cn"`},
		{"another tenant", server("mdm-byod", good), "global", "9f6c1c2e-0f5a-4c0b-9d3e-2b7a1c9d4e5f", "error: devices are sent to tenant " + tenantID + ", not to 9f6c1c2e-0f5a-4c0b-9d3e-2b7a1c9d4e5f"},
		{"the placeholder", server("mdm-byod", strings.Replace(good, tenantID, "YourAADTenantID", 1)), "global", tenantID, "error: devices are sent to tenant YourAADTenantID, not to " + tenantID},
		{"no tenant", server("mdm-byod", strings.TrimSuffix(good, "?aadTenantId="+tenantID)), "global", tenantID, "error: the address of the server names no tenant (aadTenantId)"},
		{"another path", server("mdm-byod", strings.Replace(good, "V2", "", 1)), "global", tenantID, `error: the path of the server is "/EnrollmentServer/PostReportDeviceInfoForUE", not "/EnrollmentServer/PostReportDeviceInfoForUEV2"`},
		{"plain http", server("mdm-byod", strings.Replace(good, "https", "http", 1)), "global", tenantID, fmt.Sprintf("error: the address of the server is not https: %q", strings.Replace(good, "https", "http", 1))},
		{"unknown cloud", server("mdm-byod", good), "custom", tenantID, `unknown: the address of Intune for devices is not known for cloud "custom": use global, gcc-high, dod or china`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, f := range checkDiscovery([]byte(tc.body), tc.cloud, tc.tenant) {
				got = append(got, fmt.Sprintf("%s: %s", f.Severity, f.Message))
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzCheckDiscovery(f *testing.F) {
	body, err := Discovery("global", tenantID)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"Servers":[{"Version":"mdm-byod","BaseURL":"https://[::1"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, finding := range checkDiscovery(body, "global", tenantID) {
			if finding.Message == "" || finding.Severity == "" {
				t.Errorf("%q: %+v", body, finding)
			}
		}
	})
}

// web is a Discoverer that reaches a server on loopback under whatever name.
func web(t *testing.T, h http.HandlerFunc) Discoverer {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	tr := s.Client().Transport.(*http.Transport).Clone()
	tr.TLSClientConfig.ServerName = "example.com" // the certificate's
	tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.Listener.Addr().String())
	}
	return Discoverer{transport: tr}
}

func TestVerify(t *testing.T) {
	body, err := Discovery("global", tenantID)
	if err != nil {
		t.Fatal(err)
	}
	serve := func(kind string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(body) // a test server
		}
	}
	for _, tc := range []struct {
		name string
		h    http.HandlerFunc
		want []string
	}{
		{"as a device asks", func(w http.ResponseWriter, r *http.Request) {
			if got := r.Method + " " + r.Host + r.URL.String(); got != "GET contoso.com/.well-known/com.apple.remotemanagement?model-family=iPhone&user-identifier=someone%40contoso.com" {
				t.Errorf("asked %s", got)
			}
			serve("application/json; charset=utf-8", body)(w, r)
		}, []string{"ok: contoso.com: devices are sent to Intune, tenant " + tenantID}},
		{"another type", serve("application/octet-stream", body), []string{`error: contoso.com: the type of the answer is "application/octet-stream", not application/json`, "ok: contoso.com: devices are sent to Intune, tenant " + tenantID}},
		{"no type", serve("", body), []string{`error: contoso.com: the type of the answer is "", not application/json`, "ok: contoso.com: devices are sent to Intune, tenant " + tenantID}},
		{"not found", http.NotFound, []string{"error: contoso.com: the answer is 404 Not Found; a device then says that the account does not support the expected services"}},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", DiscoveryType)
			for range 200 {
				_, _ = w.Write(make([]byte, 1<<10)) // a test server
			}
		}, []string{"error: contoso.com: the answer is longer than 64 KiB"}},
		{"redirect to plain http", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://contoso.com"+DiscoveryPath, http.StatusFound)
		}, []string{"error: contoso.com: it redirects to an address that is not https"}},
		{"redirect elsewhere", func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "contoso.com" {
				http.Redirect(w, r, "https://www.contoso.com"+DiscoveryPath, http.StatusFound)
				return
			}
			serve(DiscoveryType, body)(w, r)
		}, []string{"warning: contoso.com: it redirects to www.contoso.com; whether every device follows is not established", "ok: contoso.com: devices are sent to Intune, tenant " + tenantID}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			findings, err := web(t, tc.h).Verify(t.Context(), "contoso.com", "global", tenantID)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%s: %s", f.Severity, f.Message))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Nobody there, a loop and a certificate that devices do not trust are errors: nothing was seen.
func TestVerifyCannotLook(t *testing.T) {
	loop := web(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })
	untrusted := web(t, http.NotFound)
	untrusted.transport.(*http.Transport).TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	gone := web(t, http.NotFound)
	gone.transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("refused")}
	}
	for name, d := range map[string]Discoverer{"loop": loop, "untrusted": untrusted, "gone": gone} {
		t.Run(name, func(t *testing.T) {
			if findings, err := d.Verify(t.Context(), "contoso.com", "global", tenantID); err == nil || len(findings) > 0 {
				t.Errorf("%v, %v", findings, err)
			}
		})
	}
}
