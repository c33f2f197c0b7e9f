package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Decode reads all files together and reports every problem at once, in order
// of place. With a finding of severity error the document is incomplete and
// must not be used.
func Decode(sources []Source) (Document, []enroll.Finding) {
	return decode(sources, tables())
}

func decode(sources []Source, t keyTables) (Document, []enroll.Finding) {
	d := decoder{tables: t}
	for _, s := range sources {
		d.source = s
		top, bad := parse(s)
		if bad != nil {
			d.findings = append(d.findings, *bad)
			continue
		}
		d.file(top)
	}
	d.findings = append(d.findings, duplicates(d.doc)...)
	return d.doc, enroll.SortFindings(d.findings)
}

// decoder walks the values of the files and collects what is wrong with them.
type decoder struct {
	tables   keyTables
	source   Source
	doc      Document
	serials  int // of all files
	findings []enroll.Finding
}

func (d *decoder) refuse(at enroll.Origin, path, fix, format string, args ...any) {
	f := refusal(at, fix, format, args...)
	f.Path = path
	d.findings = append(d.findings, *f)
}

// part is one key that a mapping may have, and what to do with its value.
type part struct {
	key  string
	read func(p pair)
}

// parts reads a mapping whose keys are all known here.
func (d *decoder) parts(n node, what string, known ...part) {
	names := make([]string, len(known))
	for i, p := range known {
		names[i] = p.key
	}
	for _, p := range d.unique(n, what) {
		i := slices.Index(names, p.key)
		if i < 0 {
			d.unknown(p, "", what, names)
			continue
		}
		known[i].read(p)
	}
}

// unique are the pairs of a mapping; a key that stands again is reported and left out.
func (d *decoder) unique(n node, path string) []pair {
	first := map[string]enroll.Origin{}
	var out []pair
	for _, p := range n.pairs {
		if at, twice := first[p.key]; twice {
			d.refuse(p.at, join(path, p.key), "delete one of the two", "key %s stands twice; the first is at %s", quote(p.key), at)
			continue
		}
		first[p.key] = p.at
		out = append(out, p)
	}
	return out
}

func (d *decoder) unknown(p pair, path, what string, valid []string) {
	message := "unknown key " + quote(p.key)
	if what != "" {
		message += " in " + what
	}
	if near := Nearest(p.key, valid); near != "" {
		message += fmt.Sprintf(": did you mean %q?", near)
	}
	d.refuse(p.at, join(path, p.key), "valid here: "+strings.Join(valid, ", "), "%s", message)
}

func (d *decoder) file(top node) {
	version := false
	d.parts(top, "",
		part{"apiVersion", func(p pair) {
			version = true
			if p.value.shape != text || p.value.text != APIVersion {
				d.refuse(p.value.at, "apiVersion", "write apiVersion: "+APIVersion, "apiVersion is not one this version of intune-enroll reads")
			}
		}},
		part{"tenant", d.tenant},
		part{"groups", func(p pair) { d.entries(p, "groups", "a group", d.tables.group, &d.doc.Groups) }},
		part{"ade", func(p pair) { d.each(p, "ade", d.token) }},
		part{"configurator", func(p pair) {
			d.within(p, "configurator", part{"profiles", func(p pair) {
				d.entries(p, "configurator.profiles", "a profile of configurator", d.tables.mac, &d.doc.Mac)
			}})
		}},
		part{"byod", func(p pair) {
			d.within(p, "byod", part{"profiles", func(p pair) {
				d.entries(p, "byod.profiles", "a profile of byod", d.tables.byod, &d.doc.BYOD)
			}})
		}},
		part{"companyPortal", func(p pair) {
			d.within(p, "companyPortal", part{"app", d.app}, part{"configPolicies", func(p pair) {
				d.entries(p, "companyPortal.configPolicies", "a Company Portal policy", d.tables.policy, &d.doc.Policies)
			}})
		}},
	)
	if !version {
		d.refuse(enroll.Origin{File: d.source.Name, Line: 1, Col: 1}, "apiVersion", "write apiVersion: "+APIVersion+" as the first line", "apiVersion is missing")
	}
}

