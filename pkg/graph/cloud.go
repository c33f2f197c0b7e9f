package graph

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Cloud is a national cloud, or a custom one: where Graph and its sign-in are.
// AuthorityCA (PEM) is trusted in place of the machine's roots, on loopback only.
type Cloud struct {
	Name, GraphEndpoint, AuthorityHost string
	AuthorityCA                        []byte
}

// custom is the name of a cloud made by [CustomCloud].
const custom = "custom"

// clouds gives the roots of the national clouds (Microsoft docs page on
// national cloud deployments). Tokens of gcc-high and dod are not
// interchangeable, although both sign in at the same place.
func clouds() []Cloud {
	return []Cloud{
		{Name: "global", GraphEndpoint: "https://graph.microsoft.com", AuthorityHost: "https://login.microsoftonline.com"},
		{Name: "gcc-high", GraphEndpoint: "https://graph.microsoft.us", AuthorityHost: "https://login.microsoftonline.us"},
		{Name: "dod", GraphEndpoint: "https://dod-graph.microsoft.us", AuthorityHost: "https://login.microsoftonline.us"},
		{Name: "china", GraphEndpoint: "https://microsoftgraph.chinacloudapi.cn", AuthorityHost: "https://login.chinacloudapi.cn"},
	}
}

// NamedCloud gives a national cloud: global, gcc-high, dod or china.
func NamedCloud(name string) (Cloud, error) {
	var names []string
	for _, c := range clouds() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	if name == custom {
		return Cloud{}, errors.New("cloud custom needs its addresses: give --graph-endpoint and --authority-host")
	}
	return Cloud{}, fmt.Errorf("unknown cloud %q: use one of %s, or custom", name, strings.Join(names, ", "))
}

// CustomCloud is a cloud at given addresses: both https, Graph alone may be
// http on loopback. A CA (PEM) is accepted with a loopback authority only, so
// that nobody can be made to trust a stranger for the real sign-in.
func CustomCloud(graphEndpoint, authorityHost string, ca []byte) (Cloud, error) {
	g, err := address("--graph-endpoint", graphEndpoint)
	if err != nil {
		return Cloud{}, err
	}
	if g.Scheme != "https" && (g.Scheme != "http" || !loopback(g)) {
		return Cloud{}, fmt.Errorf("--graph-endpoint %s: use https (http is accepted on loopback only)", g)
	}
	a, err := address("--authority-host", authorityHost)
	if err != nil {
		return Cloud{}, err
	}
	if a.Scheme != "https" {
		return Cloud{}, fmt.Errorf("--authority-host %s: use https", a)
	}
	if len(ca) > 0 {
		if !loopback(a) {
			return Cloud{}, fmt.Errorf("--authority-ca is accepted with an authority on loopback only, not with %s", a)
		}
		if !x509.NewCertPool().AppendCertsFromPEM(ca) {
			return Cloud{}, errors.New("--authority-ca holds no certificate: give a PEM file")
		}
	}
	return Cloud{Name: custom, GraphEndpoint: trimmed(g), AuthorityHost: trimmed(a), AuthorityCA: slices.Clone(ca)}, nil
}

// Scope is what a token is asked for: everything granted beforehand, for this
// cloud's Graph.
func (c Cloud) Scope() string {
	u, err := url.Parse(c.GraphEndpoint)
	if err != nil {
		return c.GraphEndpoint + "/.default"
	}
	return u.Scheme + "://" + u.Host + "/.default"
}

func address(flag, s string) (*url.URL, error) {
	if s == "" {
		return nil, fmt.Errorf("cloud custom needs %s", flag)
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s: not an address such as https://graph.contoso.com", flag)
	}
	return u, nil
}

func trimmed(u *url.URL) string { return strings.TrimRight(u.String(), "/") }

func loopback(u *url.URL) bool {
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// sameHost says that two addresses have the same scheme, host and port.
func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" || u.Scheme != "https" {
		return p
	}
	return "443"
}

// transport is what requests to an address of this cloud go over. The CA of a
// custom cloud counts on loopback only.
func (c Cloud) transport(to *url.URL) (http.RoundTripper, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport, nil
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost = 64
	if len(c.AuthorityCA) > 0 && loopback(to) {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(c.AuthorityCA) {
			return nil, errors.New("the authority's CA holds no certificate: give a PEM file")
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return t, nil
}
