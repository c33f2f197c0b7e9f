package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	f := pflag.NewFlagSet("test", pflag.ContinueOnError)
	for _, k := range Keys() {
		switch k.Flag {
		case "":
		case "no-input":
			f.Bool(k.Flag, false, k.Doc)
		case "timeout":
			f.Duration(k.Flag, 0, k.Doc)
		case "warn", "critical":
			f.StringArray(k.Flag, nil, k.Doc)
		default:
			f.String(k.Flag, "", k.Doc)
		}
	}
	if err := f.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f
}

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return func(name string) string { return m[name] }
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	const inFile = "tenant: file.contoso.com\nnoInput: true\ntimeout: 3m\nwarn: 60d,30d\n"
	type result struct {
		Tenant, From string
		NoInput      bool
		Timeout      time.Duration
		Warn         []string
	}
	tests := []struct {
		name string
		args []string
		env  []string
		file string
		want result
	}{
		{"nothing", nil, nil, "", result{From: "default", Warn: []string{"30d"}}},
		{"file", nil, nil, inFile, result{"file.contoso.com", "settings file PATH", true, 3 * time.Minute, []string{"60d,30d"}}},
		{"azure over file", nil, []string{"AZURE_TENANT_ID=azure.contoso.com"}, inFile,
			result{"azure.contoso.com", "environment AZURE_TENANT_ID", true, 3 * time.Minute, []string{"60d,30d"}}},
		{"own variable over azure", nil, []string{"AZURE_TENANT_ID=azure.contoso.com", "INTUNE_ENROLL_TENANT=env.contoso.com", "INTUNE_ENROLL_NO_INPUT=false", "INTUNE_ENROLL_TIMEOUT=1s", "INTUNE_ENROLL_WARN=10d ade-token=20d"}, inFile,
			result{"env.contoso.com", "environment INTUNE_ENROLL_TENANT", false, time.Second, []string{"10d", "ade-token=20d"}}},
		{"flag over all", []string{"--tenant", "flag.contoso.com", "--no-input", "--timeout", "9m", "--warn", "5d,1d", "--warn", "ade-token=8d"},
			[]string{"AZURE_TENANT_ID=azure.contoso.com", "INTUNE_ENROLL_TENANT=env.contoso.com", "INTUNE_ENROLL_NO_INPUT=false"}, inFile,
			result{"flag.contoso.com", "flag --tenant", true, 9 * time.Minute, []string{"5d,1d", "ade-token=8d"}}},
		{"empty variable does not count", nil, []string{"INTUNE_ENROLL_TENANT="}, inFile,
			result{"file.contoso.com", "settings file PATH", true, 3 * time.Minute, []string{"60d,30d"}}},
		{"a kind alone leaves the default to the others", []string{"--warn", "ade-token=8d"}, nil, "", result{From: "default", Warn: []string{"30d", "ade-token=8d"}}},
		{"a kind alone in each place", []string{"--warn", "ade-token=8d"}, []string{"INTUNE_ENROLL_WARN=vpp-token=9d ade-token=1d"}, "warn: ['push-certificate=90d']\n",
			result{From: "default", Warn: []string{"30d", "push-certificate=90d", "vpp-token=9d", "ade-token=1d", "ade-token=8d"}}},
		{"an empty list", nil, nil, "warn: []\n", result{From: "default", Warn: []string{"30d"}}},
		{"a number is kept, to be refused", nil, nil, "warn: 30\n", result{From: "default", Warn: []string{"30"}}},
		{"list in the file", nil, nil, "warn: [30d, 'ade-token=60d']\n", result{From: "default", Warn: []string{"30d", "ade-token=60d"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := Source{Flags: flags(t, tt.args...), Env: env(tt.env...)}
			if tt.file != "" {
				src.File = file(t, tt.file)
			}
			s, err := Load(src)
			if err != nil {
				t.Fatal(err)
			}
			from := s.From("tenant")
			if src.File != "" {
				from = strings.ReplaceAll(from, src.File, "PATH")
			}
			got := result{s.Tenant, from, s.NoInput, s.Timeout, s.Warn}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUserFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "intune-enroll"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "intune-enroll", "settings.yaml"), []byte("cloud: china\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(Source{Env: env("XDG_CONFIG_HOME=" + dir)})
	if err != nil {
		t.Fatal(err)
	}
	if s.Cloud != "china" {
		t.Errorf("cloud %q from the user's file", s.Cloud)
	}
}

// A settings file in the working directory chooses nothing.
func TestNotFromWorkingDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"settings.yaml", ".intune-enroll.yaml", filepath.Join("intune-enroll", "settings.yaml")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("tenant: attacker.example\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(Source{Env: env("XDG_CONFIG_HOME=.", "HOME=.")})
	if err != nil {
		t.Fatal(err)
	}
	if s.Tenant != "" {
		t.Errorf("tenant %q taken from the working directory", s.Tenant)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"unknown key", "tennant: x\n", `unknown key "tennant"`},
		{"a secret does not belong there", "INTUNE_ENROLL_CLIENT_SECRET: x\n", "unknown key"},
		{"an address does not belong there", "graph-endpoint: https://x.example\n", "unknown key"},
		{"wrong type", "noInput: perhaps\n", "wrong type"},
		{"nested", "tenant: {id: x}\n", `unknown key "tenant.id"`},
		{"no yaml", "tenant: [x\n", "read settings file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(Source{Env: env(), File: file(t, tt.file)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
	if _, err := Load(Source{Env: env(), File: filepath.Join(t.TempDir(), "none.yaml")}); err == nil {
		t.Error("a settings file that was asked for and is missing was accepted")
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	s, err := Load(Source{Env: env("AZURE_CLIENT_SECRET=canary", "INTUNE_ENROLL_CLIENT_CERTIFICATE_PASSWORD=canary")})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range s.Origins {
		if strings.Contains(o.Value, "canary") {
			t.Errorf("%s shows its secret", o.Setting)
		}
	}
	if diff := cmp.Diff([]string{"canary", "canary"}, []string{s.ClientSecret, s.CertificatePassword}); diff != "" {
		t.Error(diff)
	}
	if from := s.From("INTUNE_ENROLL_CLIENT_SECRET"); from != "environment AZURE_CLIENT_SECRET" {
		t.Errorf("secret from %q", from)
	}
}

func TestParseThresholds(t *testing.T) {
	const day = 24 * time.Hour
	kinds := []string{"ade-token", "push-certificate"}
	tests := []struct {
		name    string
		values  []string
		want    Thresholds
		wantErr string
	}{
		{"plain", []string{"60d,30d"}, Thresholds{All: []time.Duration{60 * day, 30 * day}, Kinds: map[string][]time.Duration{}}, ""},
		{"per kind", []string{"30d", "ade-token=36h"}, Thresholds{All: []time.Duration{30 * day}, Kinds: map[string][]time.Duration{"ade-token": {36 * time.Hour}}}, ""},
		{"unknown kind", []string{"tokens=3d"}, Thresholds{}, "use one of ade-token, push-certificate"},
		{"no kind", []string{"=3d"}, Thresholds{}, "use one of ade-token, push-certificate"},
		{"no unit", []string{"30"}, Thresholds{}, "write days as 30d"},
		{"unit alone", []string{"d"}, Thresholds{}, "write days as 30d"},
		{"two units", []string{"3dh"}, Thresholds{}, "write days as 30d"},
		{"negative", []string{"-3d"}, Thresholds{}, "write days as 30d"},
		{"too long", []string{"99999999999d"}, Thresholds{}, "at most"},
		{"empty item", []string{"3d,"}, Thresholds{}, "is not a time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseThresholds(tt.values, kinds)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("got %v, want an error with %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParseThresholds(f *testing.F) {
	f.Add("60d,30d")
	f.Add("ade-token=1h")
	f.Fuzz(func(t *testing.T, v string) {
		got, err := ParseThresholds([]string{v}, []string{"ade-token"})
		if err != nil {
			return
		}
		for _, d := range append(got.All, got.Kinds["ade-token"]...) {
			if d < 0 || d > longest*24*time.Hour {
				t.Fatalf("%q gives %v", v, d)
			}
		}
	})
}
