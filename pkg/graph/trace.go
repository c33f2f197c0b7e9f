package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// traced writes one line for every attempt. What is not known to be harmless
// is left out: of the path the words of the API and ids made of GUIDs, of the
// query the keys that name members, of bodies the names and types of members
// everybody knows. No header but the ids.
func (c *Client) traced(next http.RoundTripper, line func(string)) http.RoundTripper {
	if line == nil {
		return next
	}
	return step(func(r *http.Request) (*http.Response, error) {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s", r.Method, c.redactedPath(r))
		if sent := requestShape(r); sent != "" {
			b.WriteString(" sent " + sent)
		}
		start := c.now()
		resp, err := next.RoundTrip(r)
		took := c.now().Sub(start).Round(time.Millisecond)
		if err != nil {
			fmt.Fprintf(&b, " -> no answer after %s", took)
		} else {
			fmt.Fprintf(&b, " -> %d after %s", resp.StatusCode, took)
			if p, ok := resp.Body.(*payload); ok {
				fmt.Fprintf(&b, " got %d bytes", len(p.data))
				if s := shape(p.data); s != "" {
					b.WriteString(" " + s)
				}
			}
			if s := retryHint(resp.Header.Get("Retry-After")); s != "" {
				b.WriteString(" retry-after " + s)
			}
			b.WriteString(id(" request-id ", resp.Header.Get("request-id")))
		}
		b.WriteString(id(" client-request-id ", r.Header.Get(clientRequestID)))
		line(b.String())
		return resp, err
	})
}

// The forms of what may be shown are compiled when a trace is on, not at start.
var (
	// word is a segment of the API's own: a collection, an action, a type.
	word = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\$?[a-z][A-Za-z]*(\.[A-Za-z]+)*$`)
	})
	// guids are ids of objects, also joined and with the prefix of a policy's mirror.
	guids = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(ECV2_)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(_[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})*$`)
	})
	// identifier is the value of a header that identifies a request.
	identifier = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
	})
	// selection is a query value that only names members.
	selection = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9_,.$()=;/ ]{1,300}$`)
	})
)

const hidden = "***"

func (c *Client) redactedPath(r *http.Request) string {
	path := strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(c.endpoint.Path, "/"))
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		name, _, called := strings.Cut(s, "(")
		switch {
		case i == 0 && (s == string(V1) || s == string(Beta)):
		case called && word().MatchString(name):
			segments[i] = name + "(" + hidden + ")"
		case !word().MatchString(s) && !guids().MatchString(s), afterKeyed(segments, i):
			segments[i] = hidden
		}
	}
	out := "/" + strings.Join(segments, "/")
	query := r.URL.Query()
	for i, k := range slices.Sorted(maps.Keys(query)) {
		sep := "&"
		if i == 0 {
			sep = "?"
		}
		value := hidden
		if slices.Contains([]string{"$select", "$expand", "$orderby", "$top", "$count"}, k) && selection().MatchString(query.Get(k)) {
			value = query.Get(k)
		}
		if !word().MatchString(k) {
			k = hidden
		}
		out += sep + k + "=" + value
	}
	return out
}

// afterKeyed hides what follows a collection whose keys are names of people.
func afterKeyed(segments []string, i int) bool {
	return i > 0 && segments[i-1] == "users" && !guids().MatchString(segments[i])
}

func id(label, value string) string {
	if !identifier().MatchString(value) {
		return ""
	}
	return label + value
}

func retryHint(s string) string {
	if s == "" {
		return ""
	}
	if n, err := strconv.Atoi(s); err == nil {
		return strconv.Itoa(n) + "s"
	}
	return "given"
}

func requestShape(r *http.Request) string {
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		return ""
	}
	raw, err := io.ReadAll(body)
	if cerr := body.Close(); err != nil || cerr != nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d bytes %s", len(raw), shape(raw)))
}

// shape describes JSON by the names and types of known members, three levels deep.
func shape(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return ""
	}
	return describe(v, 3)
}

func describe(v any, depth int) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		if len(v) == 0 || depth == 0 {
			return fmt.Sprintf("[%d]", len(v))
		}
		return fmt.Sprintf("[%d × %s]", len(v), describe(v[0], depth-1))
	case map[string]any:
		if depth == 0 {
			return "{…}"
		}
		var out []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if shown(k) {
				out = append(out, k+": "+describe(v[k], depth-1))
			}
		}
		if n := len(v) - len(out); n > 0 {
			out = append(out, fmt.Sprintf("%d more", n))
		}
		return "{" + strings.Join(out, ", ") + "}"
	}
	return ""
}

// shown are the members whose names may be written down. A name can be a
// secret's or, in a map, data itself, so every other one is only counted.
func shown(name string) bool {
	switch name {
	case "@odata.type", "@odata.context", "@odata.count", "@odata.nextLink", "@odata.id",
		"error", "code", "message", "innerError",
		"value", "id", "displayName", "name", "description", "type", "kind", "status", "settings", "settingInstance",
		"settingDefinitionId", "choiceSettingValue", "simpleSettingValue", "simpleSettingCollectionValue", "children",
		"templateReference", "templateId", "platforms", "technologies", "roleScopeTagIds", "creationSource",
		"assignments", "target", "intent", "source", "groupId", "deviceAndAppManagementAssignmentFilterId",
		"deviceAndAppManagementAssignmentFilterType", "useDeviceLicensing", "priority", "platform",
		"defaultEnrollmentType", "availableEnrollmentTypeOptions", "requiresUserAuthentication",
		"enableAuthenticationViaCompanyPortal", "requireCompanyPortalOnSetupAssistantEnrolledDevices",
		"supervisedModeEnabled", "profileRemovalDisabled", "isMandatory", "isDefault", "enabledSkipKeys",
		"awaitDeviceConfiguredConfirmation", "deviceIds", "deviceIdentityIds", "groupTypes", "mailEnabled",
		"mailNickname", "membershipRule", "membershipRuleProcessingState", "securityEnabled", "targetedMobileApps",
		"expirationDateTime", "createdDateTime", "lastModifiedDateTime", "requests", "responses", "method", "url", "body", "headers":
		return true
	}
	return false
}
