package guide

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// work is what a document asks for, seen from the steps that have to be done by hand.
type work struct {
	doc       document.Document
	known     Known
	everybody string // what the target of all users is called
	aToken    string // what a token is called whose name nobody knows
}

// wanted is a document without what shall go.
func wanted(d document.Document) document.Document {
	stays := func(entries []enroll.Entry) []enroll.Entry {
		return slices.DeleteFunc(slices.Clone(entries), func(e enroll.Entry) bool { return e.Presence() == enroll.Absent })
	}
	d.ADE = slices.Clone(d.ADE)
	for i := range d.ADE {
		d.ADE[i].Profiles = stays(d.ADE[i].Profiles)
	}
	d.Mac, d.BYOD, d.Policies = stays(d.Mac), stays(d.BYOD), stays(d.Policies)
	return d
}

// values fill the texts of one chapter.
type values map[string]string

// profiles are all profiles of Automated Device Enrollment.
func (w work) profiles() []enroll.Entry {
	var out []enroll.Entry
	for _, t := range w.doc.ADE {
		out = append(out, t.Profiles...)
	}
	return out
}

func has(e enroll.Entry, path, value string) bool { return e.Values.Text(path) == value }

func flagged(e enroll.Entry, path string) bool { v, _ := e.Values.Flag(path); return v }

// names are the entries for which ok holds, as a list to read; "" when there are none.
func names(entries []enroll.Entry, ok func(enroll.Entry) bool) string {
	var out []string
	for _, e := range entries {
		if ok(e) {
			out = append(out, e.Values.Text("name"))
		}
	}
	return strings.Join(out, ", ")
}

// once is a chapter that stands there one time, naming the profiles it is
// for, or not at all when there is none.
func once(profiles string, more ...string) []values {
	if profiles == "" {
		return nil
	}
	v := values{"profiles": profiles}
	for i := 0; i+1 < len(more); i += 2 {
		v[more[i]] = more[i+1]
	}
	return []values{v}
}

func (w work) always() []values { return []values{{}} }

// tenant names the groups that have to be there: those that the file names and does not make.
func (w work) tenant() []values {
	var named []string
	for _, e := range slices.Concat(w.profiles(), w.doc.BYOD, w.doc.Policies) {
		named = append(named, e.Values.Text("enrollmentTimeGroup"))
		named = append(named, e.Values.List("assignTo.groups")...)
		named = append(named, e.Values.List("assignTo.excludeGroups")...)
	}
	if w.doc.App != nil {
		named = append(named, w.doc.App.Values.List("requiredFor")...)
	}
	made := func(name string) bool {
		return slices.ContainsFunc(w.doc.Groups, func(g enroll.Entry) bool { return g.Presence() == "" && has(g, "name", name) })
	}
	named = slices.DeleteFunc(enroll.Set(named...), func(g string) bool { return g == "" || made(g) })
	return []values{{"groups": strings.Join(named, ", ")}}
}

// reaches are the documents that people have to hear of.
func (w work) reaches() []values {
	switch {
	case w.enrolls() != nil:
		return []values{{"enrolls": "yes"}}
	case len(w.doc.Policies) > 0:
		return []values{{"enrolls": ""}}
	default:
		return nil
	}
}

func (w work) staged() []values {
	return once(names(w.doc.Policies, func(e enroll.Entry) bool { return has(e, "variant", companyportal.DeviceStaging) }))
}

func (w work) enrolls() []values {
	if len(w.doc.ADE)+len(w.doc.BYOD)+len(w.doc.Mac) == 0 {
		return nil
	}
	v := values{"until": day(w.known.PushExpires), "pushAppleID": w.known.PushAppleID, "topic": orBlank(w.known.PushTopic), "push": "either"}
	switch {
	case w.known.PushAppleID != "":
		v["push"] = "renew"
	case w.known.PushTopic != "":
		v["push"] = "renewByWhom"
	case w.known.Looked:
		v["push"] = "create"
	}
	return []values{v}
}

// tokens are the enrollment program tokens of the file.
func (w work) tokens() []values {
	var out []values
	for _, t := range w.doc.ADE {
		name, serials := cmp.Or(t.Entry.Values.Text("token"), w.known.OnlyToken), 0
		for _, p := range t.Profiles {
			serials += len(p.Values.List("devices.serials"))
		}
		appleID, there := w.known.TokenAppleIDs[name]
		v := values{"token": cmp.Or(name, w.aToken), optionValue: "", "until": day(w.known.TokenExpires[name]), "file": fileName(name, "token"), "appleID": appleID, "server": "either", "serials": ""}
		switch {
		case appleID != "":
			v["server"] = "renew"
		case there:
			v["server"] = "renewByWhom"
		case w.known.Looked && (name != "" || len(w.known.TokenAppleIDs) == 0):
			v["server"] = "create"
		}
		if name != "" {
			v[optionValue] = "--token " + enroll.ShellWord(visible(name))
		}
		if serials > 0 {
			v["serials"] = strconv.Itoa(serials)
		}
		v["appleAccounts"] = names(t.Profiles, func(p enroll.Entry) bool { return has(p, "companyPortal.install", ade.InstallAppleID) })
		out = append(out, v)
	}
	return out
}

