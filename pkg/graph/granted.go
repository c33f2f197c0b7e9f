package graph

import (
	"slices"
	"strings"
)

// Granted says whether any one of the permissions wanted is among those a
// token has, or is granted by one of them. Nothing wanted is granted.
func Granted(have, anyOf []string) bool {
	if len(anyOf) == 0 {
		return true
	}
	for _, want := range anyOf {
		for _, h := range have {
			if h == want || writeImplies(h, want) || slices.Contains(wider(want), h) {
				return true
			}
		}
	}
	return false
}

// writeImplies: a ReadWrite permission grants the Read of the same resource
// and reach (Microsoft docs page on permission naming).
func writeImplies(have, want string) bool {
	return strings.Contains(have, ".ReadWrite") && strings.Replace(have, ".ReadWrite", ".Read", 1) == want
}

// wider lists permissions of another resource that Microsoft's docs pages name
// as higher privileged alternatives for what the product does under want: list
// and create groups, list members, owners, service principals, devices,
// organization and subscriptions. Nothing is inferred from the names.
func wider(want string) []string {
	switch want {
	case "GroupMember.Read.All":
		return []string{"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
	case "Group.Read.All", "Application.Read.All", "Device.Read.All", "Organization.Read.All", "LicenseAssignment.Read.All", "User.Read.All":
		more := []string{"Directory.Read.All", "Directory.ReadWrite.All"}
		if want == "LicenseAssignment.Read.All" {
			more = append(more, "Organization.Read.All", "Organization.ReadWrite.All")
		}
		return more
	case "Group.Create":
		return []string{"Group.ReadWrite.All", "Directory.ReadWrite.All"}
	case "Group.ReadWrite.All":
		return []string{"Directory.ReadWrite.All"}
	}
	return nil
}
