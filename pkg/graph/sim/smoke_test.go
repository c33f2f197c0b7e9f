package sim

import (
	"strings"
	"testing"
)

// TestEveryRead asks every readable path of every scenario for the first object there is.
func TestEveryRead(t *testing.T) {
	for _, scenario := range Scenarios() {
		t.Run(scenario, func(t *testing.T) {
			s := start(t, Options{Scenario: scenario, Lag: -1})
			for _, r := range s.schema.routes {
				verb, readable := r.methods["GET"]
				if !readable {
					continue
				}
				path, filled := fill(t, s, r)
				if !filled {
					continue
				}
				api := beta
				if r.v1 {
					api = v1
				}
				got := ask(t, s, "GET", "/"+api+path, "")
				if got.status != 200 && !mayBeMissing(verb.handler) {
					t.Errorf("GET %s: %d %s", path, got.status, got.text)
				}
			}
		})
	}
}

func mayBeMissing(handler string) bool {
	return handler == "getPush" || handler == "getDefaultProfile" || handler == "exportMobileConfig" || handler == "getKey"
}

// fill puts ids of existing objects into a pattern.
func fill(t *testing.T, s *Server, r *route) (string, bool) {
	t.Helper()
	path := ""
	for i, segment := range r.segments {
		if segment != "{id}" {
			path += "/" + strings.Replace(segment, "(bundleId)", "(bundleId='com.microsoft.CompanyPortal')", 1)
			continue
		}
		switch r.segments[i-1] {
		case "configurationSettings":
			path += "/ade_useraffinity"
			continue
		case "dataSharingConsents":
			path += "/appleMDMPushCertificate"
			continue
		}
		items := ask(t, s, "GET", "/beta"+path, "").want(t, 200).items(t)
		if len(items) == 0 {
			return "", false
		}
		path += "/" + items[len(items)-1]["id"].(string)
	}
	return path, true
}
