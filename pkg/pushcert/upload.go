package pushcert

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Upload is a certificate that shall take the place of the present one.
type Upload struct {
	Certificate Certificate
	AppleID     string // as reminder, for the next renewal; "": that of the present certificate
	// AcceptTopic lets a certificate with another topic through, which cuts off
	// every enrolled Apple device.
	AcceptTopic bool
	// RequestKey is the fingerprint of the key of the signing request it should
	// have been made from; "": not known.
	RequestKey string
}

// Object is the certificate as a wanted object, its Facts the Upload.
func (u Upload) Object() enroll.Object {
	f := enroll.Fields{"topic": u.Certificate.Topic, "expires": u.Certificate.Until.UTC().Format(time.RFC3339)}
	if u.AppleID != "" {
		f["appleId"] = u.AppleID
	}
	return enroll.Object{Ref: Ref(), Fields: f, Facts: u}
}

// Present is what is known of the certificate that an upload would replace.
type Present struct {
	graph.PushCertificate
	Devices   int    // enrolled Apple devices, counted where the upload would cut them off; -1: not counted
	Uncounted string // why not
}

// Uploading is the kind push-certificate for an upload: it compares and writes.
func Uploading(r Reader, c *graph.Client, u Upload) enroll.Kind {
	return uploading{certificate{r}, c, u}
}

type uploading struct {
	certificate
	c *graph.Client
	u Upload
}

func (k uploading) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	objects, gaps := k.certificate.Read(ctx, q, known)
	for i, o := range objects {
		c, _ := o.Facts.(graph.PushCertificate)
		p := Present{PushCertificate: c, Devices: -1}
		if c.Topic != k.u.Certificate.Topic {
			var err error
			if p.Devices, err = k.devices(ctx); err != nil {
				p.Devices, p.Uncounted = -1, err.Error()
			}
		}
		objects[i].Facts = p
		objects[i].Fields = enroll.Fields{"topic": c.Topic, "expires": c.Expires.UTC().Format(time.RFC3339), "appleId": c.AppleID}
	}
	return objects, gaps
}

// devices counts the enrolled devices that listen to the certificate: iPhones,
// iPads and Macs. What keeps it from counting is no reason to stop.
func (k uploading) devices(ctx context.Context) (int, error) {
	o, err := graph.Get[struct {
		ByOS *struct {
			IOS int `json:"iosCount"`
			Mac int `json:"macOSCount"`
		} `json:"deviceOperatingSystemSummary"`
	}](ctx, k.c, graph.Call{API: graph.V1, Method: http.MethodGet, Path: graph.Path("deviceManagement", "managedDeviceOverview"), Needs: []string{graph.ManagedDevicesRead}})
	if err != nil {
		return 0, err
	}
	if o.ByOS == nil {
		return 0, errors.New("the service does not say")
	}
	return o.ByOS.IOS + o.ByOS.Mac, nil
}

// Plan is one change, or none when the certificate is there already.
func (k uploading) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var out []enroll.Change
	for _, c := range enroll.Diff(want, have) {
		c.Because = nil
		c.Undo = enroll.Undo{Level: "none", Why: "the file of the present certificate is not kept"}
		if p, ok := present(have); ok && p.Topic != k.u.Certificate.Topic {
			c.Confirm = orphans(p, k.u.Certificate)
			c.Effects = append(c.Effects, enroll.Effect{On: c.Ref, Text: orphans(p, k.u.Certificate), N: max(p.Devices, 0)})
		}
		out = append(out, c)
	}
	return out, nil
}

// Permissions are those of the docs page on updating the certificate.
func (uploading) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write sends the two members that recorded portal traffic sends, 2026.
func (k uploading) Write(ctx context.Context, c enroll.Change, _ enroll.Resolver) (map[enroll.Handle]string, error) {
	apple := k.u.AppleID
	if apple == "" {
		apple = c.Before.Fields.Text("appleId")
	}
	_, err := k.c.Do(ctx, graph.Call{
		API: graph.V1, Method: http.MethodPatch, Path: graph.Path("deviceManagement", "applePushNotificationCertificate"), Class: graph.Put,
		Body: map[string]string{"appleIdentifier": apple, "certificate": k.u.Certificate.PEM}, Needs: []string{graph.ServiceConfigWrite},
	})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("upload the push certificate: %w", err))
	}
	return nil, nil
}

func present(have []enroll.Object) (Present, bool) {
	for _, o := range have {
		if p, ok := o.Facts.(Present); ok {
			return p, true
		}
	}
	return Present{}, false
}

// orphans says what another topic does.
func orphans(p Present, c Certificate) string {
	n := "how many are enrolled cannot be told: " + p.Uncounted
	if p.Devices >= 0 {
		n = fmt.Sprintf("enrolled: %d", p.Devices)
	}
	return fmt.Sprintf("the topic changes from %s to %s: every enrolled iPhone, iPad and Mac loses contact for good and must enroll again (%s)", known(p.Topic), known(c.Topic), n)
}
