package document

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// keyTables are the slices' tables of keys, one for each kind of entry.
type keyTables struct {
	group, token, profile, byod, app, policy []enroll.Key
}

func tables() keyTables { return keyTables{} }
