package document

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// keyTables are the slices' tables of keys, one for each sort of entry.
type keyTables struct {
	group, token, profile, mac, byod, app, policy []enroll.Key
}

func tables() keyTables {
	return keyTables{
		group:   directory.GroupKeys(),
		token:   ade.TokenKeys(),
		profile: ade.ProfileKeys(),
		mac:     configurator.ProfileKeys(),
		byod:    byod.ProfileKeys(),
		app:     companyportal.AppKeys(),
		policy:  companyportal.PolicyKeys(),
	}
}

// Objects are what the document wants, in the order of the file, and what is
// wrong with it that one entry alone shows.
func (d Document) Objects() ([]enroll.Object, []enroll.Finding) {
	objects, findings := directory.Objects(d.Groups)
	add := func(more []enroll.Object, said []enroll.Finding) {
		objects, findings = append(objects, more...), append(findings, said...)
	}
	for _, t := range d.ADE {
		add(ade.Objects(t.Entry, t.Profiles))
	}
	add(configurator.Objects(d.Mac))
	add(byod.Objects(d.BYOD))
	add(companyportal.Objects(d.App, d.Policies))
	return oneOwner(objects), enroll.SortFindings(findings)
}

// oneOwner keeps the first of wanted owners of one group: several profiles may
// use the group.
func oneOwner(objects []enroll.Object) []enroll.Object {
	seen := map[enroll.Ref]bool{}
	return slices.DeleteFunc(objects, func(o enroll.Object) bool {
		again := o.Ref.Kind == enroll.GroupOwner && seen[o.Ref]
		seen[o.Ref] = true
		return again
	})
}
