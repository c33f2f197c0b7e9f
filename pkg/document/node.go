package document

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// shape is what a YAML value is, before anybody asks what it should be.
type shape int

const (
	null shape = iota
	flag
	number
	text
	list
	mapping
)

func (s shape) String() string {
	return [...]string{"nothing", "a truth value", "a number", "a text", "a list", "a mapping"}[s]
}

// node is one YAML value with aliases followed.
type node struct {
	shape shape
	at    enroll.Origin
	text  string // of flag, number and text; flags and numbers as written
	flow  bool   // list or mapping in brackets, which begins on its key's line
	pairs []pair
	items []node
}

type pair struct {
	key   string
	at    enroll.Origin
	value node
}

// Limits of what one file may hold. The parser's time grows with the square of
// the keys of a mapping, and nested values cost it stack.
const (
	maxKeys     = 20_000 // keys of mappings
	maxDepth    = 32     // values inside values
	maxAnchors  = 100
	maxExpanded = 10_000 // values that aliases repeat
)

// converter turns the parser's tree into nodes. It stops at the first problem.
type converter struct {
	file     string
	anchors  map[string]ast.Node
	open     map[string]bool // anchors being followed
	expanded int
	inAlias  int
}

func (c *converter) origin(n ast.Node) enroll.Origin {
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return enroll.Origin{File: c.file}
	}
	return enroll.Origin{File: c.file, Line: t.Position.Line, Col: max(t.Position.Column, 1)}
}

func (c *converter) node(n ast.Node, depth int) (node, *enroll.Finding) {
	if n == nil {
		return node{}, nil
	}
	at := c.origin(n)
	if depth > maxDepth {
		return node{}, refusal(at, "", "values are nested more than %d deep", maxDepth)
	}
	if c.inAlias > 0 {
		if c.expanded++; c.expanded > maxExpanded {
			return node{}, refusal(at, "write the repeated part out", "aliases repeat more than %d values", maxExpanded)
		}
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return node{at: at}, nil
	case *ast.BoolNode:
		return node{shape: flag, at: at, text: n.Token.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return node{shape: number, at: at, text: n.GetToken().Value}, nil
	case *ast.StringNode:
		return node{shape: text, at: at, text: n.Value}, nil
	case *ast.LiteralNode:
		return node{shape: text, at: at, text: n.Value.Value}, nil
	case *ast.SequenceNode:
		return c.list(n, at, depth)
	case *ast.MappingNode:
		return c.mapping(n.Values, at, n.IsFlowStyle, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, at, false, depth)
	case *ast.AnchorNode:
		return c.anchor(n, at, depth)
	case *ast.AliasNode:
		return c.alias(n, at, depth)
	case *ast.TagNode:
		return node{}, refusal(at, "put a text that looks like something else in quotes", "tags such as %s are not used in this file", quote(n.Start.Value))
	default:
		return node{}, refusal(at, "", "this form of YAML is not used in this file")
	}
}

func (c *converter) list(n *ast.SequenceNode, at enroll.Origin, depth int) (node, *enroll.Finding) {
	out := node{shape: list, at: at, flow: n.IsFlowStyle, items: make([]node, 0, len(n.Values))}
	for _, v := range n.Values {
		item, bad := c.node(v, depth+1)
		if bad != nil {
			return node{}, bad
		}
		if item.at.Line == 0 {
			item.at = at
		}
		out.items = append(out.items, item)
	}
	return out, nil
}

func (c *converter) mapping(values []*ast.MappingValueNode, at enroll.Origin, flow bool, depth int) (node, *enroll.Finding) {
	out := node{shape: mapping, at: at, flow: flow, pairs: make([]pair, 0, len(values))}
	for _, v := range values {
		key, bad := c.key(v.Key)
		if bad != nil {
			return node{}, bad
		}
		if key.value, bad = c.node(v.Value, depth+1); bad != nil {
			return node{}, bad
		}
		if key.value.shape == null {
			key.value.at = key.at
		}
		out.pairs = append(out.pairs, key)
	}
	if !flow && len(out.pairs) > 0 {
		out.at = out.pairs[0].at
	}
	return out, nil
}

func (c *converter) key(k ast.MapKeyNode) (pair, *enroll.Finding) {
	switch k := k.(type) {
	case *ast.StringNode:
		return pair{key: k.Value, at: c.origin(k)}, nil
	case *ast.MergeKeyNode:
		return pair{}, refusal(c.origin(k), "write the keys out, or use an alias for a whole value", "merge keys (<<) are not used in this file")
	case ast.Node:
		return pair{}, refusal(c.origin(k), "", "a key is a plain word such as name or profiles")
	default:
		return pair{}, refusal(enroll.Origin{File: c.file}, "", "a key is a plain word such as name or profiles")
	}
}

func (c *converter) anchor(n *ast.AnchorNode, at enroll.Origin, depth int) (node, *enroll.Finding) {
	name := n.Name.GetToken().Value
	if c.inAlias == 0 {
		if len(c.anchors) >= maxAnchors {
			return node{}, refusal(at, "", "more than %d anchors", maxAnchors)
		}
		if _, twice := c.anchors[name]; twice {
			return node{}, refusal(at, "", "anchor &%s stands twice", escape(name))
		}
	}
	c.open[name] = true
	out, bad := c.node(n.Value, depth+1)
	delete(c.open, name)
	c.anchors[name] = n.Value
	return out, bad
}

func (c *converter) alias(n *ast.AliasNode, at enroll.Origin, depth int) (node, *enroll.Finding) {
	name := n.Value.GetToken().Value
	target, known := c.anchors[name]
	if !known || c.open[name] {
		return node{}, refusal(at, "", "alias *%s has no anchor &%s before it", escape(name), escape(name))
	}
	c.inAlias++
	c.open[name] = true
	out, bad := c.node(target, depth+1)
	delete(c.open, name)
	c.inAlias--
	return out, bad
}
