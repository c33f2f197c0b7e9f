// Package settings says how the program runs: one table of settings, read from
// flags, environment and a settings file, decoded once, with the origin of
// each value. What the tenant shall hold is not here but in the document.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// Settings are all settings, decoded.
type Settings struct {
	Tenant   string `mapstructure:"tenant"`
	ClientID string `mapstructure:"clientId"`
	Auth     string `mapstructure:"auth"`

	ClientSecret        string `mapstructure:"INTUNE_ENROLL_CLIENT_SECRET" json:"-"`
	SecretVariable      string `mapstructure:"-"` // the environment variable that gives it, or that the context names for it; "" when nothing does
	CertificateFile     string `mapstructure:"clientCertificatePath"`
	CertificatePassword string `mapstructure:"INTUNE_ENROLL_CLIENT_CERTIFICATE_PASSWORD" json:"-"`
	SendChain           bool   `mapstructure:"clientSendCertificateChain"`
	FederatedTokenFile  string `mapstructure:"federatedTokenFile"`

	Cloud         string `mapstructure:"cloud"`
	GraphEndpoint string `mapstructure:"graph-endpoint"`
	AuthorityHost string `mapstructure:"authority-host"`
	AuthorityCA   string `mapstructure:"authority-ca"` // path of a PEM file

	Output    string        `mapstructure:"output"`
	Color     string        `mapstructure:"color"`
	NoInput   bool          `mapstructure:"noInput"`
	LogFormat string        `mapstructure:"logFormat"`
	Timeout   time.Duration `mapstructure:"timeout"` // 0: none
	Journal   string        `mapstructure:"journal"`
	Warn      []string      `mapstructure:"warn"` // as ParseThresholds takes them
	Critical  []string      `mapstructure:"critical"`

	Webhook           string `mapstructure:"webhook" json:"-"` // its address is often a secret in itself
	WebhookFormat     string `mapstructure:"webhookFormat"`
	WebhookSecret     string `mapstructure:"INTUNE_ENROLL_WEBHOOK_SECRET" json:"-"`
	WebhookSecretFile string `mapstructure:"webhookSecretFile"`

	Context   string   `mapstructure:"context"` // the context in use; "" is none
	Contexts  []string `mapstructure:"-"`       // the names of those in the settings file
	Variables []string `mapstructure:"-"`       // environment variables that they name for their secrets

	Origins []Origin `mapstructure:"-"` // one for each setting, in the order of the table
}

// Origin says where a setting's value comes from. Value is "(set)" for a secret.
type Origin struct {
	Setting string `json:"setting"`
	Value   string `json:"value"`
	From    string `json:"from"`
}

// From is the origin of a setting by the name of its flag.
func (s Settings) From(name string) string {
	for _, o := range s.Origins {
		if o.Setting == name {
			return o.From
		}
	}
	return ""
}

// Source is where settings are read from.
type Source struct {
	Flags *pflag.FlagSet           // flags that were not given do not count
	Env   func(name string) string // an empty variable does not count
	File  string                   // of --settings; "" is the file of the user, which may be missing
	// Context is the context to use; "" is the one that flag or environment name.
	Context string
}

// Load reads and decodes the settings. The settings file is never looked for
// in the working directory: who can write there could choose the tenant.
func Load(src Source) (Settings, error) {
	keys := Keys()
	v := viper.New()
	path, contexts, err := readFile(v, src, keys)
	if err != nil {
		return Settings{}, err
	}
	in, err := choose(contexts, src.context(), path)
	if err != nil {
		return Settings{}, err
	}
	var s Settings
	for _, c := range contexts {
		s.Contexts = append(s.Contexts, c.name)
		if variable := c.text(secretVariable); variable != "" {
			s.Variables = append(s.Variables, variable)
		}
	}
	for _, k := range keys {
		if k.Env == Prefix+"CLIENT_SECRET" {
			s.SecretVariable = cmp.Or(in.text(secretVariable), set(src.Env, k.Env, k.Azure))
		}
		s.Origins = append(s.Origins, place(v, k, src, path, in))
	}
	if err := v.UnmarshalExact(&s, viper.DecodeHook(mapstructure.ComposeDecodeHookFunc(
		mapstructure.StringToTimeDurationHookFunc(), listOfWords))); err != nil {
		return Settings{}, fmt.Errorf("a setting has a value of the wrong type: %w: see `intune-enroll auth status -v` and `intune-enroll help environment`", err)
	}
	return s, nil
}

// context is the name of the context to use.
func (src Source) context() string {
	if src.Context != "" {
		return src.Context
	}
	if f := given(src.Flags, Key{Flag: "context"}); f != nil {
		return f.Value.String()
	}
	return src.Env(Prefix + "CONTEXT")
}

