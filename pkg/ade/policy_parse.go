package ade

import (
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// parseSettings reads the settings of a policy into fields, and gives back
// those that this package does not know.
func parseSettings(live []setting) (enroll.Fields, []setting) {
	f := enroll.Fields{pathTemplate: "", pathCarrier: "", pathDepartment: "", pathPhone: ""}
	panes := map[string]string{}
	for _, s := range screens() {
		if s.policy {
			panes[paneSetting(s.name)] = s.name
		}
	}
	var hide []string
	var foreign []setting
	for _, s := range live {
		i := s.Instance
		switch id := i.DefinitionID; {
		case id == setAffinity && i.Choice != nil:
			parseAffinity(f, i)
		case id == setLocked && i.Choice != nil:
			f[pathLocked] = i.Choice.Value == onOff(setLocked, true)
		case id == setTemplateChoice && i.Choice != nil:
			f[pathTemplate] = childText(i, setTemplate)
		case id == setCarrierChoice && i.Choice != nil:
			f[pathCarrier] = childText(i, setCarrier)
		case id == setDepartment && i.Simple != nil:
			f[pathDepartment] = i.simpleText()
		case id == setPhone && i.Simple != nil:
			f[pathPhone] = i.simpleText()
		case panes[id] != "" && i.Choice != nil:
			if i.Choice.Value == onOff(id, false) {
				hide = append(hide, panes[id])
			}
		default:
			foreign = append(foreign, s)
		}
	}
	f[pathHide] = enroll.Set(hide...)
	return f, foreign
}

// parseAffinity reads the tree below ade_useraffinity. An option that is not
// known is kept as the service spells it, so that it never looks like another.
func parseAffinity(f enroll.Fields, i instance) {
	f[pathAffinity] = option(affinityOptions(), setAffinity, i.Choice.Value)
	for _, c := range i.Choice.Children {
		switch {
		case c.DefinitionID == setAuth && c.Choice != nil:
			f[pathAuth] = option(authOptions(), setAuth, c.Choice.Value)
			for _, a := range c.Choice.Children {
				if a.DefinitionID == setAwaitModern && a.Choice != nil {
					f[pathAwait] = a.Choice.Value == onOff(setAwaitModern, true)
				}
			}
		case c.DefinitionID == setAwaitUserless && c.Choice != nil:
			f[pathAwait] = c.Choice.Value == onOff(setAwaitUserless, true)
		case c.DefinitionID == setTemporary && c.Choice != nil:
			f[pathTemporary] = c.Choice.Value == onOff(setTemporary, true)
			for _, n := range c.Choice.Children {
				for id, path := range map[string]string{
					setCachedUsers: pathCachedUsers, setUserTimeout: pathUserTimeout, setGuestTimeout: pathGuestTimeout, setGrace: pathGrace,
				} {
					if value, ok := n.simpleNumber(); ok && n.DefinitionID == id {
						f[path] = value
					}
				}
			}
		}
	}
}

// option is the name of a value among the options of a setting, or the value itself.
func option(options map[string]string, id, value string) string {
	for name, suffix := range options {
		if value == id+suffix {
			return name
		}
	}
	return value
}

func childText(i instance, id string) string {
	for _, c := range i.Choice.Children {
		if c.DefinitionID == id {
			return c.simpleText()
		}
	}
	return ""
}

func (i instance) simpleText() string {
	if i.Simple == nil {
		return ""
	}
	s, _ := i.Simple.Value.(string)
	return s
}

func (i instance) simpleNumber() (int64, bool) {
	if i.Simple == nil {
		return 0, false
	}
	switch n := i.Simple.Value.(type) {
	case float64:
		return int64(n), n == float64(int64(n))
	case int64:
		return n, true
	}
	return 0, false
}
