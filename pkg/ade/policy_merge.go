package ade

import (
	"fmt"
	"slices"
)

// mergeSettings is live with ours laid over it: what is not known stays as it
// is, in its place, and below a known choice unknown children stay as long as
// the choice does.
func mergeSettings(live, ours []setting) []setting {
	left := map[string]setting{}
	for _, s := range ours {
		left[s.Instance.DefinitionID] = s
	}
	known := writtenHere(live)
	var out []setting
	for _, s := range live {
		id := s.Instance.DefinitionID
		mine, ok := left[id]
		switch {
		case ok:
			mine.Instance = keepChildren(s.Instance, mine.Instance)
			out = append(out, mine)
			delete(left, id)
		case !known[id]:
			out = append(out, s)
		}
	}
	for _, s := range ours {
		if _, missing := left[s.Instance.DefinitionID]; missing {
			out = append(out, s)
		}
	}
	for i := range out {
		out[i].Type, out[i].ID = typeSetting, fmt.Sprint(i)
	}
	return out
}

// writtenHere tells which top-level settings of live this package writes.
func writtenHere(live []setting) map[string]bool {
	known := map[string]bool{}
	for _, s := range live {
		known[s.Instance.DefinitionID] = true
	}
	_, foreign := parseSettings(live)
	for _, s := range foreign {
		delete(known, s.Instance.DefinitionID)
	}
	return known
}

// keepChildren adds to ours the children of live that this package does not
// know, where both chose the same.
func keepChildren(live, ours instance) instance {
	if live.Choice == nil || ours.Choice == nil || live.Choice.Value != ours.Choice.Value {
		return ours
	}
	chosen := *ours.Choice
	chosen.Children = slices.Clone(ours.Choice.Children)
	for _, c := range live.Choice.Children {
		at := slices.IndexFunc(chosen.Children, func(o instance) bool { return o.DefinitionID == c.DefinitionID })
		switch {
		case at >= 0:
			chosen.Children[at] = keepChildren(c, chosen.Children[at])
		case !ownChild(c.DefinitionID):
			chosen.Children = append(chosen.Children, c)
		}
	}
	ours.Choice = &chosen
	return ours
}

// ownChild tells whether this package writes the child, so that its absence is meant.
func ownChild(id string) bool {
	return slices.Contains([]string{
		setAuth, setAwaitModern, setAwaitUserless, setTemplate, setCarrier,
		setTemporary, setCachedUsers, setUserTimeout, setGuestTimeout, setGrace,
	}, id)
}
