package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// tenant is everything one tenant holds. It is guarded by the simulator's mutex.
type tenant struct {
	id       string
	account  string             // deviceManagement.intuneAccountId, also the id of the Configurator pseudo token
	sets     map[string][]*item // by the path of the collection: "/groups", "/deviceAppManagement/mobileApps/{id}/assignments"
	root     object             // deviceManagement
	push     object             // applePushNotificationCertificate, nil: none
	requests int                // certificate signing requests handed out
	defaults map[string]string  // token id -> last part of its default iOS profile
	targets  map[string]string  // policy id -> group of enrollment time grouping
	members  map[string]headcount
	owners   map[string][]string // group id -> service principals
	fleets   map[string]*fleet   // token id -> device identities
	managed  managed
	keys     map[string]string // token id -> public key, PEM
	syncing  map[string]int    // token id -> reads until the sync is over
	made     int               // ids handed out
}

type headcount struct{ users, devices int }

// item is one object of a collection. Lag is counted in reads, so that nothing has to sleep.
type item struct {
	object
	unseen int // reads of its own collection it stays invisible for
	abroad int // reads by the other service it stays unknown for: Intune for a group, the token's profile list for a policy
}

func (it *item) id() string { return it.text("id") }

func (it *item) text(member string) string {
	s, _ := it.object[member].(string)
	return s
}

func (it *item) is(odataType string) bool {
	return it.object["@odata.type"] == "#microsoft.graph."+odataType
}

func newTenant(id string) *tenant {
	t := &tenant{
		id: id, sets: map[string][]*item{}, defaults: map[string]string{}, targets: map[string]string{}, members: map[string]headcount{},
		owners: map[string][]string{}, fleets: map[string]*fleet{}, keys: map[string]string{}, syncing: map[string]int{},
	}
	t.account = t.newID()
	t.root = object{"id": t.account, "intuneAccountId": t.account, "maximumDepTokens": int64(100)}
	return t
}

// newID makes ids that are the same in every run: they depend on the tenant and the order of creation alone.
func (t *tenant) newID() string {
	t.made++
	return guid(fmt.Sprintf("%s/%d", t.id, t.made))
}

func guid(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// add puts an object into a collection, giving it an id if it has none.
func (t *tenant) add(path string, o object) *item {
	if id, _ := o["id"].(string); id == "" {
		o["id"] = t.newID()
	}
	it := &item{object: o}
	t.sets[path] = append(t.sets[path], it)
	return it
}

func (t *tenant) item(path, id string) *item {
	for _, it := range t.sets[path] {
		if it.id() == id {
			return it
		}
	}
	return nil
}

// remove deletes an item and everything below it.
func (t *tenant) remove(path, id string) {
	t.sets[path] = slices.DeleteFunc(t.sets[path], func(it *item) bool { return it.id() == id })
	below := path + "/" + id + "/"
	maps.DeleteFunc(t.sets, func(p string, _ []*item) bool { return strings.HasPrefix(p, below) })
}

// clone copies the tenant, for writes that the service accepts and forgets.
func (t *tenant) clone() *tenant {
	n := *t
	n.sets = make(map[string][]*item, len(t.sets))
	for path, items := range t.sets {
		for _, it := range items {
			n.sets[path] = append(n.sets[path], &item{object: copyObject(it.object), unseen: it.unseen, abroad: it.abroad})
		}
	}
	n.root, n.push = copyObject(t.root), copyObject(t.push)
	n.defaults, n.targets, n.members = maps.Clone(t.defaults), maps.Clone(t.targets), maps.Clone(t.members)
	n.keys, n.syncing = maps.Clone(t.keys), maps.Clone(t.syncing)
	n.owners = map[string][]string{}
	for id, o := range t.owners {
		n.owners[id] = slices.Clone(o)
	}
	n.fleets = map[string]*fleet{}
	for id, f := range t.fleets {
		n.fleets[id] = f.clone()
	}
	return &n
}

func copyObject(o object) object {
	if o == nil {
		return nil
	}
	out := make(object, len(o))
	for k, v := range o {
		out[k] = copyValue(v)
	}
	return out
}

func copyValue(v any) any {
	switch v := v.(type) {
	case object:
		return copyObject(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = copyValue(x)
		}
		return out
	}
	return v
}

// stamp writes a time as Graph does.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// lastPart is what follows the last underscore: the profile's or policy's own id in every form ids come in.
func lastPart(id string) string { return id[strings.LastIndexByte(id, '_')+1:] }