// locations are the volume-purchase tokens that Company Portal comes by, with
// the number of devices that the file names for each and the groups of these devices.
func (w work) locations() []values {
	type need struct {
		devices int
		groups  []string
	}
	needs := map[string]need{}
	var order []string
	at := func(name string) need {
		if _, seen := needs[name]; !seen {
			order = append(order, name)
		}
		return needs[name]
	}
	for _, p := range w.profiles() {
		if !has(p, "companyPortal.install", ade.InstallVPP) {
			continue
		}
		name := p.Values.Text("companyPortal.vppToken")
		n := at(name)
		n.devices += len(p.Values.List("devices.serials"))
		n.groups = append(n.groups, w.groupsOf(p)...)
		needs[name] = n
	}
	if w.doc.App != nil && has(*w.doc.App, "source", companyportal.FromVPP) {
		name := w.doc.App.Values.Text("vppToken")
		n := at(name)
		for _, p := range w.doc.Policies {
			n.groups = append(n.groups, p.Values.List("assignTo.groups")...)
		}
		needs[name] = n
	}
	var out []values
	for _, name := range order {
		n := needs[name]
		v := values{"location": name, "appleID": w.known.VPPAppleIDs[name], "devices": "", "updates": "", "groups": strings.Join(enroll.Set(n.groups...), ", ")}
		if n.devices > 0 {
			v["devices"] = strconv.Itoa(n.devices)
		}
		if w.doc.App != nil && has(*w.doc.App, "vppToken", name) && flagged(*w.doc.App, "autoUpdate") {
			v["updates"] = "by the file"
		}
		if w.doc.App != nil && len(w.doc.App.Values.List("requiredFor")) > 0 {
			v["groups"] = "" // the file makes the assignment itself
		}
		out = append(out, v)
	}
	return out
}

// groupsOf are the groups of the file that take in the devices of a profile.
func (w work) groupsOf(p enroll.Entry) []string {
	var out []string
	for _, g := range w.doc.Groups {
		if has(g, "devicesOfProfile", p.Values.Text("name")) {
			out = append(out, g.Values.Text("name"))
		}
	}
	if g := p.Values.Text("enrollmentTimeGroup"); g != "" {
		out = append(out, g)
	}
	return out
}

// justInTime names the profiles whose devices are registered in a work app,
// and the people they are for.
func (w work) justInTime() []values {
	jit := func(e enroll.Entry) bool {
		return flagged(e, "justInTime") || has(e, "enrollment", byod.AccountDriven) || has(e, "enrollment", byod.UserChoice)
	}
	var users []string
	for _, p := range w.doc.BYOD {
		if !jit(p) {
			continue
		}
		users = append(users, p.Values.List("assignTo.groups")...)
		if flagged(p, "assignTo.allUsers") {
			users = append(users, w.everybody)
		}
	}
	return once(names(slices.Concat(w.profiles(), w.doc.BYOD), jit), "users", strings.Join(enroll.Set(users...), ", "))
}

func (w work) web() []values {
	return once(names(w.doc.BYOD, func(e enroll.Entry) bool { return has(e, "enrollment", byod.DeviceWeb) }))
}

func (w work) accounts() []values {
	return once(names(w.doc.BYOD, func(e enroll.Entry) bool {
		return has(e, "enrollment", byod.AccountDriven) || has(e, "enrollment", byod.UserChoice)
	}))
}

func (w work) byAuth(auth string) []values {
	return once(names(w.profiles(), func(e enroll.Entry) bool { return has(e, "authentication", auth) }))
}

func (w work) modern() []values { return w.byAuth(ade.AuthModern) }
func (w work) legacy() []values { return w.byAuth(ade.AuthLegacy) }
func (w work) locked() []values {
	return once(names(w.profiles(), func(e enroll.Entry) bool { return flagged(e, "companyPortal.lockUntilInstalled") }))
}
func (w work) byAffinity(affinity string) []values {
	return once(names(w.profiles(), func(e enroll.Entry) bool { return has(e, "userAffinity", affinity) }))
}
func (w work) sharedIPads() []values { return w.byAffinity(ade.AffinityShared) }
func (w work) entraShared() []values { return w.byAffinity(ade.AffinityEntra) }

func (w work) timeGroups() []values {
	var out []values
	for _, p := range w.profiles() {
		if g := p.Values.Text("enrollmentTimeGroup"); g != "" {
			out = append(out, values{"group": g, "profiles": p.Values.Text("name")})
		}
	}
	return out
}

// prepared are the profiles that a Mac brings to the devices in Setup
// Assistant, direct those that it brings without a reset. Without user
// affinity the mode is direct unless the file says otherwise.
func (w work) prepared() []values { return w.onMac(false) }
func (w work) direct() []values   { return w.onMac(true) }

func (w work) onMac(direct bool) []values {
	var out []values
	for _, p := range w.doc.Mac {
		mode := p.Values.Text("mode")
		if mode == "" && has(p, "userAffinity", configurator.AffinityNone) {
			mode = configurator.ModeDirect
		}
		if (mode == configurator.ModeDirect) != direct {
			continue
		}
		name := p.Values.Text("name")
		v := values{"profile": name, "file": fileName(name, "profile"), "affinity": p.Values.Text("userAffinity"), "serials": ""}
		if len(p.Values.List("devices.serials")) > 0 {
			v["serials"] = "in the file"
		}
		out = append(out, v)
	}
	return out
}

func (w work) automated() []values {
	users := names(w.profiles(), func(e enroll.Entry) bool { return has(e, "userAffinity", ade.AffinityUser) })
	return once(names(w.profiles(), func(enroll.Entry) bool { return true }), "users", users)
}
func (w work) personal() []values {
	return once(names(w.doc.BYOD, func(enroll.Entry) bool { return true }))
}

// fileName makes a name that every shell and file system takes.
func fileName(name, otherwise string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return cmp.Or(strings.Trim(b.String(), "-"), otherwise)
}
