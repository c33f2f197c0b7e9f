package ade

import (
	"fmt"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// onOff is the value of a setting with the options _0 and _1.
func onOff(id string, on bool) string {
	if on {
		return id + "_1"
	}
	return id + "_0"
}

func choice(id, value string, children ...instance) instance {
	return instance{Type: typeChoice, DefinitionID: id, Choice: &choiceValue{Type: typeChosen, Value: value, Children: append([]instance{}, children...)}}
}

func text(id, value string) instance {
	return instance{Type: typeSimple, DefinitionID: id, Simple: &simpleValue{Type: typeString, Value: value}}
}

func number(id string, value int64) instance {
	return instance{Type: typeSimple, DefinitionID: id, Simple: &simpleValue{Type: typeInteger, Value: value}}
}

// settings builds the settings of a policy from its fields: every choice of
// the template, department and phone only where they are not empty (both take
// at least one character), and below each choice the children it requires.
func settings(f enroll.Fields) ([]setting, error) {
	made := map[string]instance{}
	affinity, err := affinityInstance(f)
	if err != nil {
		return nil, err
	}
	locked, _ := f.Flag(pathLocked)
	made[setAffinity] = affinity
	made[setLocked] = choice(setLocked, onOff(setLocked, locked))
	made[setTemplateChoice] = withText(setTemplateChoice, setTemplate, f.Text(pathTemplate))
	made[setCarrierChoice] = withText(setCarrierChoice, setCarrier, f.Text(pathCarrier))
	for id, path := range map[string]string{setDepartment: pathDepartment, setPhone: pathPhone} {
		if f.Text(path) != "" {
			made[id] = text(id, f.Text(path))
		}
	}
	hide := f.List(pathHide)
	for _, s := range screens() {
		if s.policy {
			id := paneSetting(s.name)
			made[id] = choice(id, onOff(id, !slices.Contains(hide, s.name)))
		}
	}
	var out []setting
	for _, t := range templateSettings() {
		i, ok := made[t.id]
		if !ok {
			continue
		}
		i.Template = &instanceRef{t.instance}
		if i.Choice != nil {
			i.Choice.Template = &valueRef{ID: t.value}
		} else {
			i.Simple.Template = &valueRef{ID: t.value}
		}
		out = append(out, setting{Type: typeSetting, Instance: i})
	}
	return out, nil
}

// withText is a choice whose option _1 carries a text, and whose option _0 is
// for an empty one.
func withText(choiceID, textID, value string) instance {
	if value == "" {
		return choice(choiceID, onOff(choiceID, false))
	}
	return choice(choiceID, onOff(choiceID, true), text(textID, value))
}

// affinityOptions are the options of ade_useraffinity (Intune's own setting
// definitions, copies of 2026).
func affinityOptions() map[string]string {
	return map[string]string{AffinityNone: "_0", AffinityUser: "_1", AffinityEntra: "_2", AffinityShared: "_3"}
}

// authOptions are the options of ade_authenticationmethod; there is none for
// Setup Assistant (legacy).
func authOptions() map[string]string { return map[string]string{AuthPortal: "_0", AuthModern: "_2"} }

func affinityInstance(f enroll.Fields) (instance, error) {
	s := setupOf(f)
	option, ok := affinityOptions()[s.affinity]
	if !ok {
		return instance{}, fmt.Errorf("an enrollment policy has no userAffinity %q", s.affinity)
	}
	await := true
	if said, ok := f.Flag(pathAwait); ok {
		await = said
	}
	var child instance
	switch s.affinity {
	case AffinityUser:
		auth, ok := authOptions()[s.auth]
		if !ok {
			return instance{}, fmt.Errorf("an enrollment policy has no authentication %q", s.auth)
		}
		child = choice(setAuth, setAuth+auth)
		if s.awaits() {
			child.Choice.Children = []instance{choice(setAwaitModern, onOff(setAwaitModern, await))}
		}
	case AffinityShared:
		child = sharedInstance(f, s.guestsOnly)
	default:
		// The child is required by the definition of the option, although two
		// recorded bodies leave it out; its options are taken to be _0 and _1
		// as those of its sibling. Read back after the write.
		child = choice(setAwaitUserless, onOff(setAwaitUserless, await))
	}
	return choice(setAffinity, setAffinity+option, child), nil
}

func sharedInstance(f enroll.Fields, guestsOnly bool) instance {
	c := choice(setTemporary, onOff(setTemporary, guestsOnly))
	add := func(id, path string, fallback int64, required bool) {
		n, said := f.Number(path)
		if !said {
			n = fallback
		}
		if said || required {
			c.Choice.Children = append(c.Choice.Children, number(id, n))
		}
	}
	if guestsOnly {
		add(setGuestTimeout, pathGuestTimeout, 0, true)
		return c
	}
	add(setCachedUsers, pathCachedUsers, 10, true)
	add(setUserTimeout, pathUserTimeout, 0, true)
	add(setGrace, pathGrace, 0, false)
	return c
}