// place puts the value of one setting into v and says where it comes from.
// Every key gets a default: viper decodes only keys it knows.
func place(v *viper.Viper, k Key, src Source, path string, in context) Origin {
	o := Origin{Setting: k.Name(), From: "default"}
	v.SetDefault(k.field(), k.Default)
	put := func(value any) {
		if k.Layered {
			value = over(words(v.Get(k.field())), words(value))
		}
		v.Set(k.field(), value)
	}
	if k.File != "" && v.InConfig(k.File) {
		o.From = "settings file " + path
		if k.Layered {
			v.Set(k.field(), over(words(k.Default), words(v.Get(k.field()))))
		}
	}
	if k.Flag == "journal" {
		v.SetDefault(k.field(), stateDir(src.Env))
	}
	// viper reads the process's own environment only, and a test has another.
	if name := set(src.Env, k.Env, k.Azure); name != "" {
		put(src.Env(name))
		o.From = "environment " + name
	}
	if value, ok := in.value(k, src.Env); ok {
		put(value)
		o.From = "context " + in.name + " of settings file " + path
	}
	if k.Flag == "context" && src.Context != "" {
		v.Set(k.field(), src.Context)
		o.From = "--all"
	} else if f := given(src.Flags, k); f != nil {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			put(list.GetSlice())
		} else {
			put(f.Value.String())
		}
		o.From = "flag --" + k.Flag
	}
	o.Value = strings.Join(v.GetStringSlice(k.field()), " ")
	if k.Secret && o.Value != "" {
		o.Value = "(set)"
	}
	return o
}

// over lays a list of thresholds over that of a weaker place: one that names
// kinds only leaves the limits of all others as they were.
func over(weak, strong []string) []string {
	if slices.ContainsFunc(strong, func(s string) bool { return !strings.Contains(s, "=") }) {
		return strong
	}
	return slices.Concat(weak, strong)
}

// words are the items of a list, or of a text that holds one.
func words(value any) []string {
	switch value := value.(type) {
	case []string:
		return value
	case []any:
		var out []string
		for _, item := range value {
			out = append(out, fmt.Sprint(item))
		}
		return out
	}
	return strings.Fields(fmt.Sprint(value))
}

// set is the first of the variables that is not empty: this program's own
// wins over Azure's.
func set(env func(string) string, names ...string) string {
	for _, name := range names {
		if name != "" && env(name) != "" {
			return name
		}
	}
	return ""
}

// listOfWords splits a text at white space where a list is wanted.
func listOfWords(from, to reflect.Type, value any) (any, error) {
	if from.Kind() == reflect.String && to == reflect.TypeFor[[]string]() {
		return strings.Fields(reflect.ValueOf(value).String()), nil
	}
	return value, nil
}

func given(flags *pflag.FlagSet, k Key) *pflag.Flag {
	if k.Flag == "" || flags == nil {
		return nil
	}
	if f := flags.Lookup(k.Flag); f != nil && f.Changed {
		return f
	}
	return nil
}

// readFile reads the settings file into v and gives its path, "" when there is
// none, and its contexts.
func readFile(v *viper.Viper, src Source, keys []Key) (string, []context, error) {
	path, asked := src.File, true
	if path == "" {
		path, asked = userFile(src.Env), false
	}
	if path == "" {
		return "", nil, nil
	}
	file := viper.New()
	file.SetConfigFile(path)
	file.SetConfigType("yaml")
	if err := file.ReadInConfig(); err != nil {
		if errors.Is(err, fs.ErrNotExist) && !asked {
			return "", nil, nil
		}
		return "", nil, fmt.Errorf("read settings file %s: %w", path, err)
	}
	contexts, err := readContexts(file, path)
	if err != nil {
		return "", nil, err
	}
	known := fileKeys(keys)
	for _, name := range file.AllKeys() {
		if name != "contexts" && !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			return "", nil, fmt.Errorf("settings file %s: unknown key %q: use %s or contexts", lineOf(path, whole, name), name, strings.Join(known, ", "))
		}
	}
	values := file.AllSettings()
	delete(values, "contexts") // they are no setting
	if err := v.MergeConfigMap(values); err != nil {
		return "", nil, fmt.Errorf("read settings file %s: %w", path, err)
	}
	return path, contexts, nil
}

// userFile is the settings file of the user: in $XDG_CONFIG_HOME, ~/.config or
// %AppData%; "" when the environment names no home.
func userFile(env func(string) string) string {
	dir := home(env, "XDG_CONFIG_HOME", "AppData", ".config")
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "intune-enroll", "settings.yaml")
}

// stateDir is where journals go: in $XDG_STATE_HOME, ~/.local/state or
// %LocalAppData%; "" when the environment names no home.
func stateDir(env func(string) string) string {
	dir := home(env, "XDG_STATE_HOME", "LocalAppData", filepath.Join(".local", "state"))
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "intune-enroll")
}

func home(env func(string) string, xdg, windows, below string) string {
	if dir := env(xdg); filepath.IsAbs(dir) {
		return dir
	}
	if runtime.GOOS == "windows" {
		return env(windows)
	}
	if dir := env("HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, below)
	}
	return ""
}

// ReadCA reads the file of --authority-ca; nothing when there is none.
func (s Settings) ReadCA() ([]byte, error) {
	if s.AuthorityCA == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(s.AuthorityCA)
	if err != nil {
		return nil, fmt.Errorf("read --authority-ca: %w", err)
	}
	return pem, nil
}
