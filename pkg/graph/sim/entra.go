package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// grant is an authorization or device code that has been given out.
type grant struct {
	scope, challenge, redirect string
	expires                    time.Time
	polls                      int // how often a device code was asked for
}

// Token serves the part of Entra's token endpoint that azidentity uses with instance discovery off: discovery, client
// credentials with a secret or a signed assertion, device code (granted after a few questions), and authorization code with PKCE.
func (s *Simulator) Token() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.forTenant(s.discovery))
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", s.forTenant(s.authorize))
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", s.forTenant(s.deviceCode))
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", s.forTenant(s.token))
	return mux
}

// entraError is one of the answers Microsoft documents as AADSTS codes.
func (s *Simulator) entraError(w http.ResponseWriter, status int, name string, code int, text string) {
	now := s.options.Now().UTC()
	id := guid("trace/" + now.String())
	writeJSON(w, status, object{
		"error": name, "error_codes": []int{code}, "timestamp": now.Format("2006-01-02 15:04:05Z"), "trace_id": id, "correlation_id": id,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, id, id, now.Format("2006-01-02 15:04:05Z")),
		"error_uri":         fmt.Sprintf("https://login.contoso.com/error?code=%d", code),
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		return // the client has gone
	}
}

// forTenant answers AADSTS90002 for every tenant but the simulated one, which is known by id and verified domain.
func (s *Simulator) forTenant(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch tenant := r.PathValue("tenant"); strings.ToLower(tenant) {
		case tenantID, "contoso.com", "contoso.onmicrosoft.com":
			r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
			next(w, r)
		default:
			s.entraError(w, http.StatusBadRequest, "invalid_tenant", 90002, fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", tenant))
		}
	}
}

