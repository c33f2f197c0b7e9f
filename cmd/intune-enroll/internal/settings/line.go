package settings

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// whole stands for no context: the settings file itself.
const whole = -1

// lineOf is where something stands in the settings file, as file:line: the key of
// a context, or the context where it has no such key. viper gives no positions,
// so the file is read again; what is not found there is the file alone.
func lineOf(path string, context int, key string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return path
	}
	file, err := parser.ParseBytes(raw, 0)
	if err != nil || len(file.Docs) == 0 {
		return path
	}
	body, at := file.Docs[0].Body, ast.Node(nil)
	if context != whole {
		list, ok := valueOf(body, "contexts").(*ast.SequenceNode)
		if !ok || context >= len(list.Values) {
			return path
		}
		body = list.Values[context]
		at = body
	}
	if value := keyed(body, key); value != nil {
		at = value.Key
	}
	if at == nil {
		return path
	}
	return fmt.Sprintf("%s:%d", path, at.GetToken().Position.Line)
}

// keyed is the entry of a key, in whatever case.
func keyed(n ast.Node, key string) *ast.MappingValueNode {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		return nil
	}
	for _, v := range mapping.Values {
		if strings.EqualFold(strings.Trim(v.Key.String(), `"'`), key) {
			return v
		}
	}
	return nil
}

func valueOf(n ast.Node, key string) ast.Node {
	if v := keyed(n, key); v != nil {
		return v.Value
	}
	return nil
}
