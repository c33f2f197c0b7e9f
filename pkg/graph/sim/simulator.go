package sim

import (
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Options say what to simulate.
type Options struct {
	Scenario    string           // one of Scenarios(); "": contoso
	Now         func() time.Time // clock, nil: time.Now. Dates of the scenario are relative to its first reading
	Latency     time.Duration    // fixed delay of every Graph answer
	Page        int              // items a page where the service's own number is not known; default 20, in scenario large 500
	Lag         int              // reads a new object stays invisible where the service lags; default 1, negative: none
	Faults      []Fault
	Permissions []string      // what issued tokens carry; nil: everything the product may need
	OnKill      func()        // called by the faults kill and kill-after
	TokenLife   time.Duration // how long issued tokens hold; default an hour
	Differences Differences
}

// Simulator is one tenant behind Graph and the token endpoint. Its methods may be called side by side.
type Simulator struct {
	options  Options
	schema   *schema
	catalog  *catalog
	handlers map[string]handler
	key      []byte // signs tokens

	mu         sync.Mutex
	tenant     *tenant
	faults     []Fault
	log        []*entry
	count      int // requests since the start
	violations []string
	grants     map[string]grant // device and authorization codes
}

// Identity of the app registration every simulated tenant has.
const (
	tenantID     = "8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21"
	clientID     = "5d0f3c1a-9a77-4a55-8f0e-2b6f1f7f9c3e"
	clientSecret = "simulated-secret-of-contoso"
)

// New makes a simulator with the scenario's tenant.
func New(o Options) (*Simulator, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	local := o.Now
	o.Now = func() time.Time { return local().UTC() } // where every day has 24 hours
	if o.Scenario == "" {
		o.Scenario = "contoso"
	}
	if o.Page <= 0 {
		o.Page = 20
		if o.Scenario == "large" {
			o.Page = 500
		}
	}
	if o.TokenLife == 0 {
		o.TokenLife = time.Hour
	}
	switch {
	case o.Lag == 0:
		o.Lag = 1
	case o.Lag < 0:
		o.Lag = 0
	}
	if o.Permissions == nil {
		o.Permissions = allPermissions()
	}
	sc, err := parseSchema(schemaText)
	if err != nil {
		return nil, err
	}
	cat, err := parseCatalog(catalogText)
	if err != nil {
		return nil, err
	}
	s := &Simulator{options: o, schema: sc, catalog: cat, handlers: handlers(), key: make([]byte, 32), grants: map[string]grant{}}
	if _, err := rand.Read(s.key); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	for _, r := range sc.routes {
		for verb, m := range r.methods {
			if s.handlers[m.handler] == nil {
				return nil, fmt.Errorf("schema: %s %s has no handler %s", verb, r.pattern, m.handler)
			}
		}
	}
	s.SetFaults(o.Faults)
	build, known := scenarios()[o.Scenario]
	if !known {
		return nil, fmt.Errorf("scenario %q is unknown: choose one of %v", o.Scenario, Scenarios())
	}
	s.tenant = build(s)
	return s, s.differ(o.Differences)
}

// Violations lists requests that must never be sent: releasing devices, deleting a token, a group or the push
// certificate, writing users or group members. The tenant is left as it was.
func (s *Simulator) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// SetPermissions changes what tokens carry from now on, as an administrator does who takes a consent back.
func (s *Simulator) SetPermissions(permissions []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Permissions = permissions
}

func allPermissions() []string {
	return []string{
		"Application.ReadWrite.All", "Device.Read.All", "DeviceManagementApps.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All",
		"DeviceManagementManagedDevices.Read.All", "DeviceManagementRBAC.Read.All", "DeviceManagementServiceConfig.ReadWrite.All",
		"Group.ReadWrite.All", "Organization.Read.All",
	}
}
