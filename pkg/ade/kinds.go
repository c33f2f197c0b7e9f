package ade

import (
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Kinds read and write tokens, profiles, default profiles, devices and
// enrollment time groups over c.
func Kinds(c *graph.Client) []enroll.Kind {
	return []enroll.Kind{
		tokens{c},
		tags{c},
		profiles{c: c, template: newTemplateCheck(), certificates: &certificates{known: map[string]certificate{}}, pause: graph.Sleep},
		devices{c},
		defaults{c},
		timeGroups{c},
		newFleets(c),
	}
}
