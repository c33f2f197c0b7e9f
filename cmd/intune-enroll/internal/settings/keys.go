package settings

import (
	"maps"
	"slices"
)

// Prefix begins the name of every environment variable of the program.
const Prefix = "INTUNE_ENROLL_"

// Key is one row of the table of settings: where a setting may come from, in
// the order of precedence, and what it is when it comes from nowhere. An empty
// column is a place it cannot come from.
type Key struct {
	Flag    string // the long flag, without dashes
	Env     string // the environment variable of this program
	Azure   string // the variable other Azure tools read; for sign-in only
	File    string // the key in the settings file
	Default string
	Secret  bool // never shown
	Layered bool // a list of thresholds: what a place does not name stays as the weaker one says
	Doc     string
}

// Name is how people know the setting: its flag, or else its variable.
func (k Key) Name() string {
	if k.Flag != "" {
		return k.Flag
	}
	return k.Env
}

// field is the name that viper and [Settings] know the setting by.
func (k Key) field() string {
	if k.File != "" {
		return k.File
	}
	return k.Name()
}

// Keys is the table. Secrets come from the environment only; the addresses of
// a cloud of one's own from flags only, so that nothing left behind in a file
// or an environment can send a sign-in elsewhere.
func Keys() []Key {
	return []Key{
		{Flag: "tenant", Env: Prefix + "TENANT", Azure: "AZURE_TENANT_ID", File: "tenant", Doc: "tenant to sign in to: id or verified domain"},
		{Flag: "client-id", Env: Prefix + "CLIENT_ID", Azure: "AZURE_CLIENT_ID", File: "clientId", Doc: "application (client) id of the app registration"},
		{Flag: "auth", Env: Prefix + "AUTH", File: "auth", Default: "default", Doc: "how to sign in"},
		{Env: Prefix + "CLIENT_SECRET", Azure: "AZURE_CLIENT_SECRET", Secret: true, Doc: "client secret, for --auth client-secret"},
		{Env: Prefix + "CLIENT_CERTIFICATE_PATH", Azure: "AZURE_CLIENT_CERTIFICATE_PATH", File: "clientCertificatePath", Doc: "PEM or PKCS #12 file with certificate and key, for --auth client-certificate"},
		{Env: Prefix + "CLIENT_CERTIFICATE_PASSWORD", Azure: "AZURE_CLIENT_CERTIFICATE_PASSWORD", Secret: true, Doc: "password of that file"},
		{Env: Prefix + "CLIENT_SEND_CERTIFICATE_CHAIN", Azure: "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", File: "clientSendCertificateChain", Default: "false", Doc: "send the certificate's chain, for subject name and issuer authentication"},
		{Env: Prefix + "FEDERATED_TOKEN_FILE", Azure: "AZURE_FEDERATED_TOKEN_FILE", File: "federatedTokenFile", Doc: "file with the federated token, for --auth workload-identity"},
		{Flag: "cloud", Env: Prefix + "CLOUD", File: "cloud", Default: "global", Doc: "global, gcc-high, dod, china, or custom (flags only)"},
		{Flag: "graph-endpoint", Doc: "address of Microsoft Graph, with --cloud custom"},
		{Flag: "authority-host", Doc: "address of the sign-in, with --cloud custom"},
		{Flag: "authority-ca", Doc: "PEM file of the certificate authority to trust for the sign-in, on loopback only, with --cloud custom"},
		{Flag: "output", Env: Prefix + "OUTPUT", File: "output", Default: "table", Doc: "format of the result"},
		{Flag: "color", Env: Prefix + "COLOR", File: "color", Default: "auto", Doc: "auto, always or never"},
		{Flag: "no-input", Env: Prefix + "NO_INPUT", File: "noInput", Default: "false", Doc: "never ask"},
		{Flag: "log-format", Env: Prefix + "LOG_FORMAT", File: "logFormat", Default: "text", Doc: "text or json, on stderr"},
		{Flag: "timeout", Env: Prefix + "TIMEOUT", File: "timeout", Default: "0s", Doc: "longest time for the whole run, such as 10m; 0s is no limit"},
		{Flag: "journal", Env: Prefix + "JOURNAL", File: "journal", Doc: "folder of the journals of apply"},
		{Flag: "warn", Env: Prefix + "WARN", File: "warn", Default: "30d", Layered: true, Doc: "how long before an expiry check warns: 60d,30d, or one kind of thing with push-certificate=60d,30d"},
		{Flag: "critical", Env: Prefix + "CRITICAL", File: "critical", Default: "7d", Layered: true, Doc: "how long before an expiry check calls it critical, written as --warn"},
		{Flag: "context", Env: Prefix + "CONTEXT", Doc: "entry of contexts in the settings file to work with"},
		{Flag: "webhook", Env: Prefix + "WEBHOOK", Secret: true, Doc: "https address that check notifies of changes; better in the environment, since it is often a secret"},
		{Flag: "webhook-format", Env: Prefix + "WEBHOOK_FORMAT", File: "webhookFormat", Default: "json", Doc: "json, slack or teams"},
		{Env: Prefix + "WEBHOOK_SECRET", Secret: true, Doc: "secret that signs notifications of format json, by HMAC-SHA256 of the body"},
		{Env: Prefix + "WEBHOOK_SECRET_FILE", File: "webhookSecretFile", Doc: "file with that secret"},
	}
}

// fileKeys are the keys a settings file may have.
func fileKeys(keys []Key) []string {
	names := map[string]bool{}
	for _, k := range keys {
		if k.File != "" {
			names[k.File] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
