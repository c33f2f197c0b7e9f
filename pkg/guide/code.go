package guide

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image"
	_ "image/jpeg" // logos may be JPEG
	_ "image/png"  // or PNG
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the empty border that a QR code needs, in modules (ISO/IEC 18004).
const quiet = 4

// drawing is the QR code of a text as inline SVG. Its colours do not follow
// the page: readers want dark on light.
func drawing(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw the QR code of %s: %w", text, err)
	}
	size := code.Bounds()
	side := size.Dx() + 2*quiet
	var path strings.Builder
	for y := range size.Dy() {
		for x := 0; x < size.Dx(); x++ {
			run := 0
			for x+run < size.Dx() && dark(code, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	svg := fmt.Sprintf(`<svg role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg">`+
		`<rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		template.HTMLEscapeString(label), side, side, side, side, path.String())
	return template.HTML(svg), nil // built from numbers and an escaped label
}

func dark(code image.Image, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}

// MaxLogo is the size of a logo file in bytes that still goes into a page.
const MaxLogo = 512 << 10

// Logo is a picture that stands at the head of an HTML page.
type Logo struct{ uri template.URL }

// maxSide bounds the memory that a small file with a large picture takes, in pixels.
const maxSide = 4096

// NewLogo takes the content of a PNG or JPEG file of up to 512 KiB and 4096
// pixels in width and height.
func NewLogo(data []byte) (*Logo, error) {
	if len(data) > MaxLogo {
		return nil, fmt.Errorf("the logo is larger than the %d bytes allowed; make it smaller", MaxLogo)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "png" && format != "jpeg" {
		return nil, errors.New("the logo is neither PNG nor JPEG; save it as one of these")
	}
	if config.Width > maxSide || config.Height > maxSide {
		return nil, fmt.Errorf("the logo has %d x %d pixels, and may have %d x %d; make it smaller", config.Width, config.Height, maxSide, maxSide)
	}
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return nil, errors.New("the logo is damaged; save it again")
	}
	return &Logo{uri: template.URL("data:image/" + format + ";base64," + base64.StdEncoding.EncodeToString(data))}, nil
}
