package cli

import "github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"

// findingDoc is about an id of findings that is no rule: reading the file, or
// comparing it with the tenant, gives them.
type findingDoc struct{ id, title, when, why, fix string }

func findingDocs() []findingDoc {
	return []findingDoc{
		{"FILE", "the file is well formed", "reading the file",
			"A file is read strictly: an unknown key, a value of another type or a missing key is more often a slip than meant, and a slip must not change a tenant.",
			"the message says what is valid at that place; for a key: intune-enroll explain KEY"},
		{"name-twice", "a name stands for one thing", "reading the file, and comparing it with the tenant",
			"Names are the key: two entries of one name, also in several files read together, would be one thing with two wishes.",
			"delete one of the two, rename one, or tell them apart with id"},
		{"name-unknown", "what the file points to exists", "comparing the file with the tenant",
			"The file names a token, a group or a profile that it does not make and that the tenant does not have.",
			"correct the name, or add the thing to the file where it can be made"},
		{"name-ambiguous", "a name in the tenant is not ambiguous", "comparing the file with the tenant",
			"Several things in the tenant have this name, and the wrong one must not be changed.",
			"write the id that the message lists in place of the name, or as id beside it"},
		{"name-case", "names agree in upper and lower case", "comparing the file with the tenant",
			"The tenant has the name in other letters. To make a second thing that differs in nothing else would help nobody.",
			"write the name as the tenant has it, or use another name"},
		{"id-unknown", "a thing with this id exists", "comparing the file with the tenant",
			"The file pins an entry by id, and the tenant has no such thing: it was deleted, or the file is for another tenant.",
			"correct the id, or take it out so that the name decides"},
		{"group-differs", "a group that exists has the type and rule of the file", "comparing the file with the tenant",
			"Changing the rule or the type of a group changes its members, and with them everything that is assigned to it, by whomever.",
			"use another name in the file, or bring the file to what the group is"},
		{"profile-lacks", "an existing profile has the settings that the file names", "comparing the file with the tenant",
			"The file leaves type, userAffinity or authentication to the profile that exists, and a profile of that sort does not have this setting.",
			"leave the key out, or see which profiles have it: intune-enroll explain KEY"},
		{"policy-differs", "a Company Portal policy has a text that is known", "comparing the file with the tenant",
			"A policy of this name exists with a text that is neither of the two documented ones. It is somebody's work and is not overwritten.",
			"use another name in the file, or delete the policy in the Intune admin center, Apps > Configuration"},
		{"assignment-differs", "an assignment that exists is as the file wants it", "comparing the file with the tenant",
			"An assignment to the same target exists with another intent, another filter, other settings, as an exclusion, or from a policy set. It may be somebody else's, so it is neither changed nor doubled.",
			"bring the two together: in the Intune admin center, or in the file"},
		{"assignment-filter", "an assignment filter is for iPhones and iPads", "comparing the file with the tenant",
			"A filter is for one platform, and for managed devices or for apps. One of another sort matches none of these devices, so nobody would get the app.",
			"name a filter for managed devices of platform iOS/iPadOS"},
		{"migrate", "a policy can take the place of a classic profile whole", "ade migrate",
			"An enrollment policy does not have every setting of a classic profile, and it has another name: dynamic groups and filters that name the old one do not take in the devices of the new one.",
			"see what is lost before devices move, and add the new name to groups and filters"},
		{"hangs-on-it", "nothing hangs on what is deleted", "comparing the file with the tenant",
			"A thing is deleted only when it is known what would lose it: devices, assignments, a default. Here that could not be looked at.",
			"see why it could not be looked at, and plan again"},
	}
}

func (d findingDoc) topic() *render.Topic {
	return &render.Topic{Name: d.id, Type: "finding", Title: d.title, Lines: topicLines([2]string{"found when", d.when}, [2]string{"why", d.why}, [2]string{"fix", d.fix})}
}
