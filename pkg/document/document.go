package document

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// APIVersion is what every file says in its key apiVersion.
const APIVersion = "intune-enroll/v1"

// Document is what all files together say, in the order of the files.
type Document struct {
	Tenant   Guard // zero where no file names a tenant
	Groups   []enroll.Entry
	ADE      []Token
	Mac      []enroll.Entry // configurator.profiles
	BYOD     []enroll.Entry
	App      *enroll.Entry // companyPortal.app
	Policies []enroll.Entry
}

// Guard is the one tenant the files are for: an id or a verified domain.
type Guard struct {
	Value  string        `json:"value"`
	Origin enroll.Origin `json:"origin"`
}

// Token is an ADE token and the profiles that the files give it. Entries of
// one token in several files are one Token.
type Token struct {
	Entry    enroll.Entry   `json:"entry"`
	Profiles []enroll.Entry `json:"profiles,omitempty"`
}

// Normalize makes two spellings of one name the same: Unicode NFC. Names in a
// Document are normalised; those of a tenant have to be before they are compared.
func Normalize(name string) string { return norm.NFC.String(name) }

// Matches tells whether the tenant with that id and those verified domains is
// the one the files are for. A document without a guard fits every tenant.
func (g Guard) Matches(id string, domains []string) bool {
	if g.Value == "" || strings.EqualFold(g.Value, id) {
		return true
	}
	for _, d := range domains {
		if strings.EqualFold(g.Value, d) {
			return true
		}
	}
	return false
}
