package graph

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamedCloud(t *testing.T) {
	for name, want := range map[string][3]string{
		"global":   {"https://graph.microsoft.com", "https://login.microsoftonline.com", "https://graph.microsoft.com/.default"},
		"gcc-high": {"https://graph.microsoft.us", "https://login.microsoftonline.us", "https://graph.microsoft.us/.default"},
		"dod":      {"https://dod-graph.microsoft.us", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us/.default"},
		"china":    {"https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := NamedCloud(name)
			if diff := cmp.Diff(want, [3]string{c.GraphEndpoint, c.AuthorityHost, c.Scope()}); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
	for name, want := range map[string]string{"": "global, gcc-high, dod, china", "usgov": "global, gcc-high, dod, china", "custom": "--graph-endpoint"} {
		if _, err := NamedCloud(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCustomCloud(t *testing.T) {
	ca := []byte(testCertificate(t))
	for _, tt := range []struct {
		name, graph, authority string
		ca                     []byte
		want                   string
	}{
		{"https", "https://graph.contoso.com/", "https://login.contoso.com", nil, ""},
		{"http on loopback", "http://127.0.0.1:8080", "https://localhost:8443", ca, ""},
		{"IPv6 loopback", "http://[::1]:8080", "https://[::1]:8443", ca, ""},
		{"http elsewhere", "http://graph.contoso.com", "https://login.contoso.com", nil, "use https"},
		{"a name that begins like loopback", "http://127.0.0.1.contoso.com", "https://login.contoso.com", nil, "use https"},
		{"authority over http", "http://127.0.0.1:1", "http://127.0.0.1:2", nil, "--authority-host http://127.0.0.1:2: use https"},
		{"CA elsewhere", "https://graph.contoso.com", "https://login.contoso.com", ca, "on loopback only"},
		{"CA without a certificate", "http://127.0.0.1:1", "https://127.0.0.1:2", []byte("x"), "holds no certificate"},
		{"no graph", "", "https://login.contoso.com", nil, "needs --graph-endpoint"},
		{"no authority", "https://graph.contoso.com", "", nil, "needs --authority-host"},
		{"not an address", "graph.contoso.com", "https://login.contoso.com", nil, "not an address"},
		{"user information", "https://a:" + canary + "@graph.contoso.com", "https://login.contoso.com", nil, "not an address"},
		{"query", "https://graph.contoso.com?x=y", "https://login.contoso.com", nil, "not an address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := CustomCloud(tt.graph, tt.authority, tt.ca)
			if tt.want == "" {
				want := Cloud{Name: "custom", GraphEndpoint: strings.TrimRight(tt.graph, "/"), AuthorityHost: tt.authority, AuthorityCA: tt.ca}
				if diff := cmp.Diff(want, c); diff != "" || err != nil {
					t.Error(err, diff)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), canary) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
