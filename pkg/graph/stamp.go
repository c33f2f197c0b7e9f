package graph

import (
	"net/http"

	"github.com/google/uuid"
)

// clientRequestID is the header Graph's support finds a request by (Microsoft
// docs page on best practices).
const clientRequestID = "client-request-id"

// stamped gives each attempt an id of its own and says who asks.
func stamped(next http.RoundTripper, userAgent string) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		r.Header.Set(clientRequestID, uuid.NewString())
		r.Header.Set("return-client-request-id", "true")
		r.Header.Set("User-Agent", userAgent)
		return next.RoundTrip(r)
	})
}