func (s *Simulator) discovery(w http.ResponseWriter, r *http.Request) {
	base := "https://" + r.Host + "/" + tenantID
	writeJSON(w, http.StatusOK, object{
		"issuer": base + "/v2.0", "authorization_endpoint": base + "/oauth2/v2.0/authorize", "token_endpoint": base + "/oauth2/v2.0/token",
		"device_authorization_endpoint": base + "/oauth2/v2.0/devicecode", "jwks_uri": base + "/discovery/v2.0/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

// authorize stands for a browser: it signs in at once and sends the code back.
func (s *Simulator) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Hostname() != "localhost" && back.Hostname() != "127.0.0.1" {
		s.entraError(w, http.StatusBadRequest, "invalid_request", 50011, "The redirect URI specified in the request does not match the redirect URIs configured for the application.")
		return
	}
	if q.Get("client_id") != clientID {
		s.unknownClient(w, q.Get("client_id"))
		return
	}
	code := s.remember(grant{scope: q.Get("scope"), challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")})
	answer := back.Query()
	answer.Set("code", code)
	answer.Set("state", q.Get("state"))
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Simulator) deviceCode(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("client_id") != clientID {
		s.unknownClient(w, r.FormValue("client_id"))
		return
	}
	code := s.remember(grant{scope: r.FormValue("scope")})
	writeJSON(w, http.StatusOK, object{
		"device_code": code, "user_code": "CONTOSO01", "verification_uri": "https://" + r.Host + "/devicelogin", "expires_in": 900, "interval": 1,
		"message": "To sign in to the simulator nothing has to be done: code CONTOSO01 is accepted.",
	})
}

func (s *Simulator) remember(g grant) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.expires = s.options.Now().Add(15 * time.Minute)
	code := guid(fmt.Sprintf("code/%d", len(s.grants)))
	s.grants[code] = g
	return code
}

// pending lets a program wait a little, as for a person (Microsoft docs page on the device authorization grant).
func (s *Simulator) pending(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.grants[code]
	if !known || g.polls == 3 {
		return false
	}
	g.polls++
	s.grants[code] = g
	return true
}

func (s *Simulator) redeem(code string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.grants[code]
	s.grants[code] = grant{} // codes work once
	return g, known && s.options.Now().Before(g.expires)
}

func (s *Simulator) unknownClient(w http.ResponseWriter, id string) {
	s.entraError(w, http.StatusBadRequest, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory 'Contoso'.", id))
}

func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.entraError(w, http.StatusBadRequest, "invalid_request", 900144, "The request body could not be read.")
		return
	}
	f := r.PostForm
	if f.Get("client_id") != clientID {
		s.unknownClient(w, f.Get("client_id"))
		return
	}
	switch f.Get("grant_type") {
	case "client_credentials":
		if s.provesClient(w, f, "https://"+r.Host+r.URL.Path) {
			s.issue(w, f.Get("scope"), false)
		}
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		if s.pending(f.Get("device_code")) {
			s.entraError(w, http.StatusBadRequest, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
			return
		}
		g, good := s.redeem(f.Get("device_code"))
		if !good {
			s.entraError(w, http.StatusBadRequest, "invalid_grant", 70020, "The provided value for the input parameter 'device_code' is not valid.")
			return
		}
		s.issue(w, g.scope, true)
	case "authorization_code":
		sum := sha256.Sum256([]byte(f.Get("code_verifier")))
		g, good := s.redeem(f.Get("code"))
		if !good || g.challenge == "" || g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) || g.redirect != f.Get("redirect_uri") {
			s.entraError(w, http.StatusBadRequest, "invalid_grant", 70008, "The provided authorization code is invalid or does not belong to this request.")
			return
		}
		s.issue(w, g.scope, true)
	default:
		s.entraError(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	}
}

// provesClient checks the secret, or the form of a signed assertion: who it is for, by and until when.
func (s *Simulator) provesClient(w http.ResponseWriter, f url.Values, endpoint string) bool {
	if f.Has("client_assertion") {
		if f.Get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" && s.assertionHolds(f.Get("client_assertion"), endpoint) {
			return true
		}
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 700027, "The assertion is malformed, expired, or not meant for this endpoint.")
		return false
	}
	if f.Get("client_secret") != clientSecret {
		s.entraError(w, http.StatusUnauthorized, "invalid_client", 7000215, fmt.Sprintf("Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", clientID))
		return false
	}
	return true
}

func (s *Simulator) assertionHolds(token, endpoint string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	var c struct {
		Audience string `json:"aud"`
		Subject  string `json:"sub"`
		Expires  int64  `json:"exp"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &c) != nil || parts[2] == "" {
		return false
	}
	// A certificate's assertion names the endpoint; a federated one names the exchange audience (Microsoft docs).
	return c.Subject != "" && s.options.Now().Unix() < c.Expires && (c.Audience == endpoint || c.Audience == "api://AzureADTokenExchange")
}

// issue answers with a token for the resource the scope names.
func (s *Simulator) issue(w http.ResponseWriter, scope string, delegated bool) {
	var audience string
	for part := range strings.FieldsSeq(scope) {
		if resource, isDefault := strings.CutSuffix(part, "/.default"); isDefault {
			audience = strings.TrimSuffix(resource, "/")
		}
	}
	if audience == "" {
		s.entraError(w, http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid: it must be a resource with /.default.")
		return
	}
	body := object{"token_type": "Bearer", "expires_in": int(s.options.TokenLife.Seconds()), "ext_expires_in": int(s.options.TokenLife.Seconds()), "access_token": s.AccessToken(audience, delegated)}
	if delegated {
		now := s.options.Now()
		body["scope"] = audience + "/.default"
		body["id_token"] = s.sign(object{
			"aud": clientID, "iss": "https://login.contoso.com/" + tenantID + "/v2.0", "iat": now.Unix(), "exp": now.Add(s.options.TokenLife).Unix(),
			"tid": tenantID, "oid": guid("admin"), "sub": guid("admin"), "preferred_username": adminUPN, "name": "Contoso admin",
		})
		info, err := json.Marshal(object{"uid": guid("admin"), "utid": tenantID})
		if err == nil { // strings always marshal
			body["client_info"] = base64.RawURLEncoding.EncodeToString(info)
		}
	}
	writeJSON(w, http.StatusOK, body)
}
