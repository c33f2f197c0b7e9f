package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// LoginMethods are the methods of a person, whose sign-in can outlast a run.
func LoginMethods() []string { return []string{"device-code", "browser"} }

// Login signs a person in and keeps the tokens in this machine's store for
// secrets. The record it gives is none itself: it says which account the tokens
// belong to, and goes into [SignIn] at later runs.
func Login(ctx context.Context, s SignIn, c Cloud) (record []byte, err error) {
	if !slices.Contains(LoginMethods(), s.Method) {
		return nil, fmt.Errorf("a sign-in by %s needs no login: only %s do", s.Method, strings.Join(LoginMethods(), " and "))
	}
	m, err := newMaker(s, c)
	if err != nil {
		return nil, err
	}
	if _, err := m.make(); err != nil { // what is missing is said first, also where there is no store
		return nil, fmt.Errorf("sign in by %s: %w", s.Method, err)
	}
	if m.store, err = tokenStore(); err != nil {
		return nil, fmt.Errorf("this machine has no store for secrets that outlasts a run, so every run asks anew: %w", err)
	}
	inner, err := m.make()
	if err != nil {
		return nil, fmt.Errorf("sign in by %s: %w", s.Method, err)
	}
	person, ok := inner.(interface {
		Authenticate(ctx context.Context, o *policy.TokenRequestOptions) (azidentity.AuthenticationRecord, error)
	})
	if !ok {
		return nil, fmt.Errorf("a sign-in by %s cannot be kept", s.Method)
	}
	seen := &sighting{}
	who, err := person.Authenticate(context.WithValue(ctx, sightingKey{}, seen), &policy.TokenRequestOptions{Scopes: []string{c.Scope()}, EnableCAE: true})
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("sign in by %s: %w", s.Method, ctx.Err())
		}
		return nil, (&credential{method: s.Method}).explain(err, seen.last())
	}
	return json.Marshal(who)
}

// remember lets the maker take the tokens that a login left. A record that
// cannot be used is an error: the person would be asked without knowing why.
func (m *maker) remember() error {
	if len(m.Record) == 0 || !slices.Contains(LoginMethods(), m.Method) {
		return nil
	}
	if err := json.Unmarshal(m.Record, &m.who); err != nil {
		return fmt.Errorf("what the login left cannot be read: log in again with: intune-enroll auth login: %w", err)
	}
	var err error
	if m.store, err = tokenStore(); err != nil {
		return fmt.Errorf("the store for secrets that the login used is not there now: log in again with: intune-enroll auth login: %w", err)
	}
	return nil
}
