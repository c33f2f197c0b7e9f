package byod

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Service discovery of account driven enrollment: the device asks the web
// server of the domain in the user's sign-in name where to enroll (Microsoft
// docs page on setting up account driven user enrollment, 2026).
const (
	DiscoveryPath = "/.well-known/com.apple.remotemanagement" // no file extension
	DiscoveryType = "application/json"
)

// discovery is what the web server answers: one server for personal devices.
type discovery struct {
	Servers []discoveryServer
}

type discoveryServer struct {
	Version string
	BaseURL string
}

// personal is the version of a server for account driven enrollment of personal devices.
const personal = "mdm-byod"

// enrollPath is the path of Intune's server; the tenant is named by the query.
const (
	enrollPath  = "/EnrollmentServer/PostReportDeviceInfoForUEV2"
	tenantQuery = "aadTenantId"
)

// host is the host of Intune in a cloud (the same docs page; both clouds for
// the US government have one).
func host(cloud string) (string, error) {
	switch cloud {
	case "global":
		return "manage.microsoft.com", nil
	case "gcc-high", "dod":
		return "manage.microsoft.us", nil
	case "china":
		return "manage.microsoft.cn", nil
	}
	return "", fmt.Errorf("the address of Intune for devices is not known for cloud %q: use global, gcc-high, dod or china", cloud)
}

// Discovery is the text that web servers of the tenant's domains serve at
// DiscoveryPath as DiscoveryType. The tenant is named by its id.
func Discovery(cloud, tenant string) ([]byte, error) {
	h, err := host(cloud)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	u := url.URL{Scheme: "https", Host: h, Path: enrollPath, RawQuery: url.Values{tenantQuery: {tenant}}.Encode()}
	if err := e.Encode(discovery{[]discoveryServer{{personal, u.String()}}}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// discoveryRule is the rule of the enrollment guide that discovery findings are of.
const discoveryRule = "X-82"

// checkDiscovery compares what a web server answered with what it should. An
// empty tenant id is not compared.
func checkDiscovery(body []byte, cloud, tenant string) []enroll.Finding {
	var d discovery
	if err := decodeDiscovery(body, &d); err != nil {
		return []enroll.Finding{{Rule: discoveryRule, Severity: enroll.Error, Message: "the body is not the JSON that a device expects: " + err.Error(),
			Fix: "serve what byod discovery generate prints, byte for byte"}}
	}
	var servers []string
	for _, s := range d.Servers {
		if s.Version == personal {
			servers = append(servers, s.BaseURL)
		}
	}
	if len(servers) == 0 {
		return []enroll.Finding{{Rule: discoveryRule, Severity: enroll.Error, Message: fmt.Sprintf("the body names no server of version %s", personal),
			Fix: "add the server that byod discovery generate prints"}}
	}
	// Where several are named it is not established which one a device takes: all have to be right.
	var out []enroll.Finding
	for _, address := range servers {
		out = append(out, checkAddress(address, cloud, tenant))
	}
	return out
}

// decodeDiscovery reads one JSON object and nothing behind it.
func decodeDiscovery(body []byte, d *discovery) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("it is empty")
	}
	if first := bytes.TrimSpace(body)[0]; first == '<' {
		return errors.New("it is a web page")
	}
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		return errors.New("it begins with a byte order mark")
	}
	if !json.Valid(body) {
		return errors.New("it is not JSON")
	}
	if err := json.Unmarshal(body, d); err != nil {
		return errors.New("it is JSON of another form")
	}
	return nil
}

func checkAddress(address, cloud, tenant string) enroll.Finding {
	bad := func(format string, args ...any) enroll.Finding {
		return enroll.Finding{Rule: discoveryRule, Severity: enroll.Error, Message: fmt.Sprintf(format, args...), Fix: "serve what byod discovery generate prints"}
	}
	u, err := url.Parse(address)
	if err != nil {
		return bad("the address of the server is none: %q", address)
	}
	want, err := host(cloud)
	named := u.Query().Get(tenantQuery)
	switch {
	case err != nil:
		return enroll.Finding{Rule: discoveryRule, Severity: enroll.Unknown, Message: err.Error()}
	case u.Scheme != "https":
		return bad("the address of the server is not https: %q", address)
	case !strings.EqualFold(u.Host, want):
		return bad("the server is %q; in cloud %s it is %q", u.Host, cloud, want)
	case u.Path != enrollPath:
		return bad("the path of the server is %q, not %q", u.Path, enrollPath)
	case named == "":
		return bad("the address of the server names no tenant (%s)", tenantQuery)
	case tenant == "":
		return enroll.Finding{Rule: discoveryRule, Severity: enroll.Info, Message: fmt.Sprintf("devices are sent to Intune, tenant %s; whether that is yours was not compared", named), Fix: "name your tenant's id with --tenant"}
	case !strings.EqualFold(named, tenant):
		return bad("devices are sent to tenant %s, not to %s", named, tenant)
	}
	return enroll.Finding{Rule: discoveryRule, Severity: enroll.OK, Message: "devices are sent to Intune, tenant " + named}
}
