package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContexts(t *testing.T) {
	const two = `tenant: file.contoso.com
warn: 60d
contexts:
  - {name: staff, tenant: staff.contoso.com, cloud: gcc-high, warn: [90d, push-certificate=60d]}
  - {name: school, tenant: school.contoso.com, auth: managed-identity, clientSecretVariable: SCHOOL, warn: [vpp-token=10d]}
`
	type result struct {
		Tenant, Cloud, Auth, Secret, Variable, From string
		Warn                                        []string
	}
	tests := []struct {
		name string
		file string
		args []string
		env  []string
		all  string
		want result
		says string
	}{
		{"none", two, nil, nil, "", result{"file.contoso.com", "global", "default", "", "", "settings file PATH", []string{"60d"}}, ""},
		{"by flag", two, []string{"--context", "staff"}, nil, "", result{"staff.contoso.com", "gcc-high", "default", "", "", "context staff of settings file PATH", []string{"90d", "push-certificate=60d"}}, ""},
		{"over the environment", two, []string{"--context", "staff"}, []string{"AZURE_TENANT_ID=env.contoso.com", "INTUNE_ENROLL_WARN=1d", "AZURE_CLIENT_SECRET=s"}, "",
			result{"staff.contoso.com", "gcc-high", "default", "s", "AZURE_CLIENT_SECRET", "context staff of settings file PATH", []string{"90d", "push-certificate=60d"}}, ""},
		{"under a flag", two, []string{"--context", "staff", "--tenant", "flag.contoso.com"}, nil, "", result{"flag.contoso.com", "gcc-high", "default", "", "", "flag --tenant", []string{"90d", "push-certificate=60d"}}, ""},
		{"by environment", two, nil, []string{"INTUNE_ENROLL_CONTEXT=school", "SCHOOL=own", "AZURE_CLIENT_SECRET=other"}, "", result{"school.contoso.com", "global", "managed-identity", "own", "SCHOOL", "context school of settings file PATH", []string{"60d", "vpp-token=10d"}}, ""},
		{"its variable is not set", two, nil, []string{"AZURE_CLIENT_SECRET=other"}, "school", result{"school.contoso.com", "global", "managed-identity", "", "SCHOOL", "context school of settings file PATH", []string{"60d", "vpp-token=10d"}}, ""},
		{"not there", two, []string{"--context", "pupils"}, nil, "", result{}, `context "pupils" is not known: settings file PATH has staff, school`},
		{"no list", "contexts: {name: a}", nil, nil, "", result{}, "contexts is no list"},
		{"no mapping", "contexts: [a]", nil, nil, "", result{}, "context 1 is no mapping"},
		{"no name", "contexts: [{tenant: contoso.com}]", nil, nil, "", result{}, "PATH:1: context 1 has no name"},
		{"no tenant", "contexts: [{name: a}]", nil, nil, "", result{}, `context "a" names no tenant`},
		{"a secret", "contexts: [{name: a, tenant: contoso.com, clientSecret: canary}]", nil, nil, "", result{}, "PATH:1: context 1: unknown key"},
		{"a key further down", "auth: azure-cli\n# hm\ncontexts:\n  - {name: a, tenant: contoso.com}\n  - name: b\n    tenant: contoso.com\n    Warm: [9d]", nil, nil, "", result{}, `PATH:7: context 2: unknown key "warm"`},
		{"a name twice", "contexts:\n  - {name: a, tenant: contoso.com}\n  - tenant: contoso.com\n    \"name\": a", nil, nil, "", result{}, `PATH:4: context "a" stands there twice`},
		{"no mapping", "contexts:\n  - {name: a, tenant: contoso.com}\n  - b", nil, nil, "", result{}, "PATH:3: context 2 is no mapping"},
		{"no list", "auth: azure-cli\ncontexts: a", nil, nil, "", result{}, "PATH:2: contexts is no list"},
		{"a setting that is none", "auth: azure-cli\nWarm: [9d]", nil, nil, "", result{}, `PATH:2: unknown key "warm"`},
		{"custom cloud", "contexts: [{name: a, tenant: contoso.com, cloud: custom}]", nil, nil, "", result{}, "from flags only"},
		{"no file", "", []string{"--context", "a"}, nil, "", result{}, "no settings file has contexts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := ""
			if tt.file != "" {
				path = file(t, tt.file)
			}
			plain := func(s string) string {
				if path == "" {
					return s
				}
				return strings.ReplaceAll(s, path, "PATH")
			}
			s, err := Load(Source{Flags: flags(t, tt.args...), Env: env(tt.env...), File: path, Context: tt.all})
			if tt.says != "" {
				if err == nil || !strings.Contains(plain(err.Error()), tt.says) || strings.Contains(err.Error(), "canary") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := result{s.Tenant, s.Cloud, s.Auth, s.ClientSecret, s.SecretVariable, plain(s.From("tenant")), s.Warn}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"staff", "school"}, s.Contexts); diff != "" {
				t.Error(diff)
			}
		})
	}
}
