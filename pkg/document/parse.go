package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// FileRule is the rule id of findings about the form of a file: not YAML, an
// unknown key, a value of the wrong type, a list of serials that cannot be read.
const FileRule = "FILE"

func refusal(at enroll.Origin, fix, format string, args ...any) *enroll.Finding {
	return &enroll.Finding{Rule: FileRule, Severity: enroll.Error, Message: fmt.Sprintf(format, args...), Fix: fix, Origin: at}
}

const startWith = `write at least "apiVersion: ` + APIVersion + `" and one of groups, ade, configurator, byod, companyPortal`

// parse turns one file into its top mapping.
func parse(s Source) (node, *enroll.Finding) {
	data, bad := clean(s)
	if bad != nil {
		return node{}, bad
	}
	tokens := lexer.Tokenize(string(data))
	if bad := bounded(s.Name, tokens); bad != nil {
		return node{}, bad
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return node{}, syntax(s.Name, data, err)
	}
	body, bad := single(s.Name, file)
	if bad != nil {
		return node{}, bad
	}
	c := converter{file: s.Name, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	top, bad := c.node(body, 0)
	switch {
	case bad != nil:
		return node{}, bad
	case top.shape == null:
		return node{}, refusal(enroll.Origin{File: s.Name, Line: 1, Col: 1}, startWith, "the file is empty")
	case top.shape != mapping:
		return node{}, refusal(top.at, startWith, "the file is %s, it should be a mapping of keys to values", top.shape)
	}
	return top, nil
}

// clean is the text with line feeds only and without a byte order mark. It
// refuses what is not UTF-8 and control characters, which YAML does not allow either.
func clean(s Source) ([]byte, *enroll.Finding) {
	if bytes.HasPrefix(s.Data, []byte{0xff, 0xfe}) || bytes.HasPrefix(s.Data, []byte{0xfe, 0xff}) {
		return nil, refusal(enroll.Origin{File: s.Name, Line: 1, Col: 1}, "save it as UTF-8", "the file is UTF-16")
	}
	data := bytes.ReplaceAll(bytes.TrimPrefix(s.Data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	line, col := 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		at := enroll.Origin{File: s.Name, Line: line, Col: col}
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, refusal(at, "save it as UTF-8", "the file is not UTF-8")
		case r == '\n':
			line, col = line+1, 0
		case r == '\r':
			return nil, refusal(at, "save it with line feeds (LF or CRLF)", "a carriage return stands alone")
		case r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfeff):
			return nil, refusal(at, "delete it", "control character U+%04X", r)
		}
		col++
		i += size
	}
	return data, nil
}

// bounded refuses what would cost the parser too much time or stack.
func bounded(name string, tokens token.Tokens) *enroll.Finding {
	keys, flow, entries, line := 0, 0, 0, 0
	for _, t := range tokens {
		at := enroll.Origin{File: name, Line: t.Position.Line, Col: max(t.Position.Column, 1)}
		if at.Line != line {
			line, entries = at.Line, 0
		}
		switch t.Type {
		case token.MappingValueType:
			keys++
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		case token.SequenceEntryType, token.AnchorType, token.TagType:
			entries++
		case token.MappingKeyType:
			return refusal(at, "", "complex keys (?) are not used in this file")
		default:
		}
		switch {
		case keys > maxKeys:
			return refusal(at, "split the file", "more than %d keys in one file", maxKeys)
		case flow > maxDepth || entries > maxDepth || t.Position.IndentNum > 8*maxDepth:
			return refusal(at, "", "values are nested more than %d deep", maxDepth)
		}
	}
	return nil
}

func syntax(name string, data []byte, err error) *enroll.Finding {
	at, message, fix := enroll.Origin{File: name, Line: 1, Col: 1}, "not YAML", ""
	if e, ok := errors.AsType[yaml.Error](err); ok {
		message = "not YAML: " + escape(e.GetMessage())
		if t := e.GetToken(); t != nil && t.Position != nil {
			at.Line, at.Col = t.Position.Line, max(t.Position.Column, 1)
		}
		// The parser then points at the key after the tab.
		if strings.HasPrefix(e.GetMessage(), "tab character") {
			fix = "put spaces in place of tabs"
			lines := bytes.Split(data, []byte("\n"))
			if before, _, found := bytes.Cut(lines[min(max(at.Line, 1), len(lines))-1], []byte("\t")); found {
				at.Col = utf8.RuneCount(before) + 1
			}
		}
	}
	return refusal(at, fix, "%s", message)
}

// single is the body of the one YAML document in the file.
func single(name string, file *ast.File) (ast.Node, *enroll.Finding) {
	var body ast.Node
	for i, d := range file.Docs {
		if dir, ok := d.Body.(*ast.DirectiveNode); ok {
			t := dir.GetToken()
			return nil, refusal(enroll.Origin{File: name, Line: t.Position.Line, Col: t.Position.Column}, "delete the line", "YAML directives (%%) are not used in this file")
		}
		if i > 0 {
			at := enroll.Origin{File: name, Line: 1, Col: 1}
			if d.Start != nil {
				at.Line, at.Col = d.Start.Position.Line, d.Start.Position.Column
			}
			return nil, refusal(at, "put the second one in a file of its own and give both with -f", "a second YAML document begins here (---)")
		}
		body = d.Body
	}
	return body, nil
}
