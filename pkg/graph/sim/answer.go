package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// object is a JSON object with canonical values: nil, bool, int64, string, []any, object.
type object = map[string]any

// answer is what a handler gives back. Exactly one of body and text is used; neither means an empty body.
type answer struct {
	header http.Header
	status int
	body   any
	text   string
}

// failure is an answer that is not 2xx.
type failure struct {
	status  int
	code    string
	message string
	plain   bool // Graph's own shape also under the Intune paths: what fails before a request reaches Intune
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %s", f.status, f.code, f.message) }

func refuse(status int, code, format string, args ...any) error {
	return &failure{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func refusePlain(status int, code, format string, args ...any) error {
	return &failure{status: status, code: code, message: fmt.Sprintf(format, args...), plain: true}
}

// invalid is the answer to a body that breaks the schema or a rule of the service.
func invalid(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "BadRequest", format, args...)
}

func notFound(c *call, id string) error {
	if c.directory() {
		// Microsoft docs: directory objects.
		return refuse(http.StatusNotFound, "Request_ResourceNotFound", "Resource '%s' does not exist or one of its queried reference-property objects are not present.", id)
	}
	return refuse(http.StatusNotFound, "ResourceNotFound", "Resource '%s' was not found", id)
}

func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }
func done() (answer, error)       { return answer{status: http.StatusNoContent}, nil }

// failed shapes a failure as the service does. Intune puts JSON inside the message of Graph's error
// (Microsoft's documentation issues record it): version, text with operation and activity id, and the URL of its own service.
func (c *call) failed(f *failure) answer {
	message := f.message
	if !f.plain && !c.directory() {
		nested, err := json.Marshal(object{
			"_version": 3,
			"Message": fmt.Sprintf("%s - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: %s - Url: https://fef.contoso.manage.microsoft.com/%s",
				f.message, c.requestID, strings.TrimPrefix(c.path, "/")),
			"CustomApiErrorPhrase": "", "RetryAfter": nil, "ErrorSourceService": "", "HttpHeaders": "{}",
		})
		if err == nil { // strings and numbers always marshal
			message = string(nested)
		}
	}
	return answer{status: f.status, body: object{"error": object{
		"code": f.code, "message": message,
		"innerError": object{"date": c.now.UTC().Format("2006-01-02T15:04:05"), "request-id": c.requestID, "client-request-id": c.clientID},
	}}}
}