func (d *decoder) within(p pair, what string, known ...part) {
	if p.value.shape == null {
		return
	}
	if p.value.shape != mapping {
		d.wrongShape(p.value, what, "a mapping")
		return
	}
	d.parts(p.value, what, known...)
}

// each calls read for every mapping of a list.
func (d *decoder) each(p pair, path string, read func(n node)) {
	switch p.value.shape {
	case null:
		return
	case list:
	default:
		d.refuse(p.value.at, path, "begin each entry with a dash (-)", "%s is a list, this is %s", path, p.value.shape)
		return
	}
	for _, n := range p.value.items {
		if n.shape != mapping {
			d.wrongShape(n, path, "a mapping of keys to values in each entry")
			continue
		}
		read(n)
	}
}

func (d *decoder) wrongShape(n node, path, want string) {
	d.refuse(n.at, path, "", "%s wants %s, this is %s", path, want, n.shape)
}

func (d *decoder) entries(p pair, path, what string, keys []enroll.Key, into *[]enroll.Entry) {
	d.each(p, path, func(n node) { *into = append(*into, d.entry(n, what, keys)) })
}

func (d *decoder) tenant(p pair) {
	if p.value.shape != text {
		d.wrongShape(p.value, "tenant", "an id or a domain as text")
		return
	}
	g := Guard{Value: p.value.text, Origin: p.value.at}
	if problem := g.problem(); problem != "" {
		d.refuse(p.value.at, "tenant", "write the tenant's id or one of its verified domains, such as contoso.com", "%s", problem)
		return
	}
	if first := d.doc.Tenant; first.Value != "" && !strings.EqualFold(first.Value, g.Value) {
		d.refuse(p.value.at, "tenant", "name one tenant in all files that are read together", "tenant %s differs from tenant %s at %s", quote(g.Value), quote(first.Value), first.Origin)
		return
	}
	if d.doc.Tenant.Value == "" {
		d.doc.Tenant = g
	}
}

func (d *decoder) app(p pair) {
	if p.value.shape != mapping {
		d.wrongShape(p.value, "companyPortal.app", "a mapping")
		return
	}
	e := d.entry(p.value, "companyPortal.app", d.tables.app)
	if d.doc.App != nil {
		d.refuse(p.at, "companyPortal.app", "keep one of the two", "companyPortal.app stands twice; the first is at %s", d.doc.App.Origin)
		return
	}
	d.doc.App = &e
}

func (d *decoder) token(n node) {
	t := Token{}
	t.Entry = d.entry(n, "a token of ade", d.tables.token, part{"profiles", func(p pair) {
		d.entries(p, "profiles", "a profile of ade", d.tables.profile, &t.Profiles)
	}})
	name := t.Entry.Values.Text("token")
	i := slices.IndexFunc(d.doc.ADE, func(o Token) bool { return o.Entry.Values.Text("token") == name })
	if i < 0 {
		d.doc.ADE = append(d.doc.ADE, t)
		return
	}
	d.merge(&d.doc.ADE[i], t)
}

// merge adds a second entry of the same token.
func (d *decoder) merge(into *Token, more Token) {
	for _, path := range more.Entry.Values.Paths() {
		v := more.Entry.Values[path]
		if old, ok := into.Entry.Values[path]; ok && !enroll.Same(old, v) {
			d.refuse(more.Entry.Where(path), path, "keep one of the two", "%s differs from that of the same token at %s", path, into.Entry.Where(path))
			continue
		} else if !ok {
			into.Entry.Values[path], into.Entry.At[path] = v, more.Entry.Where(path)
		}
	}
	into.Profiles = append(into.Profiles, more.Profiles...)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
